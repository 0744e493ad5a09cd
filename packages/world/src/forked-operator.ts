// A run that goes on differently from a moment on: what was ordered before that moment is ordered again, then comes
// something else, and, unless that is to be all, the rest of what was ordered.

import { type HistoryRecord, NEVER, type SimTime } from '@netreel/sim';
import type { Operator, Order } from './operator.js';

export interface ForkPoint {
  readonly at: SimTime;
  /** At that moment. */
  readonly orders: readonly Order[];
  /** Nothing that the past would have ordered later is ordered. */
  readonly alone: boolean;
}

export class ForkedOperator implements Operator {
  private given = false;

  /** `added` acts beside `past`; its first order comes no sooner than the fork. */
  constructor(private readonly past: Operator, private readonly fork: ForkPoint, private readonly added: Operator) {}

  nextAt(): SimTime {
    return Math.min(this.pastAt(this.past.nextAt()), this.given ? NEVER : this.fork.at, this.added.nextAt());
  }

  wakeAt(): SimTime {
    return Math.min(this.pastAt(this.past.wakeAt()), this.added.wakeAt());
  }

  wake(now: SimTime): void {
    for (const operator of [this.past, this.added]) if (operator.wakeAt() <= now) operator.wake(now);
  }

  take(until: SimTime): readonly Order[] {
    const { at, orders, alone } = this.fork;
    const before = this.past.take(alone && at < until ? at : until);
    const now = !this.given && at < until ? orders : [];
    if (at < until) this.given = true;
    return [...before, ...now, ...this.added.take(until)].sort((a, b) => a.at - b.at);
  }

  observe(node: number, record: HistoryRecord): void {
    this.past.observe(node, record);
    this.added.observe(node, record);
  }

  windowEnded(until: SimTime): void {
    this.past.windowEnded(until);
    this.added.windowEnded(until);
  }

  done(): boolean {
    return this.given && this.added.done() && (this.fork.alone || this.past.done());
  }

  /** A moment of the past's; never, when it lies behind a fork that leaves the past. */
  private pastAt(at: SimTime): SimTime {
    return this.fork.alone && at >= this.fork.at ? NEVER : at;
  }
}
