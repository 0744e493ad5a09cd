// Changes of the objects of a swarm: the cluster itself, its nodes, services and tasks. Swarmkit's words. Specs are
// kept as the Docker API carries them. `at` is the moment that inspect prints as created or updated.

import { defineRecords, type RecordOf } from '@netreel/sim';

export const swarmEvents = defineRecords({
  /** `spec`: the API's SwarmSpec. Tokens: what a node shows to join as a worker or a manager. */
  StoreClusterCreated: {
    number: 264,
    fields: { id: 'text', spec: 'json', workerToken: 'text', managerToken: 'text', at: 'ns', hostNetwork: 'text',
      bridgeNetwork: 'text' },
  },
  StoreClusterUpdated: {
    number: 265,
    fields: { spec: 'json', workerToken: 'text', managerToken: 'text', at: 'ns' },
  },
  /** `index`: of the node in the lab. `spec`: the API's NodeSpec. */
  StoreNodeCreated: {
    number: 266,
    fields: { id: 'text', index: 'int', hostname: 'text', address: 'ipv4', spec: 'json', at: 'ns' },
  },
  StoreNodeUpdated: { number: 267, fields: { id: 'text', spec: 'json', at: 'ns' } },
  /** `state`: unknown, down, ready or disconnected. `message`: why. */
  StoreNodeStatusChanged: { number: 268, fields: { id: 'text', state: 'text', message: 'text', at: 'ns' } },
  StoreNodeRemoved: { number: 269, fields: { id: 'text' } },
  /** All tables as another member had them: this one was too far behind for the log. */
  StoreRestored: { number: 277, fields: { state: 'json' } },
  /** The node manages no more, and forgets the cluster. */
  StoreForgotten: { number: 289, fields: {} },
  /** `spec`: the API's ServiceSpec, with swarm's defaults. */
  StoreServiceCreated: { number: 278, fields: { id: 'text', name: 'text', spec: 'json', at: 'ns' } },
  /** `previous`: the spec that a rollback goes back to; null for none. */
  StoreServiceUpdated: { number: 279, fields: { id: 'text', spec: 'json', previous: 'json', at: 'ns' } },
  /** `endpoint`: ServiceEndpoint, the virtual addresses and ports that the allocator found. */
  StoreServiceAllocated: { number: 280, fields: { id: 'text', endpoint: 'json', at: 'ns' } },
  /** `status`: the API's UpdateStatus; null for none. */
  StoreServiceProgressed: { number: 281, fields: { id: 'text', status: 'json', at: 'ns' } },
  StoreServiceRemoved: { number: 282, fields: { id: 'text' } },
  /** `slot`: which replica it is, from 1; 0 of a global service. `node`: given from the start for a global one.
   * `endpoint`: the service's EndpointSpec that it was made for. */
  StoreTaskCreated: {
    number: 283,
    fields: { id: 'text', service: 'text', slot: 'int', node: 'text', spec: 'json', specVersion: 'int',
      desired: 'text', at: 'ns', endpoint: 'json' },
  },
  /** `attachments`: TaskAttachment[], one for each network. `ports`: of host mode, with numbers. */
  StoreTaskAllocated: { number: 284, fields: { id: 'text', attachments: 'json', at: 'ns' } },
  /** The scheduler chose a node. */
  StoreTaskAssigned: { number: 285, fields: { id: 'text', node: 'text', message: 'text', at: 'ns' } },
  StoreTaskDesired: { number: 286, fields: { id: 'text', desired: 'text', at: 'ns' } },
  /** What the task's node, or the scheduler, says of it. `container`: its id there. `exitCode`: 1 more; 0 for none. */
  StoreTaskStatusChanged: {
    number: 287,
    fields: { id: 'text', state: 'text', message: 'text', error: 'text', container: 'text', pid: 'int',
      exitCode: 'int', ports: 'json', at: 'ns' },
  },
  StoreTaskRemoved: { number: 288, fields: { id: 'text' } },
});

export type SwarmEvent = RecordOf<typeof swarmEvents>;
