// One timer of a connection. Most are put off again and again and hardly ever fire, so a later deadline leaves the
// agenda alone: the entry fires at its time, sees that it is too early, and waits for the rest.

import { NEVER, type Handler, type SimTime, type Ticket } from '@netreel/sim';
import type { KernelPort } from '../../contract.js';

export class Timer<Owner> implements Handler<undefined> {
  private deadline: SimTime = NEVER;
  private entryAt: SimTime = NEVER;
  private ticket: Ticket = 0;

  constructor(private readonly port: KernelPort, private readonly owner: Owner,
    private readonly duty: (owner: Owner) => void) {}

  get armed(): boolean {
    return this.deadline !== NEVER;
  }

  /** Fires at `at`, and not at whatever was said before. */
  arm(at: SimTime): void {
    this.deadline = at;
    if (this.entryAt <= at) return;
    if (this.entryAt !== NEVER) this.port.cancel(this.ticket);
    this.schedule();
  }

  /** Does not fire any more; its entry may still surface, once, to no effect. */
  disarm(): void {
    this.deadline = NEVER;
  }

  /** Leaves nothing behind in the agenda. */
  cancel(): void {
    this.deadline = NEVER;
    if (this.entryAt !== NEVER) this.port.cancel(this.ticket);
    this.entryAt = NEVER;
  }

  fire(): void {
    this.entryAt = NEVER;
    if (this.deadline === NEVER) return;
    if (this.port.now() < this.deadline) return this.schedule();
    this.deadline = NEVER;
    this.duty(this.owner);
  }

  private schedule(): void {
    this.entryAt = this.deadline;
    this.ticket = this.port.schedule(this.deadline, this, undefined);
  }
}
