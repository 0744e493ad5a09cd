// SHA-256 as image and layer ids have it. The one door to the library.

import { sha256 } from '@noble/hashes/sha256';

/** `sha256:` and 64 digits. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${hexDigest(bytes)}`;
}

export function hexDigest(bytes: Uint8Array): string {
  return [...sha256(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
