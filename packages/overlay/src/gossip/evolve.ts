// How an event changes one host's gossip tables: the only writer of them.

import { unreachable } from '@netreel/sim';
import type { GossipEvent } from '../events.js';
import type { GossipNetworkRow, GossipTables, PeerRow } from './tables.js';

export function evolveGossip(tables: GossipTables, event: GossipEvent): void {
  if ('lamport' in event && event.lamport > tables.clock) tables.clock = event.lamport;
  const row = rowOf(tables, event.network);
  switch (event.type) {
    case 'NetworkPeerJoined':
      setPeer(row, { node: event.node, address: event.address, lamport: event.lamport, joined: true, leftAt: 0 });
      return;
    case 'NetworkPeerLeft': {
      const { node, lamport, leftAt } = event;
      setPeer(row, { node, address: row.peers.get(node)?.address ?? 0, lamport, joined: false, leftAt });
      return;
    }
    case 'PeerEndpointLearned': {
      const { endpoint, node, name, names, address, mac, vtep, lamport, vip, vipNames } = event;
      row.endpoints.set(endpoint, { endpoint, node, name, names, address, mac, vtep, vip, vipNames, lamport,
        forgotten: false,
        forgottenAt: 0 });
      return;
    }
    case 'PeerEndpointForgotten': {
      const { endpoint, node, lamport, forgottenAt } = event;
      row.endpoints.set(endpoint, { endpoint, node, name: '', names: [], address: 0, mac: 0, vtep: 0, vip: 0,
        vipNames: [], lamport,
        forgotten: true, forgottenAt });
      return;
    }
    case 'PeerEndpointReaped':
      row.endpoints.delete(event.endpoint);
      break;
    case 'NetworkPeerReaped':
      row.peers.delete(event.node);
      break;
    case 'NetworkRowsDropped':
      row.endpoints.clear();
      break;
    default:
      unreachable(event);
  }
  if (row.peers.size === 0 && row.endpoints.size === 0) tables.networks.delete(event.network);
}

function rowOf(tables: GossipTables, network: string): GossipNetworkRow {
  let row = tables.networks.get(network);
  if (row === undefined) tables.networks.set(network, row = { peers: new Map(), endpoints: new Map() });
  return row;
}

/** A new membership, and the end of one, puts an end to all rows that the node wrote before. */
function setPeer(row: GossipNetworkRow, peer: PeerRow): void {
  row.peers.set(peer.node, peer);
  for (const endpoint of row.endpoints.values()) {
    if (endpoint.node === peer.node && endpoint.lamport < peer.lamport) row.endpoints.delete(endpoint.endpoint);
  }
}
