// Published ports: the PORTS column of `docker ps`, and `docker port`.

import type { Json } from '@netreel/sim';
import { between, type Command } from '../command.js';
import { command } from '../daemon.js';
import { noFlags } from '../flags/declare.js';
import { dig, listOf, numberOf, recordOf, textOf } from '../json.js';
import { refuse } from '../refusal.js';
import { naturalOrder } from '../table/words.js';
import { goQuote } from '../template/number.js';

interface Port {
  readonly address: string;
  readonly inside: number;
  readonly outside: number;
  readonly protocol: string;
}

interface Run {
  readonly first: number;
  last: number;
}

/** `0.0.0.0:80->80/tcp, 443/tcp`: neighbours join into a range where the numbers inside and outside are the same. */
export function portsText(ports: Json | undefined): string {
  const runs = new Map<string, Run>();
  const finished: string[] = [];
  const mapped: string[] = [];
  for (const port of listOf(ports).map(portOf).sort(byNumber)) {
    if (port.address !== '' && port.outside !== port.inside) {
      mapped.push(`${hostPort(port.address, String(port.outside))}->${port.inside}/${port.protocol}`);
      continue;
    }
    const key = port.address === '' ? port.protocol : `${port.address}/${port.protocol}`;
    const run = runs.get(key);
    if (run !== undefined && run.last + 1 === port.inside) {
      run.last = port.inside;
      continue;
    }
    if (run !== undefined) finished.push(runText(key, run));
    runs.set(key, { first: port.inside, last: port.inside });
  }
  return [...finished, ...[...runs].map(([key, run]) => runText(key, run)), ...mapped].join(', ');
}

function portOf(json: Json): Port {
  return {
    address: textOf(dig(json, 'IP')), inside: numberOf(dig(json, 'PrivatePort')),
      outside: numberOf(dig(json, 'PublicPort')),
    protocol: textOf(dig(json, 'Type')),
  };
}

function byNumber(a: Port, b: Port): number {
  if (a.inside !== b.inside) return a.inside - b.inside;
  if (a.address !== b.address) return a.address < b.address ? -1 : 1;
  if (a.outside !== b.outside) return a.outside - b.outside;
  return a.protocol < b.protocol ? -1 : a.protocol > b.protocol ? 1 : 0;
}

function runText(key: string, run: Run): string {
  const range = run.first === run.last ? String(run.first) : `${run.first}-${run.last}`;
  const slash = key.indexOf('/');
  if (slash < 0) return `${range}/${key}`;
  return `${hostPort(key.slice(0, slash), range)}->${range}${key.slice(slash)}`;
}

function hostPort(address: string, port: string): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

export const containerPort: Command = {
  paths: ['container port', 'port'],
  usage: 'CONTAINER [PRIVATE_PORT[/PROTO]]',
  about: 'List port mappings or a specific mapping for the container',
  flags: noFlags,
  words: between(1, 2),
  *run({ words, output }) {
    const [container, wanted] = words as [string, string?];
    const { body } = yield* command('GET', `/containers/${container}/json`);
    const ports = recordOf(dig(body, 'NetworkSettings', 'Ports'));
    const outside = (key: string): readonly string[] => listOf(ports[key])
      .map((binding) => hostPort(textOf(dig(binding, 'HostIp')), textOf(dig(binding, 'HostPort'))));
    if (wanted === undefined) {
      const lines = Object.keys(ports).flatMap((key) => outside(key).map((each) => `${key} -> ${each}`));
      for (const line of lines.sort(naturalOrder)) output.line(line);
      return 0;
    }
    const [number = '', protocol = 'tcp'] = wanted.split('/') as [string, string?];
    if (!/^\d+$/.test(number)) refuse(
      `Error: invalid port (${number}): strconv.ParseUint: parsing ${goQuote(number)}: invalid syntax`);
    if (Number(number) > 65_535) {
      refuse(`Error: invalid port (${number}): strconv.ParseUint: parsing ${goQuote(number)}: value out of range`);
    }
    const found = outside(`${Number(number)}/${protocol}`);
    if (found.length === 0) refuse(`Error: No public port '${wanted}' published for ${container}`);
    for (const line of [...found].sort(naturalOrder)) output.line(line);
    return 0;
  },
};
