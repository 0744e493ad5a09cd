// Applies events about files, volumes, images and layers.

import { unreachable, type Json, type SimTime } from '@netreel/sim';
import type { TextTable } from './container/spec.js';
import type { EngineEvent } from './events.js';
import { grow, remove, store, type StoredKind } from './file/change.js';
import { folderNode, namesOf, nodeAt, type FolderNode } from './file/node.js';
import { containerTree, tmpfsTree } from './file/spaces.js';
import { registryImages } from './image/registry.js';
import type { ImageRow } from './image/row.js';
import { STEP_TREE, changedTree } from './image/changed-tree.js';
import { sizeOf } from './image/store.js';
import type { ContainerRow, EngineTables } from './tables.js';
import { volumeTree } from './volume/volume.js';

export type FilesEvent = Extract<EngineEvent, { type: 'FileStored' | 'FileGrown' | 'FileRemoved' | 'VolumeCreated' |
  'VolumeRemoved' | 'ImageStored' | 'ImageTagged' | 'ImageRemoved' | 'LayerStored' }>;

/** One thing of a layer that came in an archive. */
export type LayerEntry = { readonly path: string; readonly kind: StoredKind | 'whiteout' | 'opaque';
  readonly mode: number; readonly content: string; readonly at: SimTime };

export function evolveFiles(tables: EngineTables, event: FilesEvent, at: SimTime): void {
  switch (event.type) {
    case 'FileStored':
      return store(treeFor(tables, event.tree), { path: event.path, kind: event.kind as StoredKind, mode: event.mode,
        content: event.content as string }, at);
    case 'FileGrown': return grow(treeFor(tables, event.tree), event.path, event.added as string, at);
    case 'FileRemoved': return remove(treeFor(tables, event.tree), event.path, event.hidden, at);
    case 'VolumeCreated':
      tables.volumes.set(event.name, { name: event.name, driver: event.driver, labels: event.labels as TextTable,
        options: event.options as TextTable, createdAt: at, anonymous: event.anonymous });
      return;
    case 'VolumeRemoved':
      tables.volumes.delete(event.name);
      tables.trees.delete(volumeTree(event.name));
      return;
    case 'ImageStored': {
      const image = storedImage(event.image);
      if (image !== undefined && !tables.images.has(image.id)) tables.images.set(image.id, { ...image, tags: [] });
      return;
    }
    case 'ImageTagged': return tagged(tables, event.name, event.id, at);
    case 'ImageRemoved': return imageRemoved(tables, event.id);
    case 'LayerStored': {
      const tree = event.tree === '' ? treeOf(event.entries) : changedTree(tables, event.tree, event.below);
      if (event.tree.startsWith(STEP_TREE)) tables.trees.delete(event.tree);
      tables.layers.set(event.digest, { tree, sizeBytes: sizeOf(tree) });
      return;
    }
    default: return unreachable(event);
  }
}

/** The files of a container that is gone, and those that last only as long as it runs. */
export function forgetTrees(tables: EngineTables, { id, spec }: ContainerRow, removed: boolean): void {
  for (const { type, target } of spec.mounts) if (type === 'tmpfs') tables.trees.delete(tmpfsTree(id, target));
  if (removed) tables.trees.delete(containerTree(id));
}

function treeFor(tables: EngineTables, name: string): FolderNode {
  let tree = tables.trees.get(name);
  if (tree === undefined) tables.trees.set(name, tree = folderNode(0o755, 0));
  return tree;
}

function storedImage(image: Json): ImageRow | undefined {
  if (typeof image !== 'string') return image as unknown as ImageRow;
  return registryImages().find(({ id }) => id === image);
}

/** A name is of one image at a time. */
function tagged(tables: EngineTables, name: string, id: string, at: SimTime): void {
  const digest = name.includes('@');
  for (const row of [...tables.images.values()]) {
    const names = digest ? row.digests : row.tags;
    if (!names.includes(name) || row.id === id) continue;
    const left = names.filter((each) => each !== name);
    tables.images.set(row.id, digest ? { ...row, digests: left } : { ...row, tags: left });
  }
  const row = tables.images.get(id);
  if (row === undefined) return;
  const names = digest ? row.digests : row.tags;
  const more = names.includes(name) ? names : [...names, name].sort();
  tables.images.set(id, digest ? { ...row, digests: more } : { ...row, tags: more, taggedAt: at });
}

/** Layers that no image has any more go with it. */
function imageRemoved(tables: EngineTables, id: string): void {
  const row = tables.images.get(id);
  tables.images.delete(id);
  for (const digest of row?.layers ?? []) {
    if (![...tables.images.values()].some(({ layers }) => layers.includes(digest))) tables.layers.delete(digest);
  }
}

function treeOf(entries: Json): FolderNode {
  const tree = folderNode(0o755, 0);
  for (const { path, kind, mode, content, at } of entries as unknown as readonly LayerEntry[]) {
    if (kind === 'whiteout') remove(tree, path, true, at);
    else if (kind === 'opaque') hideBelow(tree, path);
    else store(tree, { path, kind, mode, content }, at);
  }
  return tree;
}

function hideBelow(tree: FolderNode, path: string): void {
  const folder = nodeAt(tree, namesOf(path));
  if (folder?.kind === 'folder') folder.opaque = true;
}
