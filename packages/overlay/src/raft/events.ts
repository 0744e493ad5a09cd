// What one manager keeps of the agreement between managers: its term and vote, the log, how much of it is settled.
// A member that comes back must still know all of this (Raft, figure 2, "persistent state"), so each change is an
// event.

import { defineRecords, type RecordOf } from '@netreel/sim';

export const raftEvents = defineRecords({
  /** This node is a member from now on: the first one of a new cluster, or one that waits to be told of it. */
  RaftMembershipBegan: { number: 256, fields: { cluster: 'text', voters: 'ints' } },
  /** The node is a member no more and forgets everything. */
  RaftMembershipEnded: { number: 257, fields: { cluster: 'text' } },
  /** `vote`: 1 more than the index of the node that this one votes for in the term; 0 for none. */
  RaftTermBegan: { number: 258, fields: { term: 'int', vote: 'int' } },
  /** `leader`: 1 more than the index of the node that leads the current term as this one sees it; 0 for none. */
  RaftLeaderChanged: { number: 259, fields: { term: 'int', leader: 'int' } },
  /** What stood behind `after` is gone, and `entries` (RaftEntry[]) stand there. */
  RaftEntriesAppended: { number: 260, fields: { after: 'int', entries: 'json' } },
  /** Entries up to `index` are settled: they are on a majority and will stay. */
  RaftEntriesCommitted: { number: 261, fields: { index: 'int' } },
  /** Entries up to `index` went: what they did is in the tables. */
  RaftLogCompacted: { number: 262, fields: { index: 'int' } },
  /** The whole log was replaced by the outcome of its first `index` entries. */
  RaftSnapshotRestored: { number: 263, fields: { index: 'int', term: 'int', voters: 'ints' } },
});

export type RaftEvent = RecordOf<typeof raftEvents>;
