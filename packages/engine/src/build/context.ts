// The files that a client sends along with a build.

import { store } from '../file/change.js';
import { textOf } from '../file/bytes.js';
import { virtualTime } from '../file/copy.js';
import { folderNode, namesOf, nodeAt, type FolderNode } from '../file/node.js';
import type { ArchiveEntry } from '../file/tar.js';

/** The tree of an archive. */
export function contextTree(entries: readonly ArchiveEntry[]): FolderNode {
  const root = folderNode(0o755, 0);
  const contents = new Map(entries.map((entry) => [entry.name, entry]));
  for (const { name, kind, mode, seconds, bytes, target } of entries) {
    if (name === '') continue;
    const names = namesOf(name);
    for (let depth = 1; depth < names.length; depth++) {
      if (nodeAt(root, names.slice(0, depth)) === undefined) {
        store(root, { path: names.slice(0, depth).join('/'), kind: 'folder', mode: 0o755, content: '' }, 0);
      }
    }
    const text = kind === 'link' ? target : kind === 'folder' ? ''
      : textOf(kind === 'hardlink' ? contents.get(target)?.bytes ?? bytes : bytes);
    store(root, { path: name, kind: kind === 'hardlink' ? 'file' : kind, mode, content: text }, virtualTime(seconds));
  }
  return root;
}
