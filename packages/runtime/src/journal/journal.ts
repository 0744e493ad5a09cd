// The journal: the truth about every run. Per node a gapless, fenced, hash-chained list of commits; beside it what the
// run was made of. Memory, file and Redis keep it in the same way and pass one suite of tests.

import type { Json, SimTime } from '@netreel/sim';
import type { ChainHash } from '@netreel/protocol';

/** What a run is made of and who recorded it, fixed when it is created. */
export interface RunManifest {
  readonly run: string;
  readonly name: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly codeVersion: string;
  readonly schemaVersion: string;
  readonly nodeVersion: string;
  /** The LabSpec. */
  readonly lab: Json;
  /** The scenario's text as it was given; empty for a live lab. */
  readonly scenario: string;
  readonly seed: number;
  readonly mode: string;
  /** How it goes on differently from the run that it was forked off, oldest fork first; absent if it was not. */
  readonly forks?: readonly RunFork[];
}

/** A moment from which a run goes on differently. */
export interface RunFork {
  /** The run it was forked off. */
  readonly from: string;
  readonly at: SimTime;
  readonly seed?: number;
  /** Steps of a scenario, as they were typed. */
  readonly add: readonly string[];
  /** Nothing else of the past's orders follows. */
  readonly alone: boolean;
}

/** One commit as it goes in: its number counts a node's commits from 1, `from` is where its window starts. */
export interface CommitBytes {
  readonly number: number;
  readonly from: SimTime;
  readonly bytes: Uint8Array;
}

/** One commit as it comes back, its link checked against its predecessor's. */
export interface StoredCommit extends CommitBytes {
  readonly chain: ChainHash;
}

/** A commit among those of other nodes, in a journal that keeps a run in one sequence. */
export interface PlacedCommit extends StoredCommit {
  readonly node: string;
  /** Where in the sequence the next entry starts. */
  readonly end: number;
}

/** Where a node's history ends: number 0 and the genesis link before its first commit. */
export interface Position {
  readonly number: number;
  readonly chain: ChainHash;
}

/** The end of what is stored. `id` is the last entry's id, `<from>-<number>`, and `0-0` before the first. */
export interface LastCommit extends Position {
  readonly id: string;
}

export type AppendResult =
  /** All are stored now; the first `present` of them were there before, byte for byte. */
  | { readonly kind: 'appended'; readonly present: number }
  /** All were stored before, byte for byte: nothing was written. */
  | { readonly kind: 'identical' }
  /** Somebody opened a newer writer: this one must end. */
  | { readonly kind: 'fenced'; readonly epoch: number }
  /** Commit `number` is stored with other bytes (or follows another history): never repaired, always reported. */
  | { readonly kind: 'diverged'; readonly number: number; readonly stored: ChainHash; readonly offered: ChainHash }
  /** The store ends before what this writer had appended (lost its tail): append again from `last.number` + 1. */
  | { readonly kind: 'regressed'; readonly last: LastCommit }
  /** The commits given do not follow what is stored: their author left some out. */
  | { readonly kind: 'hole'; readonly last: LastCommit };

/** The only one who may append to a node's history, until the next one is opened. */
export interface NodeWriter {
  readonly epoch: number;
  /** What is stored, as far as this writer knows. */
  readonly last: LastCommit;
  /**
   * Stores `commits` (numbers ascending by 1), all or none of each call's batches. May be given again what is stored
   * already, from any number on: equal bytes are recognised, others are a divergence. Throws JournalFault when
   * the store stays away.
   */
  append(commits: readonly CommitBytes[]): Promise<AppendResult>;
  close(): Promise<void>;
}

export interface ReadOptions {
  /** Starts behind this commit. */
  readonly afterNumber?: number;
  /** Ends with the last commit whose window starts at or before this moment. */
  readonly upTo?: SimTime;
}

export interface Journal {
  /** Refuses (JournalFault `exists`) a run that is there. */
  create(manifest: RunManifest): Promise<void>;
  /** All runs, oldest first. */
  runs(): Promise<readonly RunManifest[]>;
  manifest(run: string): Promise<RunManifest | undefined>;
  /** Keeps the result of a run that ended. */
  finish(run: string, summary: Json): Promise<void>;
  summary(run: string): Promise<Json | undefined>;
  /** Takes the node's history over: every older writer is refused from now on. */
  writer(run: string, node: string): Promise<NodeWriter>;
  /** The commits in order, every link checked. Throws JournalFault `damaged` at the first that does not fit. */
  read(run: string, node: string, options?: ReadOptions): AsyncIterable<StoredCommit>;
  /** Names of the nodes that have a history, sorted. */
  nodes(run: string): Promise<readonly string[]>;
  last(run: string, node: string): Promise<LastCommit>;
  /**
   * Only of journals that keep a run in one sequence: the commits of the wanted nodes from one place of it to another,
   * in stored order. Links are not checked, and bytes are good until the next commit is asked for.
   */
  scan?(run: string, from: number, until: number, wanted: (node: string) => boolean): Iterable<PlacedCommit>;
  /** Tells this copy of a run from others: waymarks of one are no use in another. */
  copyId(run: string): string;
  remove(run: string): Promise<void>;
  close(): Promise<void>;
}

export type JournalFaultCode =
  | 'exists' | 'missing' | 'bad-name'
  /** Stored bytes are not what was written. */
  | 'damaged'
  /** Written by another version of the format. */
  | 'version'
  /** The store cannot be reached, or does not take anything for now. */
  | 'unavailable';

/** Why the journal cannot do what it was asked; `message` is one line for people. */
export class JournalFault extends Error {
  override readonly name = 'JournalFault';

  constructor(readonly code: JournalFaultCode, message: string) {
    super(message);
  }
}

/** Names of runs and nodes become parts of keys, file names and bus subjects. */
export function checkName(what: 'run' | 'node', name: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(name)) {
    throw new JournalFault('bad-name',
      `not a name for a ${what}: ${JSON.stringify(name)} (letters, digits, "-" and "_" only)`);
  }
}

/** The id of an entry: virtual time first, so that a range of ids is a span of time. */
export function entryId(from: SimTime, number: number): string {
  return `${from}-${number}`;
}

/** The order in which runs are listed. */
export function oldestFirst(a: RunManifest, b: RunManifest): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1;
  return a.run < b.run ? -1 : a.run > b.run ? 1 : 0;
}
