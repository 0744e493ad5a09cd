// What managers say to each other to agree. `cluster` keeps apart those that a node was in before.

import { defineRecords, type RecordOf } from '@netreel/sim';

export const raftMessages = defineRecords({
  /** `lastIndex` and `lastTerm`: of the candidate's last entry. `forced`: the leader itself hands over. */
  RaftVoteAsked: {
    number: 320,
    fields: { cluster: 'text', term: 'int', lastIndex: 'int', lastTerm: 'int', forced: 'flag' },
  },
  RaftVoteAnswered: { number: 321, fields: { cluster: 'text', term: 'int', granted: 'flag' } },
  /** The leader is there; `entries` (RaftEntry[]) follow the one at `prevIndex`. `commit`: what is settled. */
  RaftEntriesSent: {
    number: 322,
    fields: { cluster: 'text', term: 'int', prevIndex: 'int', prevTerm: 'int', entries: 'json', commit: 'int' },
  },
  /** `index`: the last entry that agrees with the leader's; when not `accepted`, the last one that may. */
  RaftEntriesAnswered: {
    number: 323,
    fields: { cluster: 'text', term: 'int', accepted: 'flag', index: 'int' },
  },
  /** For a member whose next entry is not kept any more. `state`: what the entries up to `index` led to. */
  RaftSnapshotSent: {
    number: 324,
    fields: { cluster: 'text', term: 'int', index: 'int', lastTerm: 'int', voters: 'ints', state: 'json' },
  },
  /** The receiver is to stand for election at once. */
  RaftCandidacyAsked: { number: 325, fields: { cluster: 'text', term: 'int' } },
});

export type RaftMessage = RecordOf<typeof raftMessages>;
