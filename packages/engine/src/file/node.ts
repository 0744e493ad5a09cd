// What a tree of files is made of. Files and links are replaced, never changed, so that layers can share them.

import type { SimTime } from '@netreel/sim';

export interface FileNode {
  readonly kind: 'file';
  /** Bytes that are no UTF-8 stand as code units from 0xdc80 to 0xdcff. */
  readonly content: string;
  /** Permission bits, such as 0o644. */
  readonly mode: number;
  readonly modifiedAt: SimTime;
}

export interface LinkNode {
  readonly kind: 'link';
  readonly target: string;
  readonly modifiedAt: SimTime;
}

/** In an upper tree: what lies below under that name is gone. */
export interface Whiteout {
  readonly kind: 'whiteout';
}

export interface FolderNode {
  readonly kind: 'folder';
  /** LOWER_MODE in an upper tree: as the folder below has it. */
  mode: number;
  modifiedAt: SimTime;
  /** In an upper tree: nothing of the folder below shows through. */
  opaque: boolean;
  readonly entries: Map<string, Node>;
}

export type Node = FileNode | LinkNode | Whiteout | FolderNode;

/** What somebody sees at a path: never a whiteout. */
export type SeenNode = FileNode | LinkNode | FolderNode;

/** A folder that is there only because something below it changed. */
export const LOWER_MODE = -1;

export function folderNode(mode: number, modifiedAt: SimTime): FolderNode {
  return { kind: 'folder', mode, modifiedAt, opaque: false, entries: new Map() };
}

/** The names that a path consists of. */
export function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

/** The node that names lead to, links not followed. */
export function nodeAt(root: FolderNode, names: readonly string[]): Node | undefined {
  let node: Node | undefined = root;
  for (const name of names) {
    if (node?.kind !== 'folder') return undefined;
    node = node.entries.get(name);
  }
  return node;
}
