// What a host knows of the swarm that it is in. Its own tables: they stay over a restart of the engine.

import { defineRecords, type RecordOf } from '@netreel/sim';

export const memberEvents = defineRecords({
  /** The host is in a swarm. `node`: its id there. `managers`: indexes of the nodes that it may turn to. */
  SwarmMembershipBegan: {
    number: 290,
    fields: { cluster: 'text', node: 'text', role: 'text', managers: 'ints' },
  },
  /** Role or managers are others now. */
  SwarmMembershipChanged: { number: 291, fields: { role: 'text', managers: 'ints' } },
  SwarmMembershipEnded: { number: 292, fields: { node: 'text' } },
  /**
   * What the dispatcher wants of this node: tasks (AssignedTask[]) new or changed, and ids of those that are no more.
   */
  TasksAssigned: { number: 293, fields: { tasks: 'json', removed: 'texts' } },
});

export type MemberEvent = RecordOf<typeof memberEvents>;
