// Changes of one tree, as its events tell them: the only writer of trees that are in the tables.

import type { SimTime } from '@netreel/sim';
import { LOWER_MODE, folderNode, namesOf, type FolderNode, type Node } from './node.js';

/** How an event puts something at a path. `mode` changes permissions only. */
export type StoredKind = 'file' | 'folder' | 'link' | 'mode';

export interface Stored {
  readonly path: string;
  readonly kind: StoredKind;
  readonly mode: number;
  /** A file's text, a link's target. */
  readonly content: string;
}

/** Puts a file, folder or link at a path; folders on the way come with it. */
export function store(root: FolderNode, { path, kind, mode, content }: Stored, at: SimTime): void {
  const names = namesOf(path);
  const name = names.pop();
  if (name === undefined) {
    root.mode = mode;
    return;
  }
  const folder = folderFor(root, names, at);
  const before = folder.entries.get(name);
  const node = made(before, kind, mode, content, at);
  if (node === undefined) return;
  if (kind !== 'mode' && (before === undefined || before.kind === 'whiteout')) folder.modifiedAt = at;
  folder.entries.set(name, node);
}

function made(before: Node | undefined, kind: StoredKind, mode: number, content: string, at: SimTime): Node
  | undefined {
  switch (kind) {
    case 'file': return { kind: 'file', content, mode, modifiedAt: at };
    case 'link': return { kind: 'link', target: content, modifiedAt: at };
    case 'mode':
      if (before?.kind === 'file') return { ...before, mode };
      if (before?.kind === 'folder') before.mode = mode;
      return before;
    case 'folder': {
      if (before?.kind === 'folder') {
        before.mode = mode;
        return before;
      }
      // What was removed does not come back with a folder of the same name.
      return { ...folderNode(mode, at), opaque: before !== undefined };
    }
  }
}

/** Adds to the end of a file. */
export function grow(root: FolderNode, path: string, added: string, at: SimTime): void {
  const names = namesOf(path);
  const name = names.pop() ?? '';
  const folder = folderFor(root, names, at);
  const before = folder.entries.get(name);
  if (before?.kind === 'file') folder.entries.set(name, { ...before, content: before.content + added, modifiedAt: at });
}

/** Takes what is at a path away; `hidden`: the tree below has it too, and shall not show it. */
export function remove(root: FolderNode, path: string, hidden: boolean, at: SimTime): void {
  const names = namesOf(path);
  const name = names.pop();
  if (name === undefined) return;
  const folder = folderFor(root, names, at);
  folder.modifiedAt = at;
  if (hidden) folder.entries.set(name, { kind: 'whiteout' });
  else folder.entries.delete(name);
}

function folderFor(root: FolderNode, names: readonly string[], at: SimTime): FolderNode {
  let folder = root;
  for (const name of names) {
    const inner = folder.entries.get(name);
    if (inner?.kind === 'folder') {
      folder = inner;
      continue;
    }
    const made = folderNode(LOWER_MODE, at);
    folder.entries.set(name, made);
    folder = made;
  }
  return folder;
}
