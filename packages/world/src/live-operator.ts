// People and programs that act on a lab while it lives. What they want becomes an order at the moment when it is
// admitted, and from then on nothing tells it from a step of a scenario: recorded orders given again bring the same
// history.

import { type AnyRecord, type HistoryRecord, NEVER, type SimTime } from '@netreel/sim';
import type { Operator, Order } from './operator.js';

/** A record that answers somebody, and the node it is of. */
export interface Heard {
  readonly node: number;
  readonly record: HistoryRecord;
}

export class LiveOperator implements Operator {
  private readonly orders: Order[] = [];
  private heard: Heard[] = [];
  private until: SimTime = 0;
  private lastAt: SimTime = -1;

  /** Admits an order: no earlier than `from`, after all that was admitted and lived before. */
  admit(node: number, body: AnyRecord, from: SimTime): void {
    const at = Math.max(from, this.until, this.lastAt + 1);
    this.lastAt = at;
    this.orders.push({ node, at, body });
  }

  /** What was answered since the last call, in order. */
  takeHeard(): readonly Heard[] {
    if (this.heard.length === 0) return NOTHING;
    const { heard } = this;
    this.heard = [];
    return heard;
  }

  /** Whether somebody has been answered and not yet told. */
  get hasHeard(): boolean {
    return this.heard.length > 0;
  }

  nextAt(): SimTime {
    return this.orders[0]?.at ?? NEVER;
  }

  wakeAt(): SimTime {
    return NEVER;
  }

  wake(): void {
    // Nothing but orders is waited for.
  }

  take(until: SimTime): readonly Order[] {
    let count = 0;
    while (count < this.orders.length && this.orders[count]!.at < until) count++;
    return this.orders.splice(0, count);
  }

  observe(node: number, record: HistoryRecord): void {
    this.heard.push({ node, record });
  }

  windowEnded(until: SimTime): void {
    if (until > this.until) this.until = until;
  }

  done(): boolean {
    return false;
  }
}

const NOTHING: readonly Heard[] = [];
