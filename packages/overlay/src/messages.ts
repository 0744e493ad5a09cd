// What nodes tell each other: bodies of envelopes. Each kind is its own record, so that a fault rule or a bus subject
// can single it out. The sender is the envelope's source; a message never names it again. Numbers 300 to 349.

import { defineRecords, type RecordOf } from '@netreel/sim';
import { raftMessages } from './raft/messages.js';

/** Between a host and the store. */
export const storeMessages = defineRecords({
  /** `request` is the host's own number of it: a repeated message carries the same one. */
  StoreAsked: { number: 300, fields: { request: 'int', operation: 'text', body: 'json' } },
  /** `body`: StoreAnswer. */
  StoreAnswered: { number: 301, fields: { request: 'int', body: 'json' } },
});

/** Between the agent of a node and the dispatcher of the manager that leads. `session` is empty for none. */
export const dispatchMessages = defineRecords({
  /** The asked node leads no more, or never did: `leader` is 1 more than the index of the one that does. */
  StoreRedirected: { number: 302, fields: { request: 'int', leader: 'int' } },
  /** An agent wants a session for the node of this id. */
  AgentSessionAsked: { number: 326, fields: { node: 'text' } },
  /**
   * A session begins, or something that the node has to know of changed. `managers`: indexes of those it may turn to.
   * An empty `session`: the cluster knows no such node.
   */
  AgentSessionGiven: {
    number: 327,
    fields: { node: 'text', session: 'text', role: 'text', managers: 'ints', periodNs: 'ns' },
  },
  /** The leader wants the host to ask for a session: the first service of a cluster is there. */
  AgentSessionInvited: { number: 328, fields: { node: 'text' } },
  /** `taken`: number of the last assignments that were taken. */
  AgentHeartbeatSent: { number: 329, fields: { session: 'text', taken: 'int' } },
  /** `known`: false when the session is over. */
  AgentHeartbeatAnswered: { number: 330, fields: { session: 'text', known: 'flag' } },
  /** What the node has to do from now on. `tasks`: AssignedTask[] that are new or changed. `full`: and nothing else. */
  AssignmentsSent: {
    number: 331,
    fields: { session: 'text', assignment: 'int', full: 'flag', tasks: 'json', removed: 'texts' },
  },
  AssignmentsTaken: { number: 332, fields: { session: 'text', assignment: 'int' } },
});

/** Between hosts. */
export const gossipMessages = defineRecords({
  /** To every host: the sender is on the network from now on. */
  NetworkJoinSent: { number: 310, fields: { network: 'text', vtep: 'ipv4', lamport: 'int' } },
  /** To every host. */
  NetworkLeaveSent: { number: 311, fields: { network: 'text', lamport: 'int' } },
  /** To the hosts on the network: one of the sender's endpoints as it is now. */
  EndpointSent: {
    number: 312,
    fields: { network: 'text', endpoint: 'text', name: 'text', names: 'texts', address: 'ipv4', mac: 'mac',
      vtep: 'ipv4',
      lamport: 'int', vip: 'ipv4', vipNames: 'texts' },
  },
  EndpointWithdrawn: { number: 313, fields: { network: 'text', endpoint: 'text', lamport: 'int' } },
  /** All the sender knows of one network; wants the same back. `peers`: SentPeer[]. `endpoints`: SentEndpoint[]. */
  BulkSyncAsked: { number: 314, fields: { network: 'text', peers: 'json', endpoints: 'json' } },
  BulkSyncSent: { number: 315, fields: { network: 'text', peers: 'json', endpoints: 'json' } },
  /** Who is on which network, as far as the sender knows; wants the same back. `peers`: SentPeer[]. */
  MembershipAsked: { number: 316, fields: { peers: 'json' } },
  MembershipSent: { number: 317, fields: { peers: 'json' } },
});

/** All kinds in one table, for whoever writes or carries them. */
export const overlayMessages = defineRecords({ ...storeMessages, ...dispatchMessages, ...raftMessages,
  ...gossipMessages });

export type StoreMessage = RecordOf<typeof storeMessages>;
export type StoreAsked = Extract<StoreMessage, { type: 'StoreAsked' }>;
export type StoreAnswered = Extract<StoreMessage, { type: 'StoreAnswered' }>;
export type DispatchMessage = RecordOf<typeof dispatchMessages>;
export type GossipMessage = RecordOf<typeof gossipMessages>;
export type OverlayMessage = RecordOf<typeof overlayMessages>;
