// Looking images and what they hold up.

import { byteCount } from '../file/bytes.js';
import { folderNode, type FolderNode } from '../file/node.js';
import { merged } from '../file/union.js';
import type { EngineTables } from '../tables.js';
import { registryLayerOf } from './layers.js';
import { fullReference } from './reference.js';
import type { ImageRow } from './row.js';

/** The image of this name, tag, id or start of an id. */
export function findImage(tables: EngineTables, reference: string): ImageRow | undefined {
  const full = fullReference(reference);
  for (const row of tables.images.values()) {
    if (row.tags.includes(full) || row.digests.includes(full)) return row;
  }
  const digits = reference.startsWith('sha256:') ? reference.slice('sha256:'.length) : reference;
  if (!/^[0-9a-f]{2,64}$/.test(digits)) return undefined;
  const found = [...tables.images.values()].filter((row) => row.id.slice('sha256:'.length).startsWith(digits));
  return found.length === 1 ? found[0] : undefined;
}

/** The tree of a layer, and how many bytes it has. */
export function layerOf(tables: EngineTables, digest: string): { readonly tree: FolderNode;
  readonly sizeBytes: number } {
  return tables.layers.get(digest) ?? registryLayerOf(digest) ?? { tree: folderNode(0o755, 0), sizeBytes: 0 };
}

/** Bytes of all files of a tree. */
export function sizeOf(tree: FolderNode): number {
  let size = 0;
  for (const node of tree.entries.values()) {
    if (node.kind === 'file') size += byteCount(node.content);
    else if (node.kind === 'link') size += byteCount(node.target);
    else if (node.kind === 'folder') size += sizeOf(node);
  }
  return size;
}

/** Bytes of an image with all its layers. */
export function imageSize(tables: EngineTables, row: ImageRow): number {
  return row.layers.reduce((sum, digest) => sum + layerOf(tables, digest).sizeBytes, 0);
}

/** What a runtime puts into every container below the container's own changes. */
const FIRST_FILES = initialTree();

/** By the list of an image's layers: layers of one digest hold the same wherever they are. */
const flat = new WeakMap<readonly string[], FolderNode>();

/** All that a container of an image begins with. Shared: nobody changes it. */
export function imageTree(tables: EngineTables, layers: readonly string[]): FolderNode {
  let tree = flat.get(layers);
  if (tree === undefined) {
    tree = [...layers.map((digest) => layerOf(tables, digest).tree), FIRST_FILES]
      .reduce((lower, upper) => merged({ upper, lower }), folderNode(0o755, 0));
    flat.set(layers, tree);
  }
  return tree;
}

/** All that an image itself holds. */
export function bareImageTree(tables: EngineTables, layers: readonly string[]): FolderNode {
  return layers.map((digest) => layerOf(tables, digest).tree)
    .reduce((lower, upper) => merged({ upper, lower }), folderNode(0o755, 0));
}

function initialTree(): FolderNode {
  const root = folderNode(-1, 0);
  const file = { kind: 'file', content: '', mode: 0o755, modifiedAt: 0 } as const;
  const dev = folderNode(0o755, 0);
  dev.entries.set('console', file).set('pts', folderNode(0o755, 0)).set('shm', folderNode(0o755, 0));
  const etc = folderNode(-1, 0);
  etc.entries.set('hostname', file).set('hosts', file).set('resolv.conf', file)
    .set('mtab', { kind: 'link', target: '/proc/mounts', modifiedAt: 0 });
  root.entries.set('.dockerenv', file).set('dev', dev).set('etc', etc).set('proc', folderNode(0o755, 0))
    .set('sys', folderNode(0o755, 0));
  return root;
}
