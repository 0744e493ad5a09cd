// A tree of files in memory: the plain implementation of FileTree.

import type { SimTime } from '@netreel/sim';
import type { FileStat, FileTree } from './contract.js';
import { absolutePath } from './files.js';

interface FileNode { readonly kind: 'file'; text: string; mode: number; modifiedAt: SimTime }
interface LinkNode { readonly kind: 'link'; readonly target: string }
interface FolderNode { readonly kind: 'folder'; readonly entries: Map<string, Node>; mode: number;
  modifiedAt: SimTime }
type Node = FileNode | FolderNode | LinkNode;

/** ELOOP comes after so many links on one way. */
const LINK_LIMIT = 40;

/** Directories that every image has. */
const FOLDERS: readonly string[] = ['/bin', '/dev', '/etc', '/home', '/proc', '/root', '/sys', '/tmp', '/usr', '/var'];
const FOLDER_BYTES = 4096;

export class MemoryTree implements FileTree {
  /** Comes with the first change: most trees are only looked at. */
  private root: FolderNode | undefined = undefined;

  constructor(private readonly initial: readonly (readonly [path: string, text: string])[] = [],
    private readonly now: () => SimTime = () => 0) {}

  read(path: string): string | undefined {
    const node = this.find(path);
    return node?.kind === 'file' ? node.text : undefined;
  }

  write(path: string, content: string): string | undefined {
    const place = this.placeOf(this.followed(path));
    if (typeof place === 'string') return place;
    const node = place.folder.entries.get(place.name);
    if (node?.kind === 'link') return 'Symbolic link loop';
    if (node?.kind === 'folder' || place.name === '') return 'Is a directory';
    if (node === undefined) {
      place.folder.entries.set(place.name, { kind: 'file', text: content, mode: 0o644, modifiedAt: this.now() });
      place.folder.modifiedAt = this.now();
    } else {
      node.text = content;
      node.modifiedAt = this.now();
    }
    return undefined;
  }

  list(path: string): readonly string[] | undefined {
    const node = this.find(path);
    return node?.kind === 'folder' ? [...node.entries.keys()].sort() : undefined;
  }

  stat(path: string): FileStat | undefined {
    const node = this.find(path);
    if (node === undefined) return undefined;
    const { kind, mode, modifiedAt } = node;
    return { kind, mode, modifiedAt, sizeBytes: node.kind === 'file' ? utf8Bytes(node.text) : FOLDER_BYTES };
  }

  makeFolder(path: string): string | undefined {
    const place = this.placeOf(path);
    if (typeof place === 'string') return place;
    if (place.name === '' || place.folder.entries.has(place.name)) return 'File exists';
    place.folder.entries.set(place.name, folderNode(this.now()));
    place.folder.modifiedAt = this.now();
    return undefined;
  }

  remove(path: string): string | undefined {
    const place = this.placeOf(path);
    if (typeof place === 'string') return place;
    const node = place.folder.entries.get(place.name);
    if (node === undefined) return place.name === '' ? 'Device or resource busy' : 'No such file or directory';
    if (node.kind === 'folder' && node.entries.size > 0) return 'Directory not empty';
    place.folder.entries.delete(place.name);
    place.folder.modifiedAt = this.now();
    return undefined;
  }

  setMode(path: string, mode: number): string | undefined {
    const node = this.find(path);
    if (node === undefined) return 'No such file or directory';
    node.mode = mode;
    return undefined;
  }

  readLink(path: string): string | undefined {
    const place = this.placeOf(path);
    const node = typeof place === 'string' ? undefined : place.folder.entries.get(place.name);
    return node?.kind === 'link' ? node.target : undefined;
  }

  makeLink(path: string, target: string): string | undefined {
    const place = this.placeOf(path);
    if (typeof place === 'string') return place;
    if (place.name === '' || place.folder.entries.has(place.name)) return 'File exists';
    place.folder.entries.set(place.name, { kind: 'link', target });
    place.folder.modifiedAt = this.now();
    return undefined;
  }

  private find(path: string): FileNode | FolderNode | undefined {
    const place = this.placeOf(this.followed(path));
    if (typeof place === 'string') return undefined;
    const node = place.name === '' ? place.folder : place.folder.entries.get(place.name);
    return node?.kind === 'link' ? undefined : node;
  }

  /** The path that a chain of links ends at. */
  private followed(path: string): string {
    let current = path;
    for (let step = 0; step < LINK_LIMIT; step++) {
      const target = this.readLink(current);
      if (target === undefined) return current;
      current = absolutePath(current.slice(0, current.lastIndexOf('/')), target);
    }
    return current;
  }

  /** The directory that a path's last name is in. */
  private placeOf(path: string): { readonly folder: FolderNode; readonly name: string } | string {
    const names = namesOf(path);
    const name = names.pop() ?? '';
    let folder = this.tree();
    for (const [depth, outer] of names.entries()) {
      const found: Node | undefined = folder.entries.get(outer);
      const node: FileNode | FolderNode | undefined = found?.kind === 'link'
        ? this.find(absolutePath(`/${names.slice(0, depth).join('/')}`, found.target)) : found;
      if (node === undefined) return 'No such file or directory';
      if (node.kind === 'file') return 'Not a directory';
      folder = node;
    }
    return { folder, name };
  }

  private tree(): FolderNode {
    if (this.root !== undefined) return this.root;
    this.root = folderNode(0);
    for (const path of FOLDERS) this.makeFolder(path);
    for (const [path, text] of this.initial) this.put(path, text);
    return this.root;
  }

  /** Writes a file, and makes the directories that it is in. */
  put(path: string, text: string): void {
    const names = namesOf(path);
    for (let depth = 1; depth < names.length; depth++) this.makeFolder(`/${names.slice(0, depth).join('/')}`);
    this.write(path, text);
  }
}

function folderNode(modifiedAt: SimTime): FolderNode {
  return { kind: 'folder', entries: new Map(), mode: 0o755, modifiedAt };
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}

function utf8Bytes(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // Of a surrogate pair each half counts two.
    bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 2 : 3;
  }
  return bytes;
}
