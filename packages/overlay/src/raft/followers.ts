// What a leader knows of the others: up to where each agrees, what it is sent next, when it was last heard.

import type { Json } from '@netreel/sim';
import type { RaftPort } from './port.js';
import { lastIndex, termAt, votersOf, type RaftTables } from './tables.js';

/** Entries in one message. */
const ENTRIES_MAX = 256;

interface Follower {
  /** The first entry that it was not sent yet. */
  next: number;
  /** It has all entries up to this one. */
  matched: number;
  heardAt: number;
}

export class Followers {
  private readonly rows = new Map<number, Follower>();

  constructor(private readonly port: RaftPort, private readonly tables: RaftTables,
    private readonly applied: () => number) {}

  /** A term of one's own begins: nothing is known of anybody. */
  begin(next: number): void {
    this.rows.clear();
    for (const voter of votersOf(this.tables)) this.rows.set(voter, this.fresh(next));
  }

  matched(node: number): number {
    return this.rows.get(node)?.matched ?? 0;
  }

  heardAt(node: number): number {
    return this.row(node).heardAt;
  }

  /** Whether a majority, this node included, was heard since `since`. */
  isMajorityAlive(since: number): boolean {
    const voters = votersOf(this.tables);
    const alive = voters.filter((voter) => voter === this.port.node || (this.rows.get(voter)?.heardAt ?? 0) >= since);
    return alive.length * 2 > voters.length;
  }

  /** Sends each what it has not been sent. */
  feed(nodes: readonly number[]): void {
    for (const node of nodes) this.send(node, this.row(node));
  }

  /** Says to everybody that the leader is there, with whatever they still lack. */
  beat(): void {
    for (const voter of votersOf(this.tables)) if (voter !== this.port.node) this.send(voter, this.row(voter));
  }

  /** An answer: `index` as in RaftEntriesAnswered. */
  heard(node: number, accepted: boolean, index: number): void {
    const row = this.row(node);
    row.heardAt = this.port.now();
    if (accepted) {
      if (index > row.matched) row.matched = index;
      if (row.next <= row.matched) row.next = row.matched + 1;
      if (row.next <= lastIndex(this.tables) && row.matched + 1 === row.next) this.send(node, row);
    } else if (index >= row.matched) {
      // What was sent on trust did not arrive, or the logs differ further back.
      row.next = index + 1;
      this.send(node, row);
    }
  }

  private send(node: number, row: Follower): void {
    const { tables, port } = this;
    const { cluster, term, committed } = tables;
    const previous = termAt(tables, row.next - 1);
    if (previous === undefined || row.next - 1 < tables.base) return this.sendSnapshot(node, row);
    const from = row.next - tables.base - 1;
    const entries = tables.entries.slice(from, from + ENTRIES_MAX);
    port.send(node, { type: 'RaftEntriesSent', cluster, term, prevIndex: row.next - 1, prevTerm: previous,
      entries: entries as unknown as Json, commit: committed });
    row.next += entries.length;
  }

  private sendSnapshot(node: number, row: Follower): void {
    const { tables, port } = this;
    const index = this.applied();
    port.send(node, { type: 'RaftSnapshotSent', cluster: tables.cluster, term: tables.term, index,
      lastTerm: termAt(tables, index)!, voters: votersOf(tables), state: port.snapshot() });
    row.next = index + 1;
  }

  /** A member that came later begins with nothing. */
  private row(node: number): Follower {
    let row = this.rows.get(node);
    if (row === undefined) this.rows.set(node, row = this.fresh(1));
    return row;
  }

  private fresh(next: number): Follower {
    return { next, matched: 0, heardAt: this.port.now() };
  }
}
