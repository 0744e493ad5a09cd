// The writer that all journals share: it links the commits it is given and leaves comparing and storing to a
// CommitStore.

import { assert } from '@netreel/sim';
import { chainHash, genesisHash, type ChainHash } from '@netreel/protocol';
import {
  entryId, type AppendResult, type CommitBytes, type LastCommit, type NodeWriter, type Position, type StoredCommit,
} from './journal.js';

/** What one journal does for one node. All calls may be repeated without harm. */
export interface CommitStore {
  /**
   * In one atomic step: refuses an old epoch, a predecessor other than `base` and any stored commit that differs from
   * the one offered; else adds those of `commits` that are not there.
   */
  compareAndAppend(epoch: number, base: Position, commits: readonly StoredCommit[]): Promise<AppendResult>;
  last(): Promise<LastCommit>;
  /** The link of a stored commit. */
  chainAt(number: number): Promise<ChainHash | undefined>;
}

/** One call carries at most this much: a store that is busy with it answers nobody else. */
const BATCH_COMMITS_MAX = 1_024;
const BATCH_BYTES_MAX = 4 * 1024 * 1024;

export class ChainedWriter implements NodeWriter {
  /** Where the last append of this writer ended: the predecessor of what usually comes next. */
  private position: Position;
  /** The highest number this writer knows to have been stored. */
  private known: LastCommit;

  constructor(private readonly node: string, readonly epoch: number, last: LastCommit,
    private readonly store: CommitStore) {
    this.position = last;
    this.known = last;
  }

  get last(): LastCommit {
    return this.known;
  }

  async append(commits: readonly CommitBytes[]): Promise<AppendResult> {
    let present = 0;
    let added = false;
    for (let start = 0; start < commits.length;) {
      const batch = cutBatch(commits, start);
      const result = await this.appendBatch(batch);
      if (result.kind === 'identical') present += batch.length;
      else if (result.kind === 'appended') { present += result.present; added = true; }
      else return result;
      start += batch.length;
    }
    return added ? { kind: 'appended', present } : { kind: 'identical' };
  }

  async close(): Promise<void> {
    // Nothing of its own to end: the fence stays with whoever opened last.
  }

  private async appendBatch(batch: readonly CommitBytes[]): Promise<AppendResult> {
    const first = batch[0]!;
    assert(Number.isSafeInteger(first.number) && first.number >= 1, `a commit has no number ${first.number}`);
    const base = await this.baseOf(first.number);
    if (base === undefined) return this.gapBefore(first.number);
    const linked = link(base, batch);
    const result = await this.store.compareAndAppend(this.epoch, base, linked);
    if (result.kind === 'appended' || result.kind === 'identical') {
      const end = linked[linked.length - 1]!;
      this.position = { number: end.number, chain: end.chain };
      if (end.number > this.known.number) this.known = { ...this.position, id: entryId(end.from, end.number) };
      return result;
    }
    if (result.kind === 'hole' || result.kind === 'regressed') return this.gapBefore(first.number);
    return result;
  }

  /** The link before commit `number`; undefined when the store does not reach that far. */
  private async baseOf(number: number): Promise<Position | undefined> {
    const before = number - 1;
    if (before === this.position.number) return this.position;
    if (before === 0) return { number: 0, chain: genesisHash(this.node) };
    const chain = await this.store.chainAt(before);
    return chain === undefined ? undefined : { number: before, chain };
  }

  /** The store ends before `number` - 1. Who is to blame: the store if it once had more, else the caller. */
  private async gapBefore(number: number): Promise<AppendResult> {
    const last = await this.store.last();
    const had = this.known.number;
    if (last.number >= had && last.number < number - 1) return { kind: 'hole', last };
    this.known = last;
    this.position = last;
    return { kind: 'regressed', last };
  }
}

function cutBatch(commits: readonly CommitBytes[], start: number): readonly CommitBytes[] {
  let end = start;
  let sizeBytes = 0;
  while (end < commits.length && end - start < BATCH_COMMITS_MAX) {
    sizeBytes += commits[end]!.bytes.length;
    if (sizeBytes > BATCH_BYTES_MAX && end > start) break;
    end++;
  }
  return start === 0 && end === commits.length ? commits : commits.slice(start, end);
}

function link(base: Position, commits: readonly CommitBytes[]): readonly StoredCommit[] {
  let { chain, number } = base;
  let previousFrom = -1;
  return commits.map(({ number: given, from, bytes }) => {
    assert(given === ++number, `commit ${given} is offered where ${number} is due`);
    assert(from >= previousFrom, `commit ${given} starts at ${from}, before its predecessor at ${previousFrom}`);
    previousFrom = from;
    chain = chainHash(chain, bytes);
    return { number, from, bytes, chain };
  });
}
