// Rows as they travel in a sync. Ages travel instead of moments, so that a tombstone that is passed on grows no younger
// and dies everywhere.

import { MINUTE, type SimTime } from '@netreel/sim';
import type { EndpointRow, GossipTables, PeerRow } from './tables.js';

/** How long a tombstone keeps late news of its endpoint out. */
export const TOMBSTONE_LIFE_NS = 30 * MINUTE;

export type SentPeer = {
  readonly network: string; readonly node: number; readonly address: number; readonly lamport: number;
  readonly joined: boolean; readonly ageNs: number;
};

export type SentEndpoint = {
  readonly endpoint: string; readonly node: number; readonly name: string; readonly names: readonly string[];
  readonly address: number; readonly mac: number; readonly vtep: number; readonly lamport: number;
  readonly vip: number; readonly vipNames: readonly string[];
  readonly forgotten: boolean; readonly ageNs: number;
};

/** Everybody that is known to be, or to have been, on `network`, by node. */
export function sentPeers(tables: GossipTables, network: string, now: SimTime): SentPeer[] {
  const peers: PeerRow[] = [...(tables.networks.get(network)?.peers.values() ?? [])].sort((a, b) => a.node - b.node);
  return peers.map(({ node, address, lamport, joined, leftAt }) =>
    ({ network, node, address, lamport, joined, ageNs: joined ? 0 : now - leftAt }));
}

/** Every endpoint and tombstone of `network`, by id. */
export function sentEndpoints(tables: GossipTables, network: string, now: SimTime): SentEndpoint[] {
  const rows: EndpointRow[] = [...(tables.networks.get(network)?.endpoints.values() ?? [])];
  rows.sort((a, b) => (a.endpoint < b.endpoint ? -1 : 1));
  return rows.map(({ forgottenAt, forgotten, ...row }) =>
    ({ ...row, forgotten,
      ageNs: forgotten ? now - forgottenAt : 0 }));
}

/** All networks that anybody is known to be on, by id. */
export function knownNetworks(tables: GossipTables): string[] {
  return [...tables.networks.keys()].sort();
}
