// One host's copy of what hosts tell each other. Written by evolve.ts alone; the rules that decide which of two rows
// holds stand here, because everybody must decide alike.

import type { SimTime } from '@netreel/sim';
import type { Ipv4, Mac } from '@netreel/wire';

/** One node's membership in one network. Only the node itself changes it, each time with a higher Lamport time. */
export interface PeerRow {
  readonly node: number;
  /** Where its tunnel ends. Kept after it left. */
  readonly address: Ipv4;
  readonly lamport: number;
  readonly joined: boolean;
  readonly leftAt: SimTime;
}

/** One endpoint, or the tombstone of one. */
export interface EndpointRow {
  readonly endpoint: string;
  readonly node: number;
  readonly name: string;
  readonly names: readonly string[];
  readonly address: Ipv4;
  readonly mac: Mac;
  readonly vtep: Ipv4;
  /** Virtual address of the service that it is a task of; 0 for none. */
  readonly vip: Ipv4;
  readonly vipNames: readonly string[];
  readonly lamport: number;
  readonly forgotten: boolean;
  readonly forgottenAt: SimTime;
}

export interface GossipNetworkRow {
  /** By node index. */
  readonly peers: Map<number, PeerRow>;
  /** By endpoint id. */
  readonly endpoints: Map<string, EndpointRow>;
}

export interface GossipTables {
  readonly networks: Map<string, GossipNetworkRow>;
  /** The highest Lamport time seen in any row. */
  clock: number;
}

export function emptyGossipTables(): GossipTables {
  return { networks: new Map(), clock: 0 };
}

/** Which of two rows of one endpoint holds. The node breaks a tie of two writers, so that all hosts end alike. */
export function isNewer(row: { lamport: number; node: number }, known: { lamport: number; node: number }): boolean {
  return row.lamport > known.lamport || (row.lamport === known.lamport && row.node > known.node);
}

/** Whether `node` is on the network, as far as these tables know. */
export function isOn(tables: GossipTables, network: string, node: number): boolean {
  return tables.networks.get(network)?.peers.get(node)?.joined === true;
}

/** The nodes on a network, by index. */
export function joinedPeers(tables: GossipTables, network: string): PeerRow[] {
  const peers: PeerRow[] = [];
  for (const peer of tables.networks.get(network)?.peers.values() ?? []) if (peer.joined) peers.push(peer);
  return peers.sort((a, b) => a.node - b.node);
}

/**
 * The endpoints that exist, by id: neither forgotten nor of a node that is not on the network. A row may come before
 * its node's membership does; it is kept and counts from then on.
 */
export function liveEndpoints(tables: GossipTables, network: string): EndpointRow[] {
  const row = tables.networks.get(network);
  if (row === undefined) return [];
  const live: EndpointRow[] = [];
  for (const endpoint of row.endpoints.values()) {
    if (!endpoint.forgotten && row.peers.get(endpoint.node)?.joined === true) live.push(endpoint);
  }
  return live.sort((a, b) => (a.endpoint < b.endpoint ? -1 : 1));
}
