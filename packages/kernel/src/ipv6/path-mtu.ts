// What fits on the way to a destination, as routers said. RFC 8201.

import { MINUTE, type SimTime } from '@netreel/sim';
import { IPV6_MTU_LEAST, type Ipv6 } from '@netreel/wire';
import type { KernelCore } from '../contract.js';

/** RFC 8201 section 4: ten minutes before a larger size may be tried again. */
const AGE_NS = 10 * MINUTE;
const KNOWN_MAX = 1024;

interface Learnt { readonly mtu: number; readonly until: SimTime }

export class PathMtus {
  private readonly learnt = new Map<Ipv6, Learnt>();

  constructor(private readonly core: KernelCore) {}

  /** What fits to `target` over a link of `linkMtu`. */
  of(target: Ipv6, linkMtu: number): number {
    const known = this.learnt.get(target);
    if (known === undefined) return linkMtu;
    if (known.until > this.core.port.now()) return known.mtu < linkMtu ? known.mtu : linkMtu;
    this.learnt.delete(target);
    return linkMtu;
  }

  /** RFC 8201 section 4: never below the least MTU, and never larger than what is known. */
  learn(target: Ipv6, said: number, known: number): void {
    const mtu = said < IPV6_MTU_LEAST ? IPV6_MTU_LEAST : said;
    if (mtu >= known) return;
    if (this.learnt.size >= KNOWN_MAX) this.learnt.clear();
    this.learnt.set(target, { mtu, until: this.core.port.now() + AGE_NS });
  }
}
