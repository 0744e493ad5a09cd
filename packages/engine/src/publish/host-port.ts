// The ports of the host as an engine hands them out: each address and protocol has its own, and every range that was
// asked for is gone through in turn, so that a port just given back is not the next one to be given.

import type { EngineCore } from '../core.js';
import { refuse, type Refusal } from '../refusal.js';
import type { EngineTables } from '../tables.js';

/** net.ipv4.ip_local_port_range, where ports come from that nobody chose. */
const EPHEMERAL = { first: 32768, last: 60999 } as const;

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Key of what is in use at one address of the host. */
export function portSpace(address: string, protocol: string): string {
  return `${address}/${protocol}`;
}

/** Key of where a range has got to. */
export function rangeKey(address: string, protocol: string, range: PortRange): string {
  return `${portSpace(address, protocol)}/${range.first}-${range.last}`;
}

/** Takes the port, or the next free one of the range (0 to 0: of the ephemeral ones). */
export function takeHostPort(core: EngineCore, address: string, protocol: string, range: PortRange): number | Refusal {
  const { tables } = core;
  if (range.first > 0 && range.first === range.last) {
    if (isTaken(tables, address, protocol, range.first)) {
      return refuse('System', `Bind for ${address}:${range.first} failed: port is already allocated`);
    }
    core.emit({ type: 'HostPortTaken', address, protocol, port: range.first, first: 0, last: 0 });
    return range.first;
  }
  const { first, last } = range.first === 0 && range.last === 0 ? EPHEMERAL : range;
  const count = last - first + 1;
  const before = tables.lastHostPorts.get(rangeKey(address, protocol, { first, last })) ?? last;
  for (let step = 1; step <= count; step++) {
    const port = first + ((before - first + step) % count);
    if (isTaken(tables, address, protocol, port)) continue;
    core.emit({ type: 'HostPortTaken', address, protocol, port, first, last });
    return port;
  }
  return refuse('System', 'all ports are allocated');
}

function isTaken(tables: EngineTables, address: string, protocol: string, port: number): boolean {
  return tables.hostPorts.get(portSpace(address, protocol))?.has(port) === true;
}
