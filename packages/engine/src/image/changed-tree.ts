// A container's changes as a layer has them: folders that only lead to a change get the permissions they have below.

import { folderNode, type FolderNode, type Node } from '../file/node.js';
import { containerTree, lowerOf } from '../file/spaces.js';
import { folderFacts } from '../file/union.js';
import type { EngineTables } from '../tables.js';

export function changedTree(tables: EngineTables, container: string): FolderNode {
  const row = tables.containers.get(container);
  const upper = tables.trees.get(containerTree(container));
  if (row === undefined || upper === undefined) return folderNode(0o755, 0);
  return settled(upper, lowerOf(tables, row));
}

function settled(upper: FolderNode, lower: Node | undefined): FolderNode {
  const { mode, modifiedAt } = folderFacts({ upper, lower });
  const folder: FolderNode = { ...folderNode(mode, modifiedAt), opaque: upper.opaque };
  for (const [name, node] of upper.entries) {
    const below = lower?.kind === 'folder' ? lower.entries.get(name) : undefined;
    folder.entries.set(name, node.kind === 'folder' ? settled(node, below) : node);
  }
  return folder;
}
