// The inputs of a recorded history, given again at their moments: what verify, recovery and forks drive a lab with.

import { type HistoryRecord, NEVER, type SimTime } from '@netreel/sim';
import type { Operator, Order } from './operator.js';

export class RecordedOperator implements Operator {
  private readonly orders: Order[];
  private given = 0;

  /**
   * `inputs` are all inputs of the run, those of one node in their recorded order. The lab lives on until `endsAt`,
   * where the last recorded window began.
   */
  constructor(inputs: readonly Order[], private readonly endsAt: SimTime) {
    // A stable order: by time, then by node; one node's own inputs keep their order.
    this.orders = [...inputs].sort((a, b) => (a.at !== b.at ? a.at - b.at : a.node - b.node));
  }

  private lived: SimTime = 0;

  nextAt(): SimTime {
    return this.orders[this.given]?.at ?? NEVER;
  }

  wakeAt(): SimTime {
    return NEVER;
  }

  wake(): void {
    // Nothing is waited for but recorded orders.
  }

  take(until: SimTime): readonly Order[] {
    const from = this.given;
    while (this.given < this.orders.length && this.orders[this.given]!.at < until) this.given++;
    return this.orders.slice(from, this.given);
  }

  observe(_node: number, _record: HistoryRecord): void {
    // What was answered does not change what was recorded.
  }

  windowEnded(until: SimTime): void {
    this.lived = until;
  }

  done(): boolean {
    return this.given === this.orders.length && this.lived > this.endsAt;
  }
}
