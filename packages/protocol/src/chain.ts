// The hash chain of a node's history: each link covers the bytes of one commit and, through the link before, all
// earlier ones. Equal links mean equal histories, so a difference is found by comparing 32 bytes.

import { createHash } from 'node:crypto';
import { assert } from '@netreel/sim';

/** SHA-256 as 64 hexadecimal digits. */
export type ChainHash = string;

/** The link before a node's first commit. Holds the name, so that two nodes never share a chain. */
export function genesisHash(node: string): ChainHash {
  return createHash('sha256').update(`netreel/v1/${node}`).digest('hex');
}

/** The link of the commit `bytes` whose predecessor has the link `previous`. */
export function chainHash(previous: ChainHash, bytes: Uint8Array): ChainHash {
  assert(previous.length === 64, 'a link of a chain has 64 hexadecimal digits');
  return createHash('sha256').update(previous, 'hex').update(bytes).digest('hex');
}

/** One hash for a whole run, from the last link of every node: the same however the run was spread over processes. */
export function historyHash(chains: ReadonlyMap<string, ChainHash>): string {
  const hash = createHash('sha256');
  for (const node of [...chains.keys()].sort()) hash.update(`${node}=${chains.get(node)!}\n`);
  return `sha256:${hash.digest('hex')}`;
}
