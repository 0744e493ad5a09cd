// A moment that does not pass: what is due at it is carried out, what is due later never comes.

import { type Handler, type SimTime, type Ticket, assert } from '@netreel/sim';

/** More than any program that only looks takes. */
const STEPS_MAX = 1_000_000;

export class Standstill {
  private readonly due = new Map<Ticket, () => void>();
  private tickets = 0;

  constructor(readonly at: SimTime) {}

  readonly now = (): SimTime => this.at;

  readonly schedule = <A>(at: SimTime, handler: Handler<A>, argument: A): Ticket => {
    const ticket = ++this.tickets;
    if (at <= this.at) this.due.set(ticket, () => handler.fire(argument));
    return ticket;
  };

  readonly cancel = (ticket: Ticket): void => {
    this.due.delete(ticket);
  };

  /** Carries out all that is due, and what becomes due by that. */
  settle(): void {
    for (let steps = 0; ; steps++) {
      const next = this.due.entries().next();
      if (next.done === true) return;
      assert(steps < STEPS_MAX, `a program does not get past ${this.at} ns, where time stands still`);
      const [ticket, action] = next.value;
      this.due.delete(ticket);
      action();
    }
  }
}
