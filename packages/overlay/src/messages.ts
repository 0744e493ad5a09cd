// What nodes tell each other: bodies of envelopes. Each kind is its own record, so that a fault rule or a bus subject
// can single it out. The sender is the envelope's source; a message never names it again. Numbers 300 to 349.

import { defineRecords, type RecordOf } from '@netreel/sim';

/** Between a host and the store. */
export const storeMessages = defineRecords({
  /** `request` is the host's own number of it: a repeated message carries the same one. */
  StoreAsked: { number: 300, fields: { request: 'int', operation: 'text', body: 'json' } },
  /** `body`: StoreAnswer. */
  StoreAnswered: { number: 301, fields: { request: 'int', body: 'json' } },
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
      lamport: 'int' },
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
export const overlayMessages = defineRecords({ ...storeMessages, ...gossipMessages });

export type StoreMessage = RecordOf<typeof storeMessages>;
export type StoreAsked = Extract<StoreMessage, { type: 'StoreAsked' }>;
export type StoreAnswered = Extract<StoreMessage, { type: 'StoreAnswered' }>;
export type GossipMessage = RecordOf<typeof gossipMessages>;
export type OverlayMessage = RecordOf<typeof overlayMessages>;
