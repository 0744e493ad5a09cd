// `-p` and `--expose`: what is published and exposed.

import type { Json } from '@netreel/sim';
import { jsonRecord } from '../../json.js';
import { readAddress } from '../../network/address.js';
import { refuse } from '../../refusal.js';
import { goQuote } from '../../template/number.js';

/** Port ranges and bindings by `80/tcp`, as the API has them. */
export interface TypedPorts {
  readonly exposed: Json;
  readonly bindings: Json;
}

interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Reads the values of `-p` and `--expose`. */
export function readPorts(published: readonly string[], exposed: readonly string[]): TypedPorts {
  const bindings = new Map<string, Json[]>();
  for (const text of published) publish(text.includes('=') ? fromLongForm(text) : text, bindings);
  const ports = new Set(bindings.keys());
  for (const text of exposed) expose(text, ports);
  const byName = <T>([a]: readonly [string, T], [b]: readonly [string, T]): number => (a < b ? -1 : 1);
  return {
    exposed: jsonRecord([...ports].map((port) => [port, {}] as const).sort(byName)),
    bindings: jsonRecord([...bindings].sort(byName)),
  };
}

/** `[[ADDRESS:]HOST:]CONTAINER[/PROTOCOL]`. */
function publish(text: string, bindings: Map<string, Json[]>): void {
  const { address, host, container } = splitPublished(text);
  const slash = container.lastIndexOf('/');
  const port = slash < 0 ? container : container.slice(0, slash);
  const protocol = (slash < 0 ? 'tcp' : container.slice(slash + 1)).toLowerCase();
  if (address !== '' && readAddress(address) === undefined) refuse(`invalid IP address: ${address}`);
  if (port === '') refuse(`no port specified: ${text}<empty>`);
  const inside = readRange(port) ?? refuse(`invalid containerPort: ${port}`);
  const outside = host === '' ? undefined : readRange(host) ?? refuse(`invalid hostPort: ${host}`);
  const spread = inside.last - inside.first;
  if (outside !== undefined && outside.last - outside.first !== spread && spread !== 0) {
    refuse(`invalid ranges specified for container and host Ports: ${port} and ${host}`);
  }
  if (!['tcp', 'udp', 'sctp'].includes(protocol)) refuse(`invalid proto: ${protocol}`);
  for (let step = 0; step <= spread; step++) {
    const key = `${inside.first + step}/${protocol}`;
    const list = bindings.get(key) ?? [];
    list.push({ HostIp: address, HostPort: hostPort(outside, spread, step) });
    bindings.set(key, list);
  }
}

/** A range of host ports for one container port is left to the engine, which takes a free one of it. */
function hostPort(outside: PortRange | undefined, spread: number, step: number): string {
  if (outside === undefined) return '';
  if (spread === 0 && outside.last !== outside.first) return `${outside.first}-${outside.last}`;
  return String(outside.first + step);
}

function splitPublished(text: string): { address: string; host: string; container: string } {
  const parts = text.split(':');
  const container = parts.pop()!;
  const host = parts.pop() ?? '';
  return { address: parts.join(':').replace(/^\[(.*)\]$/, '$1'), host, container };
}

/** `published=8080,target=80,protocol=udp`. */
function fromLongForm(text: string): string {
  const values = new Map([['protocol', 'tcp'], ['published', ''], ['target', '']]);
  for (const part of text.split(',')) {
    const at = part.indexOf('=');
    if (at <= 0) refuse(`invalid publish opts format (should be name=value but got '${part}')`);
    values.set(part.slice(0, at), part.slice(at + 1));
  }
  return `${values.get('published')}:${values.get('target')}/${values.get('protocol')}`;
}

function expose(text: string, ports: Set<string>): void {
  if (text.includes(':')) refuse(`invalid port format for --expose: ${text}`);
  const [port = '', protocol = 'tcp'] = text.split('/') as [string, string?];
  const range = readRange(port);
  if (range === undefined) {
    const wrong = port.split('-').find((each) => portNumber(each) === undefined) ?? port;
    const problem = port === '' ? 'empty string specified for ports'
      : /^\d+$/.test(wrong) ? `strconv.ParseUint: parsing ${goQuote(wrong)}: value out of range`
        : /^\d+-\d+$/.test(port) ? `invalid range specified for port: ${port}`
          : `strconv.ParseUint: parsing ${goQuote(wrong)}: invalid syntax`;
    refuse(`invalid range format for --expose: ${text}, error: ${problem}`);
  }
  for (let number = range.first; number <= range.last; number++) ports.add(`${number}/${protocol.toLowerCase()}`);
}

function readRange(text: string): PortRange | undefined {
  const [one = '', other = one] = text.split('-') as [string, string?];
  const [first, last] = [portNumber(one), portNumber(other)];
  if (first === undefined || last === undefined || last < first) return undefined;
  return { first, last };
}

function portNumber(text: string): number | undefined {
  return /^\d+$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined;
}
