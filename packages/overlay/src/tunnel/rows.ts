// Which rows a host's tunnel device must have: a pure function of the host's own gossip tables, so that what is
// programmed can be compared at any moment with what should be.

import type { Ipv4, Mac } from '@netreel/wire';
import { isNewer, joinedPeers, liveEndpoints, type EndpointRow, type GossipTables } from '../gossip/tables.js';

/** What belongs into the vxlan device of one network on one host. Every list is sorted and holds nothing twice. */
export interface TunnelRows {
  /** Who has an address: answered without asking over the tunnel. */
  readonly neighbours: readonly { readonly address: Ipv4; readonly mac: Mac }[];
  /** Behind which tunnel end a MAC is. */
  readonly forwarding: readonly { readonly mac: Mac; readonly remote: Ipv4 }[];
  /** Tunnel ends that get what is meant for everybody. */
  readonly flood: readonly Ipv4[];
}

/** Rows of node `self` for `network`. Nothing when it is not on the network. */
export function derivedRows(tables: GossipTables, network: string, self: number): TunnelRows {
  const peers = joinedPeers(tables, network);
  if (!peers.some((peer) => peer.node === self)) return { neighbours: [], forwarding: [], flood: [] };
  const byAddress = new Map<Ipv4, EndpointRow>();
  const byMac = new Map<Mac, EndpointRow>();
  for (const row of liveEndpoints(tables, network)) {
    // An address that moved is known twice for a while, if only for one message: the later row holds.
    keepNewest(byAddress, row.address, row);
    keepNewest(byMac, row.mac, row);
  }
  const neighbours = [...byAddress.values()].filter((row) => row.node !== self)
    .map(({ address, mac }) => ({ address, mac })).sort((a, b) => a.address - b.address);
  const forwarding = [...byMac.values()].filter((row) => row.node !== self)
    .map(({ mac, vtep }) => ({ mac, remote: vtep })).sort((a, b) => a.mac - b.mac);
  const ends = new Set<Ipv4>();
  for (const peer of peers) if (peer.node !== self) ends.add(peer.address);
  return { neighbours, forwarding, flood: [...ends].sort((a, b) => a - b) };
}

function keepNewest<K>(rows: Map<K, EndpointRow>, key: K, row: EndpointRow): void {
  const known = rows.get(key);
  if (known === undefined || isNewer(row, known)) rows.set(key, row);
}
