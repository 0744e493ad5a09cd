// As a container starts, what its mounts stand on comes to be in its own tree.

import type { EngineCore } from '../core.js';
import { HOST_TREE } from '../file/host-tree.js';
import { containerTree, lowerOf } from '../file/spaces.js';
import { namesOf, nodeAt } from '../file/node.js';
import { inside, seen, type Pair } from '../file/union.js';
import type { ContainerRow } from '../tables.js';
import type { MountSpec } from './spec.js';

export function placeMounts(core: EngineCore, row: ContainerRow): void {
  for (const mount of row.spec.mounts) placeMount(core, row, mount);
}

function placeMount(core: EngineCore, row: ContainerRow, { type, source, target }: MountSpec): void {
  const tree = containerTree(row.id);
  const names = namesOf(target);
  const host = core.tables.trees.get(HOST_TREE);
  const ofFile = type === 'bind' && host !== undefined && nodeAt(host, namesOf(source))?.kind === 'file';
  let pair: Pair = { upper: core.tables.trees.get(tree), lower: lowerOf(core.tables, row) };
  names.forEach((name, depth) => {
    pair = inside(pair, name);
    if (seen(pair) !== undefined) return;
    const kind = ofFile && depth === names.length - 1 ? 'file' : 'folder';
    core.emit({ type: 'FileStored', tree, path: `/${names.slice(0, depth + 1).join('/')}`, kind, mode: 0o755,
      content: '' });
  });
}
