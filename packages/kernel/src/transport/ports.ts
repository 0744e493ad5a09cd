// Who has which port. RFC 6335 section 6 (ranges), RFC 6056 section 3.3.1 (a random first choice, then one after
// the other).

import type { RandomStream } from '@netreel/sim';
import { IPV6_UNSPECIFIED, type Address } from '@netreel/wire';

/** net.ipv4.ip_local_port_range. */
const EPHEMERAL_FIRST = 32768;
const EPHEMERAL_LAST = 60999;
const EVERY = IPV6_UNSPECIFIED;

/** Whoever can have a port. */
export interface PortHolder {
  /** 0: every IPv4 address of the namespace; `::`: every address, or every IPv6 one. */
  readonly localAddress: Address;
  /** IPV6_V6ONLY: `::` does not stand for IPv4 addresses. */
  readonly v6only: boolean;
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
  isFree(address: Address, port: number, v6only = false): boolean {
    const held = this.holders.get(port);
    return held === undefined || held.every((holder) => !conflicts(holder, address, v6only));
  }

  /** A free ephemeral port; undefined when all are taken. */
  ephemeral(address: Address, v6only = false): number | undefined {
    const count = EPHEMERAL_LAST - EPHEMERAL_FIRST + 1;
    const first = this.random.below(count);
    for (let step = 0; step < count; step++) {
      const port = EPHEMERAL_FIRST + ((first + step) % count);
      if (this.isFree(address, port, v6only)) return port;
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

function conflicts(holder: PortHolder, address: Address, v6only: boolean): boolean {
  const held = holder.localAddress;
  if (held === address) return true;
  if (typeof held === 'number' && typeof address === 'number') return held === 0 || address === 0;
  if (typeof held === 'string' && typeof address === 'string') return held === EVERY || address === EVERY;
  return held === EVERY ? !holder.v6only : address === EVERY && !v6only;
}

/** Whether a holder of some port takes what comes to `target`. */
export function takes(holder: PortHolder, target: Address): boolean {
  const { localAddress } = holder;
  if (localAddress === target) return true;
  if (typeof target === 'number') return localAddress === 0 || (localAddress === EVERY && !holder.v6only);
  return localAddress === EVERY;
}

/** Whether a holder has no address of its own. */
export function takesEvery({ localAddress }: PortHolder): boolean {
  return localAddress === 0 || localAddress === EVERY;
}

/** Whether a holder speaks IPv4 as well as IPv6. */
export function speaksBoth({ localAddress, v6only }: PortHolder): boolean {
  return localAddress === EVERY && !v6only;
}
