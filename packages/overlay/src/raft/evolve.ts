// How an event changes what a manager keeps of the agreement: the only writer of these tables.

import { unreachable } from '@netreel/sim';
import type { RaftEvent } from './events.js';
import type { RaftEntry, RaftTables } from './tables.js';

export function evolveRaft(tables: RaftTables, event: RaftEvent): void {
  switch (event.type) {
    case 'RaftMembershipBegan':
      forget(tables);
      tables.cluster = event.cluster;
      tables.baseVoters = event.voters;
      return;
    case 'RaftMembershipEnded':
      forget(tables);
      return;
    case 'RaftTermBegan':
      if (event.term > tables.term) tables.leader = -1;
      tables.term = event.term;
      tables.vote = event.vote - 1;
      return;
    case 'RaftLeaderChanged':
      tables.leader = event.leader - 1;
      return;
    case 'RaftEntriesAppended':
      tables.entries.length = event.after - tables.base;
      for (const entry of event.entries as readonly RaftEntry[]) tables.entries.push(entry);
      return;
    case 'RaftEntriesCommitted':
      tables.committed = event.index;
      return;
    case 'RaftLogCompacted': {
      const gone = tables.entries.splice(0, event.index - tables.base);
      tables.baseTerm = gone.at(-1)!.term;
      for (const entry of gone) if (entry.kind === 'voters') tables.baseVoters = entry.body as readonly number[];
      tables.base = event.index;
      return;
    }
    case 'RaftSnapshotRestored':
      tables.entries.length = 0;
      tables.base = event.index;
      tables.baseTerm = event.term;
      tables.baseVoters = event.voters;
      tables.committed = event.index;
      return;
    default:
      unreachable(event);
  }
}

function forget(tables: RaftTables): void {
  Object.assign(tables, { cluster: '', term: 0, vote: -1, leader: -1, baseVoters: [], base: 0, baseTerm: 0,
    committed: 0 });
  tables.entries.length = 0;
}
