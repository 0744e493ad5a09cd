// The bytes of a `.reel` file: magic and version, then entries. Each entry has a head with its length and two check
// sums: one of the head itself, so that a damaged length is not taken for a torn end, and one of what follows.

import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import type { StoredCommit } from '../journal.js';

export const MAGIC = Buffer.from('NETREEL\n', 'latin1');
export const VERSION = 1;
export const FILE_HEAD_BYTES = MAGIC.length + 4;
/** length (4), kind (1), check sum of the payload (4), check sum of these nine bytes (4). */
export const ENTRY_HEAD_BYTES = 13;

/** `packed` holds other entries, compressed: a file for the road. */
export const ENTRY = { manifest: 1, commit: 2, fence: 3, summary: 4, packed: 5 } as const;

/** Before the bytes of a commit: number (8), from (8), link (32), length of the node's name (1) and the name. */
const COMMIT_HEAD_BYTES = 49;

export interface EntryHead {
  readonly kind: number;
  readonly sizeBytes: number;
  readonly payloadSum: number;
}

export function fileHead(): Buffer {
  const version = Buffer.alloc(4);
  version.writeUInt32LE(VERSION);
  return Buffer.concat([MAGIC, version]);
}

export function encodeEntry(kind: number, ...parts: readonly Uint8Array[]): Buffer {
  const entry = Buffer.concat([Buffer.alloc(ENTRY_HEAD_BYTES), ...parts]);
  entry.writeUInt32LE(entry.length - ENTRY_HEAD_BYTES, 0);
  entry.writeUInt8(kind, 4);
  entry.writeUInt32LE(crc32(entry.subarray(ENTRY_HEAD_BYTES)), 5);
  entry.writeUInt32LE(crc32(entry.subarray(0, 9)), 9);
  return entry;
}

/** The head of an entry; undefined when its check sum does not fit. */
export function decodeHead(bytes: Buffer): EntryHead | undefined {
  if (bytes.readUInt32LE(9) !== crc32(bytes.subarray(0, 9))) return undefined;
  return { sizeBytes: bytes.readUInt32LE(0), kind: bytes.readUInt8(4), payloadSum: bytes.readUInt32LE(5) };
}

export function encodeJson(kind: number, value: unknown): Buffer {
  return encodeEntry(kind, Buffer.from(JSON.stringify(value), 'utf8'));
}

/** Several entries as one, smaller. */
export function encodePacked(entries: readonly Buffer[]): Buffer {
  return encodeEntry(ENTRY.packed, deflateRawSync(Buffer.concat(entries)));
}

/** The entries in a packed one, one behind the other; undefined when they cannot be unpacked. */
export function unpack(payload: Buffer): Buffer | undefined {
  try {
    return inflateRawSync(payload);
  } catch {
    return undefined;
  }
}

export function encodeCommit(node: string, commit: StoredCommit): Buffer {
  const name = Buffer.from(node, 'latin1');
  const head = Buffer.alloc(COMMIT_HEAD_BYTES);
  head.writeBigUInt64LE(BigInt(commit.number), 0);
  head.writeBigUInt64LE(BigInt(commit.from), 8);
  head.write(commit.chain, 16, 'hex');
  head.writeUInt8(name.length, 48);
  return encodeEntry(ENTRY.commit, head, name, commit.bytes);
}

/** What a commit entry says besides its bytes. */
export interface CommitHead {
  readonly node: string;
  readonly number: number;
  readonly from: number;
  readonly chain: string;
  /** Where in the payload the commit's bytes start. */
  readonly bytesAt: number;
}

export function decodeCommit(payload: Buffer): CommitHead | undefined {
  if (payload.length < COMMIT_HEAD_BYTES) return undefined;
  const bytesAt = COMMIT_HEAD_BYTES + payload.readUInt8(48);
  if (payload.length < bytesAt) return undefined;
  return {
    node: payload.toString('latin1', COMMIT_HEAD_BYTES, bytesAt), number: Number(payload.readBigUInt64LE(0)),
    from: Number(payload.readBigUInt64LE(8)), chain: payload.toString('hex', 16, 48), bytesAt,
  };
}
