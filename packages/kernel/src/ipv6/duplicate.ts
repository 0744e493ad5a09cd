// Whether a new address is somebody else's already. RFC 4862 section 5.4: one solicitation after a moment of chance,
// and a second of silence. As in Linux, dad_transmits is 1.

import { MILLISECOND, SECOND, type Handler, type RandomStream, type Ticket } from '@netreel/sim';
import type { Ipv6 } from '@netreel/wire';
import type { KernelCore } from '../contract.js';
import type { LinkRow } from '../tables.js';
import type { NeighbourDiscovery } from './discovery.js';

/** MAX_RTR_SOLICITATION_DELAY of RFC 4861 section 10. */
const DELAY_MOST_MS = 1000;
const RETRANSMIT_NS = SECOND;

interface Attempt { readonly link: LinkRow; readonly address: Ipv6; asked: boolean; ticket: Ticket | undefined }

export class DuplicateDetection {
  private readonly attempts = new Map<string, Attempt>();
  private readonly random: RandomStream;
  private readonly timer: Handler<Attempt> = { fire: (attempt) => this.due(attempt) };

  constructor(private readonly core: KernelCore, netns: string, private readonly discovery: NeighbourDiscovery) {
    this.random = core.port.random(`dad/${netns}`);
  }

  /** Begins for every tentative address of a link that works, and ends where there is none any more. */
  linkChanged(link: LinkRow): void {
    for (const [key, attempt] of [...this.attempts]) {
      if (attempt.link === link && !isTentative(attempt)) this.cancel(key, attempt);
    }
    if (!link.up || !link.carrier) return;
    for (const { address, state, nodad } of link.addresses6) {
      const key = `${link.index} ${address}`;
      if (state !== 'tentative' || nodad || this.attempts.has(key)) continue;
      const attempt: Attempt = { link, address, asked: false, ticket: undefined };
      this.attempts.set(key, attempt);
      this.arm(attempt, this.random.below(DELAY_MOST_MS) * MILLISECOND);
    }
  }

  /** Somebody else has it or wants it: nobody here will use it. */
  taken(link: LinkRow, address: Ipv6): void {
    const key = `${link.index} ${address}`;
    const attempt = this.attempts.get(key);
    if (attempt !== undefined) this.cancel(key, attempt);
    this.core.port.emit({ type: 'Address6Changed', link: link.index, address, state: 'duplicate' });
  }

  close(): void {
    for (const [key, attempt] of [...this.attempts]) this.cancel(key, attempt);
  }

  private due(attempt: Attempt): void {
    attempt.ticket = undefined;
    const { link, address } = attempt;
    const device = this.core.device(link.index);
    const key = `${link.index} ${address}`;
    if (!isTentative(attempt) || device === undefined) return this.cancel(key, attempt);
    if (!attempt.asked) {
      attempt.asked = true;
      this.arm(attempt, RETRANSMIT_NS);
      return this.discovery.probe(link, device, address);
    }
    this.attempts.delete(key);
    this.core.port.emit({ type: 'Address6Changed', link: link.index, address, state: 'preferred' });
  }

  private arm(attempt: Attempt, afterNs: number): void {
    attempt.ticket = this.core.port.schedule(this.core.port.now() + afterNs, this.timer, attempt);
  }

  private cancel(key: string, attempt: Attempt): void {
    if (attempt.ticket !== undefined) this.core.port.cancel(attempt.ticket);
    this.attempts.delete(key);
  }
}

function isTentative({ link, address }: Attempt): boolean {
  return link.up && link.addresses6.some((held) => held.address === address && held.state === 'tentative');
}
