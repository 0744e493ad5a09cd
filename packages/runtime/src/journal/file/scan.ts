// A reel read as it lies, from any place in it: for whoever has been here before and knows where an entry starts.
// Nothing before that place is looked at, and of commits that nobody asked for only the heads.

import { closeSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { JournalFault, type PlacedCommit } from '../journal.js';
import {
  decodeCommit, decodeHead, ENTRY, ENTRY_HEAD_BYTES, FILE_HEAD_BYTES, unpack, type CommitHead, type EntryHead,
} from './format.js';

const BLOCK_BYTES = 1024 * 1024;
/** A commit's head and the longest name of a node. */
const COMMIT_HEAD_BYTES_MAX = 49 + 255;

/**
 * The commits of the wanted nodes between two places, in stored order. An entry that was never finished ends it; so
 * does the end of the file. `end` of a commit in a packed entry is where that one starts, but for its last:
 * whoever goes on from there meets the first ones again.
 */
export function* scanReel(path: string, from: number, until: number,
  wanted: (node: string) => boolean): Generator<PlacedCommit> {
  const blocks = new Blocks(path);
  try {
    let offset = Math.max(from, FILE_HEAD_BYTES);
    while (offset < until) {
      const at = offset;
      const headBytes = blocks.at(at, ENTRY_HEAD_BYTES);
      if (headBytes === undefined) return;
      const head = decodeHead(headBytes);
      if (head === undefined) {
        if (headBytes.every((byte) => byte === 0)) return;
        throw new JournalFault('damaged', `${path}: offset ${at}: expected an entry whose head fits its check sum`);
      }
      const start = at + ENTRY_HEAD_BYTES;
      offset = start + head.sizeBytes;
      if (head.kind === ENTRY.packed) {
        const payload = blocks.at(start, head.sizeBytes);
        if (payload === undefined) return;
        yield* packedCommits(checked(path, start, head, payload), path, at, offset, wanted);
      }
      if (head.kind !== ENTRY.commit) continue;
      const some = blocks.at(start, Math.min(head.sizeBytes, COMMIT_HEAD_BYTES_MAX));
      const about = some === undefined ? undefined : decodeCommit(some);
      if (about === undefined) return;
      if (!wanted(about.node)) continue;
      const payload = blocks.at(start, head.sizeBytes);
      if (payload === undefined) return;
      yield placed(about, checked(path, start, head, payload), offset);
    }
  } finally {
    blocks.close();
  }
}

function* packedCommits(payload: Buffer, path: string, at: number, end: number,
  wanted: (node: string) => boolean): Generator<PlacedCommit> {
  const bytes = unpack(payload);
  if (bytes === undefined) throw new JournalFault('damaged', `${path}: offset ${at}: expected packed entries`);
  for (let place = 0; place < bytes.length;) {
    const head = decodeHead(bytes.subarray(place, place + ENTRY_HEAD_BYTES));
    if (head === undefined) throw new JournalFault('damaged', `${path}: offset ${at}: expected whole packed entries`);
    const start = place + ENTRY_HEAD_BYTES;
    place = start + head.sizeBytes;
    const entry = bytes.subarray(start, place);
    const about = head.kind === ENTRY.commit ? decodeCommit(entry) : undefined;
    if (about !== undefined && wanted(about.node)) yield placed(about, entry, place === bytes.length ? end : at);
  }
}

/** Bytes of a block that the next one overwrites: whoever keeps them copies them. */
function placed({ node, number, from, chain, bytesAt }: CommitHead, payload: Buffer, end: number): PlacedCommit {
  return { node, number, from, chain, bytes: payload.subarray(bytesAt), end };
}

function checked(path: string, start: number, head: EntryHead, payload: Buffer): Buffer {
  if (crc32(payload) === head.payloadSum) return payload;
  throw new JournalFault('damaged', `${path}: offset ${start}: expected ${head.sizeBytes} bytes with check sum ` +
    `${head.payloadSum}, found ${crc32(payload)}`);
}

/** A window onto the file that moves forward. */
class Blocks {
  private readonly file: number;
  private block = Buffer.alloc(0);
  private blockAt = 0;

  constructor(path: string) {
    this.file = openSync(path, 'r');
  }

  /** `sizeBytes` from `offset` on; undefined where the file ends before that. */
  at(offset: number, sizeBytes: number): Buffer | undefined {
    if (offset < this.blockAt || offset + sizeBytes > this.blockAt + this.block.length) this.load(offset, sizeBytes);
    const start = offset - this.blockAt;
    return start + sizeBytes > this.block.length ? undefined : this.block.subarray(start, start + sizeBytes);
  }

  close(): void {
    closeSync(this.file);
  }

  private load(offset: number, sizeBytes: number): void {
    const bytes = Buffer.allocUnsafe(Math.max(BLOCK_BYTES, sizeBytes));
    let done = 0;
    while (done < bytes.length) {
      const count = readSync(this.file, bytes, done, bytes.length - done, offset + done);
      if (count === 0) break;
      done += count;
    }
    this.block = bytes.subarray(0, done);
    this.blockAt = offset;
  }
}
