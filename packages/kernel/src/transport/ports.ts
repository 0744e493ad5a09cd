// Who has which port. RFC 6335 section 6 (ranges), RFC 6056 section 3.3.1 (a random first choice, then one after
// the other).

import type { RandomStream } from '@netreel/sim';
import type { Ipv4 } from '@netreel/wire';

/** net.ipv4.ip_local_port_range. */
const EPHEMERAL_FIRST = 32768;
const EPHEMERAL_LAST = 60999;

/** Whoever can have a port. */
export interface PortHolder {
  /** 0: every address of the namespace. */
  readonly localAddress: Ipv4;
}

/** The ports of one protocol in one namespace. */
export class Ports<Holder extends PortHolder> {
  /** Holders of one port differ in their address; in the order in which they came. */
  private readonly holders = new Map<number, Holder[]>();

  constructor(private readonly random: RandomStream) {}

  /** Everybody who has `port`, for the demultiplexer; undefined when it is free. */
  at(port: number): readonly Holder[] | undefined {
    return this.holders.get(port);
  }

  /** Whether `address` can be had at `port`: nobody has it, neither by itself nor among all addresses. */
  isFree(address: Ipv4, port: number): boolean {
    const held = this.holders.get(port);
    if (held === undefined) return true;
    return address !== 0 && held.every((holder) => holder.localAddress !== 0 && holder.localAddress !== address);
  }

  /** A free ephemeral port; undefined when all are taken. */
  ephemeral(address: Ipv4): number | undefined {
    const count = EPHEMERAL_LAST - EPHEMERAL_FIRST + 1;
    const first = this.random.below(count);
    for (let step = 0; step < count; step++) {
      const port = EPHEMERAL_FIRST + ((first + step) % count);
      if (this.isFree(address, port)) return port;
    }
    return undefined;
  }

  add(port: number, holder: Holder): void {
    const held = this.holders.get(port);
    if (held === undefined) this.holders.set(port, [holder]);
    else held.push(holder);
  }

  remove(port: number, holder: Holder): void {
    const held = this.holders.get(port);
    if (held === undefined) return;
    const at = held.indexOf(holder);
    if (at >= 0) held.splice(at, 1);
    if (held.length === 0) this.holders.delete(port);
  }
}
