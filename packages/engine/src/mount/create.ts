// The mounts of a new container: what was asked for comes before what its image wants.

import type { Json } from '@netreel/sim';
import { findContainer } from '../container/lookup.js';
import type { EngineCore } from '../core.js';
import { folderFacts } from '../file/union.js';
import { namesOf, nodeAt, type FolderNode } from '../file/node.js';
import { imageTree } from '../image/store.js';
import { keysOf, type ImageRow } from '../image/row.js';
import { isRefusal, refuse, type Refusal } from '../refusal.js';
import { createVolume, volumeTree } from '../volume/volume.js';
import { hostSpace } from '../file/spaces.js';
import { parseBind, parseMount, plainMount, type WantedMount } from './parse.js';
import { NO_MOUNTS, type MountSpec } from './spec.js';

interface Asked {
  readonly volumes: readonly string[];
  readonly host: { readonly sent: { readonly [key: string]: Json | undefined } };
}

/** All mounts that a request and an image want; by path, the first one wins. */
export function wantedMounts(core: EngineCore, { volumes, host }: Asked, image: ImageRow):
  readonly (WantedMount | MountSpec)[] | Refusal {
  const { Binds, Mounts, Tmpfs, VolumesFrom } = host.sent;
  const wanted = new Map<string, WantedMount | MountSpec>();
  for (const text of listOf(VolumesFrom)) {
    const [name = '', mode = ''] = String(text).split(':');
    const other = findContainer(core.tables, name);
    if (isRefusal(other)) return other;
    for (const mount of other.spec.mounts) {
      if (mount.type !== 'tmpfs') wanted.set(mount.target, { ...mount, readOnly: mount.readOnly || mode === 'ro',
        mode, anonymous: false });
    }
  }
  const typed = new Set<string>();
  const asked = [...listOf(Binds).map((text) => parseBind(String(text))),
    ...listOf(Mounts).map((fields) => parseMount(fields as { readonly [key: string]: Json })),
    ...Object.entries((Tmpfs ?? {}) as { readonly [path: string]: Json }).map(([path, options]) =>
      plainMount('tmpfs', path, String(options)))];
  for (const mount of asked) {
    if (isRefusal(mount)) return mount;
    if (typed.has(mount.target)) return refuse('InvalidParameter', `Duplicate mount point: ${mount.target}`);
    typed.add(mount.target);
    wanted.set(mount.target, mount);
  }
  for (const path of [...volumes, ...keysOf(image.config.Volumes)]) {
    const mount = plainMount('volume', path);
    if (!wanted.has(mount.target)) wanted.set(mount.target, mount);
  }
  return [...wanted.values()];
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** Makes what the mounts of a container need: volumes with what the image has there, and folders of the host. */
export function createMounts(core: EngineCore, wanted: readonly (WantedMount | MountSpec)[], image: ImageRow):
  readonly MountSpec[] | Refusal {
  if (wanted.length === 0) return NO_MOUNTS;
  const missing = wanted.find((mount) => mount.type === 'bind' && 'makeSource' in mount && !mount.makeSource &&
    hostSpace(core).stat(mount.source) === undefined);
  if (missing !== undefined) {
    return refuse('InvalidParameter', `invalid mount config for type "bind": bind source path does not exist: `
      + missing.source);
  }
  const made: MountSpec[] = [];
  for (const mount of wanted) {
    if (!('makeSource' in mount)) {
      made.push(mount);
      continue;
    }
    const { type, source, target, readOnly, mode } = mount;
    let name = '';
    if (type === 'volume') {
      const volume = createVolume(core, { name: source, driver: mount.driver, labels: mount.labels,
        options: mount.options });
      if (isRefusal(volume)) return volume;
      name = volume.name;
      if (mount.copy) copyUp(core, name, target, image);
    } else if (type === 'bind' && mount.makeSource) {
      makeHostFolder(core, source);
    }
    made.push({ type, name, source: type === 'bind' ? source : '', target, readOnly, mode,
      anonymous: type === 'volume' ? source === '' : type === 'tmpfs' && mount.makeSource });
  }
  return made;
}

function makeHostFolder(core: EngineCore, path: string): void {
  const names = namesOf(path);
  const host = hostSpace(core);
  for (let depth = 1; depth <= names.length; depth++) host.makeFolder(`/${names.slice(0, depth).join('/')}`);
}

/** An empty volume begins with what the image has at its place. */
function copyUp(core: EngineCore, name: string, target: string, image: ImageRow): void {
  const tree = volumeTree(name);
  if ((core.tables.trees.get(tree)?.entries.size ?? 0) > 0) return;
  const there = nodeAt(imageTree(core.tables, image.layers), namesOf(target));
  if (there?.kind === 'folder') copyTree(core, there, tree, '');
}

/** Puts all of a folder into a tree. */
export function copyTree(core: EngineCore, folder: FolderNode, tree: string, path: string): void {
  for (const name of [...folder.entries.keys()].sort()) {
    const node = folder.entries.get(name)!;
    const here = `${path}/${name}`;
    if (node.kind === 'file') {
      core.emit({ type: 'FileStored', tree, path: here, kind: 'file', mode: node.mode, content: node.content });
    } else if (node.kind === 'link') {
      core.emit({ type: 'FileStored', tree, path: here, kind: 'link', mode: 0o777, content: node.target });
    } else if (node.kind === 'folder') {
      core.emit({ type: 'FileStored', tree, path: here, kind: 'folder',
        mode: folderFacts({ upper: node, lower: undefined }).mode, content: '' });
      copyTree(core, node, tree, here);
    }
  }
}
