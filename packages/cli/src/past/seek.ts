// Tables at any moment of a run, without folding it from its beginning: from the last waymark before that moment on.
// Whoever comes where no waymark is puts them up, so that the next one is there at once.

import { ChainReader, type Journal, JournalFault, type NodeMark, type StoredCommit, type Waymark, Waymarks,
  startingMark } from '@netreel/runtime';
import { type HistoryRecord, type LabSpec, NEVER, type SimTime } from '@netreel/sim';
import { LabFold, type NodeTables, applyRecord, emptyNodeTables } from '@netreel/views';
import { commitsFrom, decodeStored } from './stored-order.js';

/** So many records are folded in well under a tenth of a second. */
export const RECORDS_BETWEEN_MARKS = 100_000;

export interface Moment {
  readonly fold: LabFold;
  /** The last record of the wanted nodes that had happened by then. */
  readonly lastAt: SimTime;
  /** Records that had to be looked at. */
  readonly records: number;
  /** By node: the last of its commits that had wholly happened by then. */
  readonly numbers: readonly number[];
}

export class Seeker {
  private readonly names: readonly string[];

  constructor(private readonly journal: Journal, private readonly run: string, private readonly lab: LabSpec,
    private readonly marks: Waymarks, private readonly spacing = RECORDS_BETWEEN_MARKS) {
    this.names = lab.nodes.map((node) => node.name);
  }

  /** The tables of the wanted nodes (by index) as they stood at `at`, that moment included; others have none. */
  async tablesAt(at: SimTime, wanted: readonly number[]): Promise<Moment> {
    try {
      return await this.nearMarks(at, wanted);
    } catch (error) {
      if (!(error instanceof JournalFault) || error.code !== 'damaged' || this.marks.list().length === 0) throw error;
      // The marks may be another history's; if the journal is what is damaged, it says so once more.
      this.marks.forget();
      return this.nearMarks(at, wanted);
    }
  }

  /** One record of a node by its sequence; undefined when there is none. */
  async record(node: number, sequence: number): Promise<HistoryRecord | undefined> {
    const marks = [startingMark(this.names), ...this.marks.list()];
    const start = marks.filter((mark) => mark.nodes[node]!.sequence < sequence).pop()!;
    for await (const stored of commitsFrom(this.journal, this.run, this.names, [node],
      { offset: start.offset, numbers: start.nodes.map((each) => each.number) }, NEVER)) {
      const { records } = decodeStored(this.run, this.names[node]!, stored);
      if (records[records.length - 1]!.sequence >= sequence) return records[sequence - records[0]!.sequence];
    }
    return undefined;
  }

  private async nearMarks(at: SimTime, wanted: readonly number[]): Promise<Moment> {
    const near = await this.walkTo(at, wanted, 2 * this.spacing);
    if (near !== undefined) return near;
    await this.putUpMarks(at);
    return (await this.walkTo(at, wanted, Number.MAX_SAFE_INTEGER))!;
  }

  /** Folds from the last mark before `at`; undefined when that takes more than `limit` records. */
  private async walkTo(at: SimTime, wanted: readonly number[], limit: number): Promise<Moment | undefined> {
    const marks = [startingMark(this.names), ...this.marks.list()];
    const has = (mark: Waymark): boolean => wanted.every((node) => mark.nodes[node]!.at <= at);
    let place = marks.length - 1;
    while (place > 0 && !has(marks[place]!)) place--;
    const end = marks.slice(place + 1).find((mark) => wanted.every((node) => mark.nodes[node]!.at > at));
    for (; place >= 0; place--) {
      const walk = this.walkFrom(marks[place]!, wanted);
      if (walk === undefined) continue;
      const passed = new Set<string>();
      for await (const stored of this.commits(walk, wanted, end?.offset ?? NEVER)) {
        if (walk.records > limit) return undefined;
        if (walk.has(this.names.indexOf(stored.node), stored)) continue;
        if (stored.from > at) {
          // Windows of one node start in order: nothing of this one is wanted any more.
          passed.add(stored.node);
          if (passed.size === wanted.length) break;
          continue;
        }
        if (!passed.has(stored.node)) walk.take(this.names.indexOf(stored.node), stored, at);
      }
      if (place > 0) await this.checkEnds(walk, wanted);
      return { fold: new LabFold(this.lab, walk.tables), lastAt: walk.lastAt, records: walk.records,
        numbers: walk.positions().map((end) => end.number) };
    }
    return undefined;
  }

  /** A node that nothing was read of must really end there: no later commit has vouched for the mark. */
  private async checkEnds(walk: Walk, wanted: readonly number[]): Promise<void> {
    for (const node of wanted) {
      if (!walk.isUntouched(node)) continue;
      const last = await this.journal.last(this.run, this.names[node]!);
      const mark = walk.start.nodes[node]!;
      if (mark.number > last.number || (mark.number === last.number && mark.chain !== last.chain)) {
        throw new JournalFault('damaged', `run ${this.run}, ${this.names[node]}: the waymark is of another history`);
      }
    }
  }

  /** Walks on from the last mark to `at` and leaves marks on the way. */
  private async putUpMarks(at: SimTime): Promise<void> {
    const all = this.names.map((_, node) => node);
    const list = this.marks.list();
    const last = list[list.length - 1] ?? startingMark(this.names);
    const walk = this.walkFrom(last, all);
    if (walk === undefined) {
      this.marks.forget();
      return this.putUpMarks(at);
    }
    let since = 0;
    for await (const stored of this.commits(walk, all, NEVER)) {
      if (walk.has(this.names.indexOf(stored.node), stored)) continue;
      if (stored.from > at) break;
      since += walk.take(this.names.indexOf(stored.node), stored, NEVER);
      if (since < this.spacing) continue;
      since = 0;
      this.marks.add(stored.end, walk.positions(), walk.takeChanged());
    }
  }

  private commits(walk: Walk, wanted: readonly number[], untilOffset: number): ReturnType<typeof commitsFrom> {
    return commitsFrom(this.journal, this.run, this.names, wanted,
      { offset: walk.start.offset, numbers: walk.start.nodes.map((node) => node.number) }, untilOffset);
  }

  private walkFrom(mark: Waymark, wanted: readonly number[]): Walk | undefined {
    const tables: NodeTables[] = [];
    for (const [node, { kind }] of this.lab.nodes.entries()) {
      const { tables: file } = mark.nodes[node]!;
      const kept = file === '' || !wanted.includes(node) ? emptyNodeTables(kind)
        : this.marks.tablesOf(mark.nodes[node]!) as NodeTables | undefined;
      if (kept === undefined) return undefined;
      tables.push(kept);
    }
    return new Walk(this.run, this.names, mark, tables);
  }
}

/** Nodes that are folded commit by commit, every link of their chains checked. */
class Walk {
  records = 0;
  lastAt: SimTime;
  private readonly links: ChainReader[];
  private readonly ends: { -readonly [K in 'number' | 'chain' | 'at' | 'sequence']: NodeMark[K] }[];
  private readonly changed = new Set<number>();

  constructor(private readonly run: string, private readonly names: readonly string[], readonly start: Waymark,
    readonly tables: readonly NodeTables[]) {
    this.ends = start.nodes.map(({ number, chain, at, sequence }) => ({ number, chain, at, sequence }));
    this.links = this.ends.map(({ number, chain }, node) => new ChainReader(`${run}/${names[node]}`, number, chain));
    this.lastAt = Math.max(0, ...this.ends.map((end) => end.at));
  }

  /** Whether a commit was taken before: in packed files the walk begins a little early. */
  has(node: number, { number }: StoredCommit): boolean {
    return number <= this.ends[node]!.number;
  }

  /** Applies what happened up to `upTo`; how many records there were. */
  take(node: number, stored: StoredCommit, upTo: SimTime): number {
    this.links[node]!.check(stored);
    const { records } = decodeStored(this.run, this.names[node]!, stored);
    const target = this.tables[node]!;
    const end = this.ends[node]!;
    for (const record of records) {
      if (record.at > upTo) break;
      applyRecord(target, record);
      end.at = record.at;
    }
    if (end.at > this.lastAt) this.lastAt = end.at;
    const last = records[records.length - 1]!;
    // A commit that reaches beyond is not behind us: whoever reads on begins with it.
    if (last.at <= upTo) Object.assign(end, { number: stored.number, chain: stored.chain, sequence: last.sequence });
    this.changed.add(node);
    this.records += records.length;
    return records.length;
  }

  /** No commit of this node was taken: its tables are the mark's. */
  isUntouched(node: number): boolean {
    return this.ends[node]!.number === this.start.nodes[node]!.number;
  }

  positions(): Omit<NodeMark, 'tables'>[] {
    return this.ends.map((end) => ({ ...end }));
  }

  /** The tables of the nodes that changed since the last call. */
  takeChanged(): (NodeTables | undefined)[] {
    const changed = this.tables.map((tables, node) => (this.changed.has(node) ? tables : undefined));
    this.changed.clear();
    return changed;
  }
}
