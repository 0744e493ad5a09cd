// What a node shows to join: `SWMTKN-1-`, 50 digits that name the cluster's root certificate, 25 of a secret. Here both
// are drawn; what counts is that a token of another cluster, or of before a rotation, is refused.

import { swarmId } from '../identity.js';

const PREFIX = 'SWMTKN-1-';
const DIGEST_DIGITS = 50;
const DIGEST_HEX_DIGITS = 64;

export type NewId = (kind: string, digits?: number) => string;

/** The part that all tokens of a cluster share. */
export function clusterDigest(newId: NewId): string {
  return BigInt(`0x${newId('cluster-certificate', DIGEST_HEX_DIGITS)}`).toString(36).padStart(DIGEST_DIGITS, '0')
    .slice(-DIGEST_DIGITS);
}

export function joinToken(digest: string, newId: NewId): string {
  return `${PREFIX}${digest}-${swarmId(newId, 'join-secret')}`;
}

/** The digest in a token; undefined when it is none at all. */
export function digestOf(token: string): string | undefined {
  return /^SWMTKN-1-([0-9a-z]{50})-[0-9a-z]{25}$/.exec(token)?.[1];
}
