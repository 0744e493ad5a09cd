// Waiting for the tables to say something, with a bound. Looked at after every change.

import { suspended, type Operation, type SimTime, type Ticket } from '@netreel/sim';
import type { DutyPort } from './duty.js';

interface Wait {
  readonly holds: () => boolean;
  readonly resume: (held: boolean) => void;
  ticket: Ticket | undefined;
}

export class Waits {
  private readonly waiting = new Set<Wait>();

  constructor(private readonly port: DutyPort) {}

  /** Waits until `holds` does; false when `withinNs` is over first. */
  *until(holds: () => boolean, withinNs?: SimTime): Operation<boolean> {
    if (holds()) return true;
    return yield* suspended<boolean>((resume) => {
      const wait: Wait = { holds, resume, ticket: undefined };
      if (withinNs !== undefined) {
        wait.ticket = this.port.schedule(this.port.now() + withinNs, { fire: () => this.settle(wait, false) },
          undefined);
      }
      this.waiting.add(wait);
    });
  }

  /** Waits `ns`. */
  *sleep(ns: SimTime): Operation<void> {
    if (ns > 0) yield* this.until(() => false, ns);
  }

  /** Decides and waits until it is settled. */
  *submit(decide: Parameters<DutyPort['submit']>[0]): Operation<void> {
    yield* suspended<undefined>((resume) => this.port.submit(decide, () => resume(undefined)));
  }

  look(): void {
    for (const wait of [...this.waiting]) if (this.waiting.has(wait) && wait.holds()) this.settle(wait, true);
  }

  clear(): void {
    for (const { ticket } of this.waiting) if (ticket !== undefined) this.port.cancel(ticket);
    this.waiting.clear();
  }

  private settle(wait: Wait, held: boolean): void {
    this.waiting.delete(wait);
    if (held && wait.ticket !== undefined) this.port.cancel(wait.ticket);
    wait.resume(held);
  }
}
