// Folding: the events of a history applied to empty tables, up to a moment. Gives every table as it stood then;
// needs no code but `evolve`, so it outlives changes of everything else.

import type { Commit } from './record.js';
import type { AnyRecord } from './schema.js';
import { NEVER, type SimTime } from './time.js';

/**
 * Applies the events of `commits` (one node's, in order) that happened up to and including `upTo`. Returns how many.
 */
export function foldCommits(commits: Iterable<Commit>, evolve: (event: AnyRecord, at: SimTime) => void,
  upTo: SimTime = NEVER): number {
  let count = 0;
  for (const commit of commits) {
    if (commit.from > upTo) break;
    for (const record of commit.records) {
      if (record.at > upTo) return count;
      if (record.kind !== 'event') continue;
      evolve(record.body, record.at);
      count++;
    }
  }
  return count;
}
