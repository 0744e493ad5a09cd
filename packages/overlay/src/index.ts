export { storeEvents, gossipEvents } from './events.js';
export type { StoreEvent, GossipEvent } from './events.js';
export { overlayMessages, storeMessages, gossipMessages } from './messages.js';
export type { OverlayMessage, StoreMessage, StoreAsked, StoreAnswered, GossipMessage } from './messages.js';
export { Store } from './store/store.js';
export type { StorePort } from './store/store.js';
export { hostEndpointOwner } from './store/objects.js';
export type {
  OverlayNetwork, OverlayNetworkSpec, RefusalKind, StoreAnswer, StoreBodies, StoreOperation, StoreRefusal, SubnetSpec,
} from './store/objects.js';
export { emptyStoreTables, findNetwork, FIRST_VNI } from './store/tables.js';
export type { StoreTables, StoreNetworkRow, PoolRow, TakenRow } from './store/tables.js';
export { overlayNetworks } from './store/network.js';
export { evolveStore } from './store/evolve.js';
export { VNI_OPTION } from './store/allocate.js';
export { StoreClientAgent, RESEND_AFTER_NS, RESENDS } from './client/agent.js';
export type { StoreClientPort } from './client/agent.js';
export { Gossip, SYNC_EVERY_NS } from './gossip/gossip.js';
export type { GossipPort } from './gossip/port.js';
export type { OwnEndpoint } from './gossip/voice.js';
export { TOMBSTONE_LIFE_NS } from './gossip/transit.js';
export { emptyGossipTables, isOn, joinedPeers, liveEndpoints } from './gossip/tables.js';
export type { EndpointRow, GossipTables, GossipNetworkRow, PeerRow } from './gossip/tables.js';
export { evolveGossip } from './gossip/evolve.js';
export { derivedRows } from './tunnel/rows.js';
export type { TunnelRows } from './tunnel/rows.js';
