// What programs that move files about have in common: paths, modes, whole trees.

import type { FileTree, Sys } from '../../contract.js';
import { absolutePath } from '../../files.js';

export const NO_SUCH = 'No such file or directory';

export function pathOf(sys: Sys, name: string): string {
  return absolutePath(sys.cwd, name);
}

export function isFolder(sys: Sys, path: string): boolean {
  return sys.files.stat(path)?.kind === 'folder';
}

/** The last name of a path: `/` of the root. */
export function baseName(path: string): string {
  const plain = path.replace(/\/+$/, '');
  return plain === '' ? (path === '' ? '' : '/') : plain.slice(plain.lastIndexOf('/') + 1);
}

export function joined(folder: string, name: string): string {
  return folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`;
}

/** Makes a directory and those it is in. */
export function makeFolders(files: FileTree, path: string): string | undefined {
  const names = path.split('/').filter((name) => name !== '');
  for (let depth = 1; depth <= names.length; depth++) {
    const folder = `/${names.slice(0, depth).join('/')}`;
    const kind = files.stat(folder)?.kind;
    if (kind === 'folder') continue;
    if (kind !== undefined) return depth === names.length ? 'File exists' : 'Not a directory';
    const refused = files.makeFolder(folder);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

/** Takes away a file or a whole tree. */
export function removeTree(files: FileTree, path: string): string | undefined {
  if (files.readLink(path) === undefined && files.stat(path)?.kind === 'folder') {
    for (const name of files.list(path) ?? []) {
      const refused = removeTree(files, joined(path, name));
      if (refused !== undefined) return refused;
    }
  }
  return files.remove(path);
}

/** Copies a file or a whole tree. */
export function copyTree(files: FileTree, from: string, to: string): string | undefined {
  const stat = files.stat(from);
  if (stat === undefined) return NO_SUCH;
  if (stat.kind === 'file') {
    const existed = files.stat(to) !== undefined;
    const refused = files.write(to, files.read(from) ?? '');
    return refused ?? (existed ? undefined : files.setMode(to, stat.mode));
  }
  const refused = files.stat(to) === undefined ? files.makeFolder(to) : undefined;
  if (refused !== undefined) return refused;
  for (const name of files.list(from) ?? []) {
    const failed = copyTree(files, joined(from, name), joined(to, name));
    if (failed !== undefined) return failed;
  }
  return undefined;
}

/** `drwxr-xr-x`. */
export function modeText(kind: 'file' | 'folder', mode: number): string {
  const letters = [...'rwxrwxrwx'].map((letter, place) => ((mode >> (8 - place)) & 1 ? letter : '-')).join('');
  return `${kind === 'folder' ? 'd' : '-'}${letters}`;
}

/** `755` or `u+x,go-w` applied to a mode; undefined when it means nothing. chmod(1). */
export function changedMode(mode: number, change: string): number | undefined {
  if (/^[0-7]{1,4}$/.test(change)) return Number.parseInt(change, 8);
  let changed = mode;
  for (const clause of change.split(',')) {
    const match = /^([ugoa]*)([-+=])([rwxX]*)$/.exec(clause);
    if (match === null) return undefined;
    const who = match[1] === '' || match[1]!.includes('a') ? 'ugo' : match[1]!;
    let bits = 0;
    for (const letter of match[3]!) bits |= letter === 'r' ? 4 : letter === 'w' ? 2 : 1;
    for (const [place, one] of [...'ogu'].entries()) {
      if (!who.includes(one)) continue;
      const shifted = bits << (place * 3);
      if (match[2] === '+') changed |= shifted;
      else if (match[2] === '-') changed &= ~shifted;
      else changed = (changed & ~(7 << (place * 3))) | shifted;
    }
  }
  return changed;
}
