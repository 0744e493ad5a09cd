// Archives: POSIX.1-2001 ustar, with pax headers for names that are too long. Reads GNU long names as well.

import { DEFAULT_EPOCH_SECONDS, SECOND, epochSeconds } from '@netreel/sim';
import { bytesOf, textOf } from './bytes.js';
import type { FolderNode } from './node.js';

/** One member of an archive. `name` has no slash at either end. */
export interface ArchiveEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'hardlink';
  readonly mode: number;
  /** Seconds since 1970. */
  readonly seconds: number;
  /** A file's content. */
  readonly bytes: Uint8Array;
  /** Where a link points to. */
  readonly target: string;
}

const BLOCK = 512;
const NOTHING = new Uint8Array(0);

// Offsets and widths of a header.
const NAME = [0, 100] as const;
const MODE = [100, 8] as const;
const UID = [108, 8] as const;
const GID = [116, 8] as const;
const SIZE = [124, 12] as const;
const MTIME = [136, 12] as const;
const CHECKSUM = [148, 8] as const;
const TYPE = 156;
const LINK = [157, 100] as const;
const MAGIC = 257;
const PREFIX = [345, 155] as const;

const TYPES = { file: '0', hardlink: '1', link: '2', folder: '5' } as const;

/** Entries of a tree, `prefix` before their names; folders before what is in them. */
export function entriesOf(folder: FolderNode, prefix = ''): ArchiveEntry[] {
  return [...folder.entries.keys()].sort().flatMap((name): ArchiveEntry[] => {
    const node = folder.entries.get(name)!;
    const path = prefix === '' ? name : `${prefix}/${name}`;
    if (node.kind === 'whiteout') {
      return [{ ...EMPTY, name: prefix === '' ? `.wh.${name}` : `${prefix}/.wh.${name}` }];
    }
    const seconds = epochSeconds() + Math.floor(node.modifiedAt / SECOND);
    switch (node.kind) {
      case 'file': return [{ ...EMPTY, name: path, mode: node.mode, seconds, bytes: bytesOf(node.content) }];
      case 'link': return [{ ...EMPTY, name: path, kind: 'link', mode: 0o777, seconds, target: node.target }];
      case 'folder': {
        const own: ArchiveEntry = { ...EMPTY, name: path, kind: 'folder', mode: node.mode < 0 ? 0o755 : node.mode,
          seconds };
        const opaque: ArchiveEntry[] = node.opaque ? [{ ...EMPTY, name: `${path}/.wh..wh..opq` }] : [];
        return [own, ...opaque, ...entriesOf(node, path)];
      }
    }
  });
}

const EMPTY: ArchiveEntry = { name: '', kind: 'file', mode: 0o644, seconds: DEFAULT_EPOCH_SECONDS, bytes: NOTHING,
  target: '' };

/** A file of an archive. */
export function fileEntry(name: string, bytes: Uint8Array, seconds = epochSeconds()): ArchiveEntry {
  return { ...EMPTY, name, bytes, seconds };
}

export function folderEntry(name: string, seconds = epochSeconds()): ArchiveEntry {
  return { ...EMPTY, name, kind: 'folder', mode: 0o755, seconds };
}

export function writeArchive(entries: readonly ArchiveEntry[]): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (const entry of entries) {
    const name = bytesOf(entry.kind === 'folder' ? `${entry.name}/` : entry.name);
    const target = bytesOf(entry.target);
    const long = [...(name.length > NAME[1] ? [['path', name] as const] : []),
      ...(target.length > LINK[1] ? [['linkpath', target] as const] : [])];
    if (long.length > 0) {
      const body = paxBody(long);
      blocks.push(header({ ...EMPTY, bytes: body, seconds: 0 }, bytesOf('PaxHeader'), NOTHING, 'x'), padded(body));
    }
    blocks.push(header(entry, name, target, TYPES[entry.kind]), padded(entry.bytes));
  }
  blocks.push(new Uint8Array(2 * BLOCK));
  return joined(blocks);
}

function header({ mode, seconds, bytes }: ArchiveEntry, name: Uint8Array, target: Uint8Array,
  type: string): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = ([at, width]: readonly [number, number], value: Uint8Array): void =>
    block.set(value.subarray(0, width), at);
  const octal = (field: readonly [number, number], value: number): void =>
    put(field, bytesOf(`${value.toString(8).padStart(field[1] - 1, '0')}\0`));
  put(NAME, name);
  octal(MODE, mode);
  octal(UID, 0);
  octal(GID, 0);
  octal(SIZE, bytes.length);
  octal(MTIME, seconds < 0 ? 0 : seconds);
  put(CHECKSUM, bytesOf('        '));
  put([TYPE, 1], bytesOf(type));
  put(LINK, target);
  put([MAGIC, 8], bytesOf('ustar\x0000'));
  put(CHECKSUM, bytesOf(`${sumOf(block).toString(8).padStart(6, '0')}\0 `));
  return block;
}

function sumOf(block: Uint8Array): number {
  let sum = 0;
  for (const byte of block) sum += byte;
  return sum;
}

/** `LENGTH KEY=VALUE` lines; the length counts itself. */
function paxBody(records: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  return joined(records.flatMap(([key, value]) => {
    const rest = key.length + value.length + 3;
    let length = rest + String(rest).length;
    if (rest + String(length).length !== length) length = rest + String(length).length;
    return [bytesOf(`${length} ${key}=`), value, bytesOf('\n')];
  }));
}

function padded(bytes: Uint8Array): Uint8Array {
  const rest = bytes.length % BLOCK;
  return rest === 0 ? bytes : joined([bytes, new Uint8Array(BLOCK - rest)]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The members of an archive; a text says why it is none. */
export function readArchive(archive: Uint8Array): readonly ArchiveEntry[] | string {
  const entries: ArchiveEntry[] = [];
  let long: { name?: string; target?: string } = {};
  for (let at = 0; at < archive.length;) {
    if (at + BLOCK > archive.length) return 'unexpected EOF';
    const block = archive.subarray(at, at + BLOCK);
    at += BLOCK;
    if (block.every((byte) => byte === 0)) break;
    if (!hasSum(block)) return 'archive/tar: invalid tar header';
    const size = numberIn(block, SIZE);
    if (size < 0 || at + size > archive.length) return 'unexpected EOF';
    const bytes = archive.slice(at, at + size);
    at += Math.floor((size + BLOCK - 1) / BLOCK) * BLOCK;
    if (at > archive.length) return 'unexpected EOF';
    const type = String.fromCharCode(block[TYPE]!);
    if (type === 'x') long = { ...long, ...paxOf(bytes) };
    else if (type === 'L') long = { ...long, name: textIn(bytes, [0, bytes.length]) };
    else if (type === 'K') long = { ...long, target: textIn(bytes, [0, bytes.length]) };
    if ('xgLK'.includes(type)) continue;
    const entry = entryOf(block, type, bytes, long);
    long = {};
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

function entryOf(block: Uint8Array, type: string, bytes: Uint8Array, long: { name?: string; target?: string }):
  ArchiveEntry | undefined {
  const prefix = textIn(block, [MAGIC, 5]) === 'ustar' ? textIn(block, PREFIX) : '';
  const name = long.name ?? (prefix === '' ? textIn(block, NAME) : `${prefix}/${textIn(block, NAME)}`);
  const kind = type === '5' || (name.endsWith('/') && type !== '2') ? 'folder' : type === '2' ? 'link'
    : type === '1' ? 'hardlink' : type === '0' || type === '\0' || type === '7' ? 'file' : undefined;
  if (kind === undefined) return undefined;
  const plain = name.split('/').filter((part) => part !== '' && part !== '.').join('/');
  return { name: plain, kind, mode: numberIn(block, MODE) & 0o7777, seconds: numberIn(block, MTIME), bytes,
    target: long.target ?? textIn(block, LINK) };
}

function hasSum(block: Uint8Array): boolean {
  const blank = block.slice();
  blank.fill(32, CHECKSUM[0], CHECKSUM[0] + CHECKSUM[1]);
  return sumOf(blank) === numberIn(block, CHECKSUM);
}

function textIn(block: Uint8Array, [at, width]: readonly [number, number]): string {
  const field = block.subarray(at, at + width);
  const end = field.indexOf(0);
  return textOf(end < 0 ? field : field.subarray(0, end));
}

/** Octal digits, or, when the highest bit is set, a binary number (GNU). */
function numberIn(block: Uint8Array, field: readonly [number, number]): number {
  const [at, width] = field;
  if ((block[at]! & 0x80) !== 0) {
    let value = block[at]! & 0x7f;
    for (let next = 1; next < width; next++) value = value * 256 + block[at + next]!;
    return Number.isSafeInteger(value) ? value : -1;
  }
  const digits = textIn(block, field).trim();
  return digits === '' ? 0 : /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : -1;
}

function paxOf(bytes: Uint8Array): { name?: string; target?: string } {
  const found: { name?: string; target?: string } = {};
  for (const line of textOf(bytes).split('\n')) {
    const [, key, value] = /^\d+ ([^=]+)=(.*)$/.exec(line) ?? [];
    if (key === 'path' && value !== undefined) found.name = value;
    if (key === 'linkpath' && value !== undefined) found.target = value;
  }
  return found;
}
