// Every change of what spans hosts. Store events happen on the overlay node alone; gossip events on each host, about
// its own copy of the shared tables. Swarm's and NetworkDB's words. Numbers 250 to 299.

import { defineRecords, type RecordOf } from '@netreel/sim';
import { swarmEvents } from './store/swarm-events.js';

/** Changes of the strongly consistent half: networks, their addresses, and what was answered. */
export const networkEvents = defineRecords({
  /** A network was ordered. `spec`: OverlayNetworkSpec as it was typed. It has no subnet before it is allocated. */
  StoreNetworkCreated: { number: 250, fields: { id: 'text', name: 'text', ingress: 'flag', spec: 'json',
    createdAt: 'ns' } },
  /**
   * The allocator found room. `vnis`: one for each subnet. `subnets`: with gateways filled in. `nextPool` and `nextVni`
   * say where the allocator goes on looking, so that neither is reused soon.
   */
  StoreNetworkAllocated: {
    number: 251,
    fields: { network: 'text', vnis: 'ints', subnets: 'json', nextPool: 'int', nextVni: 'int' },
  },
  StoreNetworkRemoved: { number: 252, fields: { id: 'text' } },
  /**
   * `owner` names the endpoint, `host` is the index of the node it is on. `task`: the id of the attachment, empty for a
   * host's own endpoint. `serial`: the address was next in turn, so the turn moves on behind it. `request`: the host's
   * number of the request that it belongs to; given again to the same owner, the row gets the later number. `swarm`:
   * the
   * owner is a service or a task of the store's own.
   */
  StoreAddressTaken: {
    number: 253,
    fields: { network: 'text', address: 'ipv4', owner: 'text', host: 'int', task: 'text', serial: 'flag',
      request: 'int', swarm: 'flag' },
  },
  StoreAddressReleased: { number: 254, fields: { network: 'text', address: 'ipv4' } },
  /** A request that may change something was decided; when it is repeated it gets the same answer. */
  StoreRequestDecided: { number: 255, fields: { host: 'int', request: 'int', answer: 'json' } },
});

/** All changes of the store in one table. */
export const storeEvents = defineRecords({ ...networkEvents, ...swarmEvents });

/** Changes of one host's copy of the eventually consistent half. `node` is a node's index: whom the row is about. */
export const gossipEvents = defineRecords({
  /** `address`: where the node's tunnel ends (VTEP). */
  NetworkPeerJoined: { number: 270, fields: { network: 'text', node: 'int', address: 'ipv4', lamport: 'int' } },
  NetworkPeerLeft: { number: 271, fields: { network: 'text', node: 'int', lamport: 'int', leftAt: 'ns' } },
  /** A row came, or came with a new value. `names`: what DNS answers for the endpoint. `vip`, `vipNames`:
   * virtual address of the service that it is a task of, and what that is called. */
  PeerEndpointLearned: {
    number: 272,
    fields: { network: 'text', endpoint: 'text', node: 'int', name: 'text', names: 'texts', address: 'ipv4', mac: 'mac',
      vtep: 'ipv4', lamport: 'int', vip: 'ipv4', vipNames: 'texts' },
  },
  /** The row is gone and leaves a tombstone, known before or not. */
  PeerEndpointForgotten: {
    number: 273,
    fields: { network: 'text', endpoint: 'text', node: 'int', lamport: 'int', forgottenAt: 'ns' },
  },
  /** A tombstone is old enough to go. */
  PeerEndpointReaped: { number: 274, fields: { network: 'text', endpoint: 'text' } },
  /** What is known of a node that left long ago goes. */
  NetworkPeerReaped: { number: 275, fields: { network: 'text', node: 'int' } },
  /** This host left the network and keeps no endpoints of it. */
  NetworkRowsDropped: { number: 276, fields: { network: 'text' } },
});

export type StoreEvent = RecordOf<typeof storeEvents>;
export type GossipEvent = RecordOf<typeof gossipEvents>;
