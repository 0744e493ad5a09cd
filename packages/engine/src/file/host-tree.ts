// The host's own files: what bind mounts show, and what shell lines on the host read and write.

import { folderNode, type FolderNode } from './node.js';

/** The name of their tree. */
export const HOST_TREE = 'host';

const FOLDERS = ['bin', 'dev', 'etc', 'home', 'mnt', 'opt', 'proc', 'root', 'srv', 'sys', 'usr', 'var'];

/** The folders that any Linux has. */
export function firstHostTree(): FolderNode {
  const root = folderNode(0o755, 0);
  for (const name of FOLDERS) root.entries.set(name, folderNode(0o755, 0));
  root.entries.set('tmp', folderNode(0o1777, 0));
  return root;
}
