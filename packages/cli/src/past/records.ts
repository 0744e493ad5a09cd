// The records of a run in the one order of the run (moment, node, sequence), a batch at a time and never all at once:
// a history may be longer than memory.

import type { Journal, StoredCommit } from '@netreel/runtime';
import { type HistoryRecord, type LabSpec, NEVER, type SimTime } from '@netreel/sim';
import type { Placed } from '@netreel/views';
import { decodeStored } from './stored-order.js';

export interface Span {
  /** Records before that are left out. */
  readonly from?: SimTime;
  /** The last moment. */
  readonly upTo?: SimTime;
  /** By node: commits up to this number are passed over unread. */
  readonly numbers?: readonly number[];
}

const BATCH = 2_000;

export async function* recordsInOrder(journal: Journal, run: string, lab: LabSpec,
  { from = 0, upTo = NEVER, numbers }: Span = {}): AsyncGenerator<readonly Placed[]> {
  const cursors = lab.nodes.map(({ name }, node) => new Cursor(run, name, node,
    journal.read(run, name, { afterNumber: numbers?.[node] ?? 0, ...(upTo === NEVER ? {} : { upTo }) })));
  let batch: Placed[] = [];
  for (;;) {
    for (const cursor of cursors) if (cursor.isEmpty) await cursor.fill();
    let next: Cursor | undefined;
    for (;;) {
      next = earliest(cursors);
      if (next === undefined || next.at > upTo) break;
      const record = next.take();
      if (record.at >= from) batch.push({ node: next.node, record });
      if (next.isEmpty) break;
    }
    const over = next === undefined || (!next.isEmpty && next.at > upTo);
    if (batch.length >= BATCH || (over && batch.length > 0)) {
      yield batch;
      batch = [];
    }
    if (over) return;
  }
}

function earliest(cursors: readonly Cursor[]): Cursor | undefined {
  let least: Cursor | undefined;
  // Of equal moments the lower node comes first.
  for (const cursor of cursors) if (cursor.at < (least?.at ?? NEVER)) least = cursor;
  return least;
}

/** Where reading one node's commits has come to. */
class Cursor {
  at: SimTime = NEVER;
  private readonly commits: AsyncIterator<StoredCommit>;
  private records: readonly HistoryRecord[] = [];
  private place = 0;
  private isOver = false;

  constructor(private readonly run: string, private readonly name: string, readonly node: number,
    commits: AsyncIterable<StoredCommit>) {
    this.commits = commits[Symbol.asyncIterator]();
  }

  /** Whether the next commit has to be read before anybody knows what comes next. */
  get isEmpty(): boolean {
    return !this.isOver && this.place === this.records.length;
  }

  async fill(): Promise<void> {
    const { value, done } = await this.commits.next() as IteratorResult<StoredCommit, undefined>;
    this.isOver = done === true;
    this.records = value === undefined ? [] : decodeStored(this.run, this.name, value).records;
    this.place = 0;
    this.at = this.records[0]?.at ?? NEVER;
  }

  take(): HistoryRecord {
    const record = this.records[this.place++]!;
    this.at = this.records[this.place]?.at ?? NEVER;
    return record;
  }
}
