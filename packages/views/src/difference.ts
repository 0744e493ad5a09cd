// Where two histories part, node by node, and what follows from it in each.

import type { HistoryRecord, SimTime } from '@netreel/sim';
import type { Placed } from './lab-fold.js';

/** The first place at which a node's two histories differ; a side that has ended has no record there. */
export interface Parting {
  readonly node: number;
  readonly at: SimTime;
  readonly first: HistoryRecord | undefined;
  readonly second: HistoryRecord | undefined;
}

/** The earliest parting of all: by moment, then by node. */
export function earliest(partings: readonly Parting[]): Parting | undefined {
  return [...partings].sort((a, b) => a.at - b.at || a.node - b.node)[0];
}

/** What one node was touched by. */
export interface Reach {
  records: number;
  /** The first of them. */
  readonly first: Placed;
}

/** Follows a record through a history: everything that it, or what caused it, brings about from it on. */
export class Consequences {
  /** By node. */
  readonly reached = new Map<number, Reach>();
  private readonly causes = new Set<string>();

  constructor(private readonly node: number, private readonly record: HistoryRecord) {
    // An event causes nothing by itself: what it differs in comes from what was dealt with when it happened.
    if (record.kind === 'event') this.causes.add(`${record.causeNode}/${record.causeSequence}`);
    else this.causes.add(`${node}/${record.sequence}`);
  }

  /** The records of the run from the parting on, in order. */
  take(placed: Placed): void {
    const { node, record } = placed;
    const isItself = node === this.node && record.sequence === this.record.sequence;
    if (node === this.node && record.sequence < this.record.sequence) return;
    const follows = record.kind !== 'input' && this.causes.has(`${record.causeNode}/${record.causeSequence}`);
    if (!isItself && !follows) return;
    if (record.kind !== 'event') this.causes.add(`${node}/${record.sequence}`);
    const reach = this.reached.get(node);
    if (reach === undefined) this.reached.set(node, { records: 1, first: placed });
    else reach.records++;
  }

  get total(): number {
    let sum = 0;
    for (const { records } of this.reached.values()) sum += records;
    return sum;
  }
}
