// Whose files are where: those of a container, of a volume, of the host itself.

import type { EngineCore } from '../core.js';
import { keepFile } from '../container/files.js';
import { imageTree } from '../image/store.js';
import type { MountSpec } from '../mount/spec.js';
import type { ContainerRow, EngineTables } from '../tables.js';
import { mountpointOf, volumeTree } from '../volume/volume.js';
import { HOST_TREE } from './host-tree.js';
import { namesOf, type FolderNode } from './node.js';
import { FileSpace, type MountPoint } from './space.js';

/** The tree of what a container changed. */
export function containerTree(id: string): string {
  return `container/${id}`;
}

export function tmpfsTree(id: string, target: string): string {
  return `tmpfs/${id}${target}`;
}

/** A container's files as its processes see them; with `bare` without what lives only while it runs. */
export function containerSpace(core: EngineCore, row: ContainerRow, bare = false): FileSpace {
  const { tables } = core;
  const mounts = row.spec.mounts.filter((mount) => !bare || mount.type !== 'tmpfs')
    .map((mount) => mountPoint(row.id, mount));
  return new FileSpace({
    tree: containerTree(row.id), lower: () => lowerOf(tables, row), treeOf: (name) => tables.trees.get(name),
    mounts: () => mounts, readOnly: row.spec.host.sent['ReadonlyRootfs'] === true, kept: () => row.files,
    keep: (path, content) => keepFile(core, row, path, content), emit: (event) => core.emit(event),
  }, true);
}

/** What a container's own changes lie upon. */
export function lowerOf(tables: EngineTables, row: ContainerRow): FolderNode {
  return imageTree(tables, tables.images.get(row.spec.imageId)?.layers ?? NO_LAYERS);
}

const NO_LAYERS: readonly string[] = [];

function mountPoint(container: string, { type, name, source, target, readOnly }: MountSpec): MountPoint {
  switch (type) {
    case 'volume': return { target, tree: volumeTree(name), root: [], readOnly };
    case 'tmpfs': return { target, tree: tmpfsTree(container, target), root: [], readOnly };
    case 'bind': return { target, tree: HOST_TREE, root: namesOf(source), readOnly };
  }
}

/** The host's files, volumes among them. */
export function hostSpace(core: EngineCore): FileSpace {
  const { tables } = core;
  return new FileSpace({
    tree: HOST_TREE, lower: () => undefined, treeOf: (name) => tables.trees.get(name), readOnly: false,
    mounts: () => [...tables.volumes.keys()].map((name) =>
      ({ target: mountpointOf(name), tree: volumeTree(name), root: [], readOnly: false })),
    kept: () => undefined, keep: () => undefined, emit: (event) => core.emit(event),
  }, false);
}
