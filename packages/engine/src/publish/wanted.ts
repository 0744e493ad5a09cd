// What a container asks to have published, in the order in which Docker asks the host for it.

import type { ContainerSpec } from '../container/spec.js';

/** One binding as asked for. */
export interface WantedPort {
  /** In the container. */
  readonly port: number;
  readonly protocol: string;
  /** Empty: every address of the host. */
  readonly hostAddress: string;
  /** 0 and 0: any of the ephemeral ports. */
  readonly first: number;
  readonly last: number;
}

interface Entry {
  readonly port: number;
  readonly protocol: string;
  readonly hostAddress: string;
  readonly hostPort: string;
  readonly published: boolean;
}

/**
 * All bindings of a container: the highest host port first, then the highest port inside. So of two ports whose host
 * ports are left open the higher one is served first.
 */
export function wantedPorts(spec: ContainerSpec): readonly WantedPort[] {
  const entries: Entry[] = [];
  for (const exposed of spec.exposedPorts) {
    const { port, protocol } = readPort(exposed);
    const bindings = spec.host.portBindings[exposed] ?? [];
    for (const { hostIp, hostPort } of bindings) {
      entries.push({ port, protocol, hostAddress: hostIp, hostPort, published: true });
    }
    if (bindings.length > 0) continue;
    entries.push({ port, protocol, hostAddress: '', hostPort: '', published: spec.host.publishAllPorts });
  }
  // The order that Docker compares by is none (of equal TCP ports each comes before the other), so the way of sorting
  // is part of what it does: insertion, from the front.
  for (let next = 1; next < entries.length; next++) {
    for (let at = next; at > 0 && comesBefore(entries[at]!, entries[at - 1]!); at--) {
      [entries[at - 1], entries[at]] = [entries[at]!, entries[at - 1]!];
    }
  }
  return gathered(entries).map(({ port, protocol, hostAddress, hostPort }) =>
    ({ port, protocol, hostAddress, ...hostRange(hostPort) }));
}

/** `80/tcp` in its parts. */
export function readPort(text: string): { readonly port: number; readonly protocol: string } {
  const [port = '0', protocol = 'tcp'] = text.split('/');
  return { port: Number(port), protocol };
}

/** All bindings of one port stand together, where its first one stands. */
function gathered(entries: readonly Entry[]): readonly Entry[] {
  const byPort = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = `${entry.port}/${entry.protocol}`;
    const list = byPort.get(key);
    if (list === undefined) byPort.set(key, [entry]);
    else list.push(entry);
  }
  return [...byPort.values()].flat().filter((entry) => entry.published);
}

function comesBefore(a: Entry, b: Entry): boolean {
  const [outsideA, outsideB] = [hostRange(a.hostPort).first, hostRange(b.hostPort).first];
  return outsideA > outsideB || a.port > b.port || (a.port === b.port && a.protocol === 'tcp');
}

/** A port, a range, or nothing. */
function hostRange(text: string): { readonly first: number; readonly last: number } {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (match === null) return { first: 0, last: 0 };
  const first = Number(match[1]);
  return { first, last: match[2] === undefined ? first : Number(match[2]) };
}
