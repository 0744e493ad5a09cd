// docker cp: files of a container as an archive, and an archive into a container.

import { SECOND, epochSeconds } from '@netreel/sim';
import { refuse, type Refusal } from '../refusal.js';
import { rfc3339 } from '../time.js';
import { byteCount, textOf } from './bytes.js';
import { folderNode, type SeenNode } from './node.js';
import type { FileSpace } from './space.js';
import { entriesOf, readArchive, writeArchive, type ArchiveEntry } from './tar.js';

/** What the header X-Docker-Container-Path-Stat tells. A type alias: it is written as JSON. */
export type PathStat = {
  readonly name: string;
  readonly size: number;
  /** Permission bits and, as Go numbers them, the kind. */
  readonly mode: number;
  readonly mtime: string;
  readonly linkTarget: string;
};

/** Bits of Go's os.FileMode. */
const GO_FOLDER = 2_147_483_648;
const GO_LINK = 134_217_728;
const FOLDER_BYTES = 4096;

export function statPath(space: FileSpace, path: string): PathStat | undefined {
  // A slash at the end means what a link points to.
  const node = space.whole(path, path.endsWith('/'));
  return node === undefined ? undefined : statOf(space, path, node);
}

function statOf(space: FileSpace, path: string, node: SeenNode): PathStat {
  const name = baseName(path);
  const mtime = rfc3339(node.modifiedAt);
  switch (node.kind) {
    case 'file': return { name, size: byteCount(node.content), mode: node.mode, mtime, linkTarget: '' };
    case 'link': return { name, size: byteCount(node.target), mode: GO_LINK + 0o777, mtime,
      linkTarget: space.realPath(path) ?? node.target };
    case 'folder': return { name, size: FOLDER_BYTES, mode: GO_FOLDER + (node.mode & 0o777), mtime, linkTarget: '' };
  }
}

export function packPath(space: FileSpace, path: string): { readonly stat: PathStat; readonly archive: Uint8Array }
  | undefined {
  const node = space.whole(path, /\/\.?$/.test(path));
  if (node === undefined) return undefined;
  const name = baseName(path);
  const holder = folderNode(0o755, 0);
  // `FOLDER/.` means what is in it: its members stand without a folder of their own.
  holder.entries.set(name === '' ? '.' : name, node);
  const entries = name === '' || name === '.' ? [...(node.kind === 'folder' ? entriesOf(node, '.') : [])]
    : entriesOf(holder);
  return { stat: statOf(space, path, node), archive: writeArchive(entries) };
}

function baseName(path: string): string {
  const plain = path.replace(/\/+$/, '');
  return plain === '' ? '/' : plain.slice(plain.lastIndexOf('/') + 1);
}

/** Unpacks in a folder; folders that are there stay. */
export function unpackInto(space: FileSpace, path: string, archive: Uint8Array, keepKinds: boolean): undefined
  | Refusal {
  if (space.stat(path)?.kind !== 'folder') return refuse('InvalidParameter', 'extraction point is not a directory');
  const entries = readArchive(archive);
  if (typeof entries === 'string') {
    return refuse('InvalidParameter', `Error processing tar file(exit status 1): ${entries}`);
  }
  return putEntries(space, path, entries, keepKinds);
}

export function putEntries(space: FileSpace, path: string, entries: readonly ArchiveEntry[], keepKinds: boolean):
  undefined | Refusal {
  for (const entry of entries) {
    if (entry.name.split('/').includes('..')) {
      return refuse('System', `Error processing tar file(exit status 1): breakout error: ${entry.name}`);
    }
    const target = entry.name === '' ? path : `${path}/${entry.name}`;
    if (keepKinds) {
      const there = space.stat(target)?.kind;
      if (there !== undefined && there !== entry.kind && (there === 'folder' || entry.kind === 'folder')) {
        return refuse('InvalidParameter', there === 'folder'
          ? `cannot overwrite directory "${target}" with non-directory`
          : `cannot overwrite non-directory "${target}" with directory "${entry.name}"`);
      }
    }
    const refused = putEntry(space, path, target, entry);
    if (refused !== undefined) {
      return refuse(refused === 'Read-only file system' ? 'System' : 'InvalidParameter',
        refused === 'Read-only file system' ? 'container rootfs is marked read-only' : `${target}: ${refused}`);
    }
  }
  return undefined;
}

function putEntry(space: FileSpace, root: string, target: string, entry: ArchiveEntry): string | undefined {
  makeFoldersFor(space, target);
  switch (entry.kind) {
    case 'folder':
      if (space.stat(target)?.kind === 'folder') return undefined;
      return space.makeFolder(target, entry.mode);
    case 'link':
      if (space.readLink(target) !== undefined || space.stat(target) !== undefined) space.remove(target);
      return space.makeLink(target, entry.target);
    case 'hardlink': return space.write(target, space.read(`${root}/${entry.target}`) ?? '');
    case 'file': {
      if (space.readLink(target) !== undefined) space.remove(target);
      return space.write(target, textOf(entry.bytes)) ??
        (space.stat(target)?.mode === entry.mode ? undefined : space.setMode(target, entry.mode));
    }
  }
}

/** An archive need not name the folders that its files are in. */
function makeFoldersFor(space: FileSpace, path: string): void {
  const names = path.split('/').filter((name) => name !== '');
  for (let depth = 1; depth < names.length; depth++) {
    const folder = `/${names.slice(0, depth).join('/')}`;
    if (space.stat(folder) === undefined) space.makeFolder(folder);
  }
}

/** Virtual time of seconds since 1970; nothing is older than the run. */
export function virtualTime(seconds: number): number {
  return seconds <= epochSeconds() ? 0 : (seconds - epochSeconds()) * SECOND;
}
