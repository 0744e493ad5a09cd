// A bus that does what a bus may do: loses, repeats and delays messages, as its seed says. For tests of those who
// listen.

import { assert, RandomStream } from '@netreel/sim';
import type { Bus, BusHandler, Subscription } from './bus.js';

export interface Losses {
  readonly seed: number;
  /** In percent of all messages. */
  readonly dropPercent: number;
  readonly duplicatePercent: number;
  /** A delayed message is sent after up to `delayMessages` later ones. */
  readonly delayPercent: number;
  readonly delayMessages?: number;
}

export interface LossCounts {
  published: number;
  dropped: number;
  duplicated: number;
  delayed: number;
}

export interface LossyBus extends Bus {
  readonly counts: Readonly<LossCounts>;
}

/** `bus` with losses on the way out. */
export function lossyBus(bus: Bus, losses: Losses): LossyBus {
  return new UnreliableBus(bus, losses);
}

interface Held {
  readonly subject: string;
  readonly bytes: Uint8Array;
  /** Later messages still to be let past. */
  left: number;
}

class UnreliableBus implements LossyBus {
  readonly counts: LossCounts = { published: 0, dropped: 0, duplicated: 0, delayed: 0 };
  private readonly draws: RandomStream;
  private held: Held[] = [];

  constructor(private readonly bus: Bus, private readonly losses: Losses) {
    assert(losses.dropPercent + losses.duplicatePercent + losses.delayPercent <= 100, 'more fates than messages');
    this.draws = new RandomStream(losses.seed, 'bus');
  }

  publish(subject: string, bytes: Uint8Array): void {
    const { dropPercent, duplicatePercent, delayPercent, delayMessages = 8 } = this.losses;
    const fate = this.draws.below(100);
    const left = this.draws.below(delayMessages) + 1;
    this.counts.published++;
    if (fate < dropPercent) {
      this.counts.dropped++;
    } else if (fate < dropPercent + duplicatePercent) {
      this.counts.duplicated++;
      this.bus.publish(subject, bytes);
      this.hold(subject, bytes, left);
    } else if (fate < dropPercent + duplicatePercent + delayPercent) {
      this.counts.delayed++;
      this.hold(subject, bytes, left);
    } else {
      this.bus.publish(subject, bytes);
    }
    this.letGo();
  }

  subscribe(pattern: string, handler: BusHandler): Subscription {
    return this.bus.subscribe(pattern, handler);
  }

  /** Sends what is held back as well: a flush ends every delay. */
  async flush(): Promise<void> {
    for (const message of this.held) message.left = 0;
    this.letGo();
    await this.bus.flush();
  }

  close(): Promise<void> {
    this.held = [];
    return this.bus.close();
  }

  private hold(subject: string, bytes: Uint8Array, left: number): void {
    // One more than drawn: the publication that holds it counts down at once.
    this.held.push({ subject, bytes: new Uint8Array(bytes), left: left + 1 });
  }

  private letGo(): void {
    const due = this.held.filter((message) => --message.left <= 0);
    if (due.length === 0) return;
    this.held = this.held.filter((message) => message.left > 0);
    for (const { subject, bytes } of due) this.bus.publish(subject, bytes);
  }
}
