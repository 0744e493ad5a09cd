// What a container or a step of a build changed, as a layer has them: folders that only lead to a change get the
// permissions they have below.

import { folderNode, type FolderNode, type Node } from '../file/node.js';
import { folderFacts } from '../file/union.js';
import type { EngineTables } from '../tables.js';
import { imageTree } from './store.js';

/** Trees of steps of a build that need no container begin so. */
export const STEP_TREE = 'step/';

export function changedTree(tables: EngineTables, tree: string, below: readonly string[]): FolderNode {
  const upper = tables.trees.get(tree);
  return upper === undefined ? folderNode(0o755, 0) : settled(upper, imageTree(tables, below));
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
