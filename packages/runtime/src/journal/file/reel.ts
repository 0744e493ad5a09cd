// One `.reel` file: everything about one run. It is only ever appended to. A crash may tear its last entry: that is
// recognised, and cut before the next append; bytes that changed anywhere else are a fault that names the place.

import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import type { Json } from '@netreel/sim';
import { crc32 } from 'node:zlib';
import { JournalFault, type RunManifest } from '../journal.js';
import { NodeHistory, type StoredLink } from '../node-history.js';
import {
  decodeCommit, decodeHead, ENTRY, ENTRY_HEAD_BYTES, FILE_HEAD_BYTES, MAGIC, unpack, VERSION, type EntryHead,
} from './format.js';

/** Where a commit's bytes are: in the file, or in what a packed entry of it holds. */
export interface PlacedLink extends StoredLink {
  readonly offset: number;
  readonly sizeBytes: number;
  readonly pack: Pack | undefined;
}

/** A packed entry's payload. */
interface Pack {
  readonly offset: number;
  readonly sizeBytes: number;
}

export class Reel {
  manifest: RunManifest | undefined;
  summary: Json | undefined;
  /** Bytes at the end that a crash left behind; 0 for a whole file. */
  tornBytes = 0;
  private readonly histories = new Map<string, NodeHistory<PlacedLink>>();
  private readonly file: number;
  private readBytes = 0;

  private unpacked: { readonly pack: Pack; readonly bytes: Buffer } | undefined;

  /**
   * `salvage`: is told of damage, which is passed over; what does not follow from what is there is left out. Without it
   * damage is a fault.
   */
  constructor(readonly path: string, private readonly writing: boolean,
    private readonly report: (notice: string) => void, private readonly salvage?: (damage: string) => void) {
    this.file = openSync(path, writing ? 'r+' : 'r');
  }

  /** The history of a node; an empty one, not yet in the file, if it has none. */
  history(node: string): NodeHistory<PlacedLink> {
    let history = this.histories.get(node);
    if (history === undefined) {
      history = new NodeHistory<PlacedLink>(node);
      this.histories.set(node, history);
    }
    return history;
  }

  nodes(): readonly string[] {
    return [...this.histories].filter(([, history]) => history.links.length > 0).map(([name]) => name).sort();
  }

  /** Reads what has been added since the last time, by whomever. */
  refresh(): void {
    const { size } = fstatSync(this.file);
    if (size < this.readBytes) this.forget();
    if (this.readBytes === 0) this.readFileHead(size);
    while (this.readBytes < size) {
      const next = this.salvage === undefined ? this.readEntry(this.readBytes, size) : this.tryEntry(size);
      if (next === undefined) break;
      this.readBytes = next;
    }
    const torn = size - this.readBytes;
    if (torn > 0 && torn !== this.tornBytes) {
      this.report(`${this.path}: ${torn} bytes from ${this.readBytes} on belong to an entry that was never finished`);
    }
    this.tornBytes = torn;
    if (this.manifest === undefined) this.fault(this.readBytes, 'the manifest of a run');
  }

  /** Takes in the first entry, which is the manifest. */
  readFirst(): void {
    const { size } = fstatSync(this.file);
    this.readFileHead(size);
    this.readEntry(this.readBytes, size);
    if (this.manifest === undefined) this.fault(this.readBytes, 'the manifest of a run');
  }

  /** Adds whole entries; nothing of them if the disk does not take them all. */
  append(entries: readonly Buffer[], durable: boolean): void {
    this.refresh();
    if (this.tornBytes > 0) {
      ftruncateSync(this.file, this.readBytes);
      this.report(`${this.path}: cut ${this.tornBytes} bytes of an unfinished entry from ${this.readBytes} on`);
    }
    const bytes = entries.length === 1 ? entries[0]! : Buffer.concat(entries);
    try {
      for (let done = 0; done < bytes.length;) {
        done += writeSync(this.file, bytes, done, bytes.length - done, this.readBytes + done);
      }
    } catch (error) {
      ftruncateSync(this.file, this.readBytes);
      throw new JournalFault('unavailable', `${this.path}: ${(error as Error).message}`);
    }
    if (durable) this.sync();
    this.refresh();
  }

  /** The bytes of a stored commit. */
  bytesOf({ offset, sizeBytes, pack }: PlacedLink): Buffer {
    if (pack === undefined) return this.read(offset, sizeBytes);
    if (this.unpacked?.pack.offset !== pack.offset) {
      const bytes = unpack(this.read(pack.offset, pack.sizeBytes));
      if (bytes === undefined) this.fault(pack.offset, 'packed entries');
      this.unpacked = { pack, bytes };
    }
    return this.unpacked!.bytes.subarray(offset, offset + sizeBytes);
  }

  private read(offset: number, sizeBytes: number): Buffer {
    const bytes = Buffer.allocUnsafe(sizeBytes);
    let done = 0;
    while (done < sizeBytes) {
      const count = readSync(this.file, bytes, done, sizeBytes - done, offset + done);
      if (count === 0) this.fault(offset + done, `${sizeBytes - done} more bytes`);
      done += count;
    }
    return bytes;
  }

  sync(): void {
    fdatasyncSync(this.file);
  }

  close(): void {
    if (this.writing) this.sync();
    closeSync(this.file);
  }

  /** The file lost its tail under our hands: what it holds now is read from the start. */
  private forget(): void {
    this.readBytes = 0;
    this.summary = undefined;
    for (const history of this.histories.values()) {
      history.links.length = 0;
      history.epoch = 0;
    }
  }

  private readFileHead(size: number): void {
    if (size < FILE_HEAD_BYTES) this.fault(0, `a file of at least ${FILE_HEAD_BYTES} bytes`);
    const head = this.read(0, FILE_HEAD_BYTES);
    if (!head.subarray(0, MAGIC.length).equals(MAGIC)) this.fault(0, 'a .reel file, which starts with "NETREEL"');
    const version = head.readUInt32LE(MAGIC.length);
    if (version !== VERSION) {
      throw new JournalFault('version',
        `${this.path}: offset ${MAGIC.length}: format version ${version}, expected ${VERSION}`);
    }
    this.readBytes = FILE_HEAD_BYTES;
  }

  /** Takes in the entry at `offset`; where the next one starts, or undefined when this one was never finished. */
  private readEntry(offset: number, size: number): number | undefined {
    if (offset + ENTRY_HEAD_BYTES > size) return undefined;
    const head = decodeHead(this.read(offset, ENTRY_HEAD_BYTES));
    if (head === undefined) {
      // A power cut may leave room that was set aside and never written: zeros to the end.
      if (this.read(offset, size - offset).every((byte) => byte === 0)) return undefined;
      this.fault(offset, 'an entry whose head fits its check sum');
    }
    const start = offset + ENTRY_HEAD_BYTES;
    const end = start + head.sizeBytes;
    if (end > size) return undefined;
    const payload = this.read(start, head.sizeBytes);
    if (crc32(payload) !== head.payloadSum) {
      if (end === size) return undefined;
      this.fault(start, `${head.sizeBytes} bytes with check sum ${head.payloadSum}, found ${crc32(payload)}`);
    }
    if (head.kind === ENTRY.packed) this.takePacked(payload, { offset: start, sizeBytes: head.sizeBytes });
    else this.take(head.kind, payload, start, undefined);
    return end;
  }

  /** The same where damage is passed over: on to the next place at which a whole entry starts. */
  private tryEntry(size: number): number | undefined {
    try {
      return this.readEntry(this.readBytes, size);
    } catch (error) {
      if (!(error instanceof JournalFault)) throw error;
      this.salvage!(error.message);
      const rest = this.read(this.readBytes, size - this.readBytes);
      for (let place = 1; place + ENTRY_HEAD_BYTES <= rest.length; place++) {
        const head = decodeHead(rest.subarray(place, place + ENTRY_HEAD_BYTES));
        if (head !== undefined && isWhole(head, rest.subarray(place + ENTRY_HEAD_BYTES))) return this.readBytes + place;
      }
      return undefined;
    }
  }

  private takePacked(payload: Buffer, pack: Pack): void {
    const bytes = unpack(payload);
    if (bytes === undefined) this.fault(pack.offset, 'packed entries');
    for (let place = 0; place < bytes.length;) {
      const head = place + ENTRY_HEAD_BYTES > bytes.length ? undefined
        : decodeHead(bytes.subarray(place, place + ENTRY_HEAD_BYTES));
      const start = place + ENTRY_HEAD_BYTES;
      if (head === undefined || !isWhole(head, bytes.subarray(start))) this.fault(pack.offset, 'whole packed entries');
      this.take(head.kind, bytes.subarray(start, start + head.sizeBytes), start, pack);
      place = start + head.sizeBytes;
    }
  }

  private take(kind: number, payload: Buffer, offset: number, pack: Pack | undefined): void {
    switch (kind) {
      case ENTRY.manifest: this.manifest = this.json(payload, offset) as unknown as RunManifest; break;
      case ENTRY.summary: this.summary = this.json(payload, offset); break;
      case ENTRY.commit: this.takeCommit(payload, offset, pack); break;
      case ENTRY.fence: {
        const { node, epoch } = this.json(payload, offset) as { node: string; epoch: number };
        this.history(node).epoch = epoch;
        break;
      }
      default: this.fault(offset, `an entry of kind 1 to 5, found ${kind}`);
    }
  }

  private takeCommit(payload: Buffer, offset: number, pack: Pack | undefined): void {
    const commit = decodeCommit(payload);
    if (commit === undefined) this.fault(offset, 'a commit');
    const { node, number, from, chain, bytesAt } = commit;
    const { links } = this.history(node);
    if (number !== links.length + 1) {
      // What follows from something that was lost is lost with it.
      if (this.salvage !== undefined) return;
      this.fault(offset, `commit ${links.length + 1} of ${node}, found ${number}`);
    }
    links.push({ number, from, chain, offset: offset + bytesAt, sizeBytes: payload.length - bytesAt, pack });
  }

  private json(payload: Buffer, offset: number): Json {
    try {
      return JSON.parse(payload.toString('utf8')) as Json;
    } catch {
      this.fault(offset, 'JSON text');
    }
  }

  private fault(offset: number, expected: string): never {
    throw new JournalFault('damaged', `${this.path}: offset ${offset}: expected ${expected}`);
  }
}

/** Whether the payload that a head announces is there and fits its check sum. */
function isWhole({ kind, sizeBytes, payloadSum }: EntryHead, rest: Buffer): boolean {
  return kind >= ENTRY.manifest && kind <= ENTRY.packed && sizeBytes <= rest.length
    && crc32(rest.subarray(0, sizeBytes)) === payloadSum;
}

/** What the run in a file was made of: its first entry, without a look at the rest. */
export function readManifest(path: string): RunManifest {
  const reel = new Reel(path, false, () => undefined);
  try {
    reel.readFirst();
    return reel.manifest!;
  } finally {
    reel.close();
  }
}
