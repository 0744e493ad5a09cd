// The hosts on an overlay, in the words of the engine.

import type { OverlayPeer } from '@netreel/engine';
import { type GossipTables, joinedPeers } from '@netreel/overlay';
import { hexId } from '@netreel/sim';

/** Makes the names that engines give each other: the first digits of an id that each draws for itself. */
const NAME_KEY = 0x9ee5;

/** Everybody on an overlay, the host of these tables included, by node. */
export function overlayPeers(tables: GossipTables, network: string): OverlayPeer[] {
  return joinedPeers(tables, network).map(({ node, address }) =>
    ({ name: hexId(NAME_KEY, `node/${node}`, 12), address }));
}
