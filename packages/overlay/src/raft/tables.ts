// One manager's persistent state of the agreement. Written by evolve.ts alone. Entries are counted from 1; those up to
// `base` are gone, their outcome is in the store's tables.

import type { Json } from '@netreel/sim';

/** What managers agree on, one after the other. A type alias: entries travel as JSON. */
export type RaftEntry = {
  readonly term: number;
  /** `changes`: of the store. `voters`: the members from here on. `nothing`: a new leader's first entry. */
  readonly kind: 'changes' | 'voters' | 'nothing';
  /** Changes of the store, or node indexes. */
  readonly body: Json;
};

export interface RaftTables {
  /** Empty while the node is no member of any. */
  cluster: string;
  term: number;
  /** Index of a node; -1 for none. */
  vote: number;
  /** Who leads the term, as far as this member knows; -1 for nobody. */
  leader: number;
  /** Members before the first entry that is kept. */
  baseVoters: readonly number[];
  base: number;
  baseTerm: number;
  /** `entries[0]` has the index `base + 1`. */
  readonly entries: RaftEntry[];
  committed: number;
}

export function emptyRaftTables(): RaftTables {
  return { cluster: '', term: 0, vote: -1, leader: -1, baseVoters: [], base: 0, baseTerm: 0, entries: [],
    committed: 0 };
}

export function lastIndex(tables: RaftTables): number {
  return tables.base + tables.entries.length;
}

/** Term of an entry; undefined when it is not kept, or not there yet. */
export function termAt(tables: RaftTables, index: number): number | undefined {
  if (index === tables.base) return tables.baseTerm;
  return tables.entries[index - tables.base - 1]?.term;
}

/** The members: those of the newest entry that names some, settled or not (Raft dissertation, section 4.1). */
export function votersOf(tables: RaftTables): readonly number[] {
  for (let place = tables.entries.length - 1; place >= 0; place--) {
    const entry = tables.entries[place]!;
    if (entry.kind === 'voters') return entry.body as readonly number[];
  }
  return tables.baseVoters;
}

/** Whether an entry that changes the members is still to be settled. */
export function isReforming(tables: RaftTables): boolean {
  return tables.entries.some((entry, place) => entry.kind === 'voters' && tables.base + place + 1 > tables.committed);
}
