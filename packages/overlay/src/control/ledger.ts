// The leader's pen: one transaction after the other. Each is decided on tables that hold all before it, proposed to the
// other managers, and only once it is settled comes the next. A manager that is alone settles at once.

import type { Json } from '@netreel/sim';
import type { StoreEvent } from '../events.js';

/** Decides on the tables as they are now: which changes follow. */
export type Transaction = () => readonly StoreEvent[];

interface Waiting {
  readonly decide: Transaction;
  readonly settled: () => void;
}

export class Ledger {
  private queue: Waiting[] = [];
  private inFlight: Waiting | undefined;
  private draining = false;

  /** `propose` puts changes into the log; false when this node leads no more. */
  constructor(private readonly propose: (changes: Json) => boolean) {}

  /** `settled` is called once the changes are applied; never when leadership ends before. */
  submit(decide: Transaction, settled: () => void = () => undefined): void {
    this.queue.push({ decide, settled });
    this.drain();
  }

  /** Changes were applied: those of the transaction that is under way, for a leader proposes nothing else. */
  applied(): void {
    const done = this.inFlight;
    this.inFlight = undefined;
    done?.settled();
    this.drain();
  }

  /** This node leads no more: what waits was never decided. */
  abandon(): void {
    this.queue = [];
    this.inFlight = undefined;
  }

  /** What a settled transaction leads to is queued behind those that wait: a loop, not a call inside a call. */
  private drain(): void {
    if (this.draining) return;
    this.draining = true;
    while (this.inFlight === undefined && this.queue.length > 0) {
      const next = this.queue.shift()!;
      const changes = next.decide();
      if (changes.length === 0) {
        next.settled();
        continue;
      }
      this.inFlight = next;
      if (!this.propose(changes as unknown as Json)) this.abandon();
    }
    this.draining = false;
  }
}
