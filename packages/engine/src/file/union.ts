// Two trees seen as one: what a container changed, over what its image has. As overlayfs does it.

import { LOWER_MODE, folderNode, type FolderNode, type Node, type SeenNode } from './node.js';

/** A place in both trees. */
export interface Pair {
  readonly upper: Node | undefined;
  readonly lower: Node | undefined;
}

/** What shows at a place; undefined when nothing does. */
export function seen({ upper, lower }: Pair): SeenNode | undefined {
  if (upper === undefined) return lower?.kind === 'whiteout' ? undefined : lower;
  return upper.kind === 'whiteout' ? undefined : upper;
}

/** What is called `name` in the folder that shows at a place. */
export function inside({ upper, lower }: Pair, name: string): Pair {
  if (upper === undefined) return { upper: undefined, lower: lower?.kind === 'folder' ? lower.entries.get(name)
    : undefined };
  if (upper.kind !== 'folder') return { upper: undefined, lower: undefined };
  const below = upper.opaque || lower?.kind !== 'folder' ? undefined : lower.entries.get(name);
  const own = upper.entries.get(name);
  return { upper: own, lower: own?.kind === 'file' || own?.kind === 'link' ? undefined : below };
}

/** Names that show in the folder at a place, sorted. */
export function namesIn(pair: Pair): string[] {
  const { upper, lower } = pair;
  const names = new Set<string>();
  if (lower?.kind === 'folder' && !(upper?.kind === 'folder' && upper.opaque)) {
    for (const name of lower.entries.keys()) names.add(name);
  }
  if (upper?.kind === 'folder') for (const name of upper.entries.keys()) names.add(name);
  return [...names].filter((name) => seen(inside(pair, name)) !== undefined).sort();
}

/** Permission bits and moment of a folder that may be as the one below. */
export function folderFacts({ upper, lower }: Pair): { readonly mode: number; readonly modifiedAt: number } {
  const top = upper?.kind === 'folder' ? upper : undefined;
  const below = lower?.kind === 'folder' ? lower : undefined;
  return { mode: top === undefined || top.mode === LOWER_MODE ? below?.mode ?? 0o755 : top.mode,
    modifiedAt: top?.modifiedAt ?? below?.modifiedAt ?? 0 };
}

/** Both trees as one, without whiteouts. Files are shared with them. */
export function merged(pair: Pair): FolderNode {
  const { mode, modifiedAt } = folderFacts(pair);
  const folder = folderNode(mode, modifiedAt);
  for (const name of namesIn(pair)) {
    const inner = inside(pair, name);
    const node = seen(inner)!;
    folder.entries.set(name, node.kind === 'folder' ? merged(inner) : node);
  }
  return folder;
}

/** One line of `docker diff`: 0 changed, 1 added, 2 deleted. */
export interface Change {
  readonly path: string;
  readonly kind: 0 | 1 | 2;
}

/** What the upper tree changes, by path. */
export function changes(pair: Pair, path = ''): Change[] {
  const { upper } = pair;
  if (upper?.kind !== 'folder') return [];
  const below = pair.lower?.kind === 'folder' && !upper.opaque ? pair.lower : undefined;
  return [...upper.entries.keys()].sort().flatMap((name): Change[] => {
    const own = upper.entries.get(name)!;
    const old = below?.entries.get(name);
    const here = `${path}/${name}`;
    if (own.kind === 'whiteout') return old === undefined ? [] : [{ path: here, kind: 2 }];
    const line: Change = { path: here, kind: old === undefined ? 1 : 0 };
    return own.kind === 'folder' ? [line, ...changes({ upper: own, lower: old }, here)] : [line];
  });
}
