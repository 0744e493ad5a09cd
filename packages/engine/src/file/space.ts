// The files that somebody sees: a tree over the one below it, with other trees mounted in it. Paths are absolute. What
// changes it answers a refusal in strerror(3)'s words; undefined when it is done.

import { byteCount } from './bytes.js';
import { folderNode, namesOf, nodeAt, type FolderNode, type SeenNode } from './node.js';
import { folderFacts, inside, merged, namesIn, seen, type Pair } from './union.js';
import type { StoredKind } from './change.js';

/** What a change of files is recorded as. */
export type FileEvent =
  | { readonly type: 'FileStored'; readonly tree: string; readonly path: string; readonly kind: StoredKind;
    readonly mode: number; readonly content: string }
  | { readonly type: 'FileGrown'; readonly tree: string; readonly path: string; readonly added: string }
  | { readonly type: 'FileRemoved'; readonly tree: string; readonly path: string; readonly hidden: boolean };

/** A tree that stands at a path of another one. */
export interface MountPoint {
  readonly target: string;
  readonly tree: string;
  /** Where in that tree it begins. */
  readonly root: readonly string[];
  readonly readOnly: boolean;
}

/** Where the files of a space come from and go to. */
export interface SpaceSource {
  /** What changes are kept in. */
  readonly tree: string;
  /** What shows through from below. */
  lower(): FolderNode | undefined;
  treeOf(name: string): FolderNode | undefined;
  mounts(): readonly MountPoint[];
  readonly readOnly: boolean;
  /** Files that the engine itself keeps there, by path. */
  kept(): ReadonlyMap<string, string> | undefined;
  keep(path: string, content: string): void;
  emit(event: FileEvent): void;
}

interface Place {
  readonly tree: string;
  readonly inner: string;
  readonly pair: Pair;
  readonly readOnly: boolean;
  readonly isMount: boolean;
}

/** What a path led to: a place, which may be empty while the folder it is in exists; or why it leads nowhere. */
type Found = { readonly path: string; readonly place: Place; readonly node: SeenNode | undefined } | string;

const NO_SUCH = 'No such file or directory';
const LINK_LIMIT = 40;
const FOLDER_BYTES = 4096;

export interface SpaceStat {
  readonly kind: 'file' | 'folder';
  readonly mode: number;
  readonly sizeBytes: number;
  readonly modifiedAt: number;
}

export class FileSpace {
  constructor(private readonly source: SpaceSource, readonly holdsPrograms: boolean) {}

  read(path: string): string | undefined {
    const found = this.find(path, true);
    if (typeof found === 'string' || found.node?.kind !== 'file') return undefined;
    return this.source.kept()?.get(found.path) ?? found.node.content;
  }

  list(path: string): readonly string[] | undefined {
    const found = this.find(path, true);
    return typeof found === 'string' || found.node?.kind !== 'folder' ? undefined : namesIn(found.place.pair);
  }

  stat(path: string): SpaceStat | undefined {
    const found = this.find(path, true);
    if (typeof found === 'string') return undefined;
    const { node } = found;
    if (node?.kind === 'folder') return { kind: 'folder', ...folderFacts(found.place.pair), sizeBytes: FOLDER_BYTES };
    if (node?.kind !== 'file') return undefined;
    const kept = this.source.kept()?.get(found.path);
    return { kind: 'file', mode: kept === undefined ? node.mode : 0o644, modifiedAt: node.modifiedAt,
      sizeBytes: byteCount(kept ?? node.content) };
  }

  readLink(path: string): string | undefined {
    const found = this.find(path, false);
    return typeof found !== 'string' && found.node?.kind === 'link' ? found.node.target : undefined;
  }

  /** The path without links; undefined when nothing is there. */
  realPath(path: string): string | undefined {
    const found = this.find(path, true);
    return typeof found === 'string' || found.node === undefined ? undefined : found.path;
  }

  /** What is at a path (a link itself unless `follow`), folders with all that shows in them. */
  whole(path: string, follow: boolean): SeenNode | undefined {
    const found = this.find(path, follow);
    if (typeof found === 'string' || found.node === undefined) return undefined;
    if (found.node.kind === 'folder') return merged(found.place.pair);
    const kept = found.node.kind === 'file' ? this.source.kept()?.get(found.path) : undefined;
    return kept === undefined || found.node.kind !== 'file' ? found.node : { ...found.node, content: kept };
  }

  write(path: string, content: string): string | undefined {
    const found = this.find(path, true);
    if (typeof found === 'string') return found;
    const { node, place } = found;
    if (node?.kind === 'folder') return 'Is a directory';
    if (node?.kind === 'link') return NO_SUCH;
    if (node !== undefined && this.source.kept()?.has(found.path) === true) {
      this.source.keep(found.path, content);
      return undefined;
    }
    if (place.readOnly) return 'Read-only file system';
    const own = place.pair.upper?.kind === 'file' ? place.pair.upper : undefined;
    if (own !== undefined && own.content !== '' && content.length > own.content.length &&
      content.startsWith(own.content)) {
      this.source.emit({ type: 'FileGrown', tree: place.tree, path: place.inner,
        added: content.slice(own.content.length) });
    } else {
      this.put(place, 'file', node?.mode ?? 0o644, content);
    }
    return undefined;
  }

  makeFolder(path: string, mode = 0o755): string | undefined {
    return this.make(path, 'folder', mode, '');
  }

  makeLink(path: string, target: string): string | undefined {
    return this.make(path, 'link', 0o777, target);
  }

  private make(path: string, kind: 'folder' | 'link', mode: number, content: string): string | undefined {
    const found = this.find(path, false);
    if (typeof found === 'string') return found;
    if (found.node !== undefined) return 'File exists';
    if (found.place.readOnly) return 'Read-only file system';
    this.put(found.place, kind, mode, content);
    return undefined;
  }

  setMode(path: string, mode: number): string | undefined {
    const found = this.find(path, true);
    if (typeof found === 'string') return found;
    const { node, place } = found;
    if (node === undefined || node.kind === 'link') return NO_SUCH;
    if (place.readOnly) return 'Read-only file system';
    if (node.kind === 'folder') this.put(place, 'folder', mode, '');
    else if (place.pair.upper?.kind === 'file') this.put(place, 'mode', mode, '');
    else this.put(place, 'file', mode, node.content);
    return undefined;
  }

  remove(path: string): string | undefined {
    const found = this.find(path, false);
    if (typeof found === 'string') return found;
    const { node, place } = found;
    if (node === undefined) return NO_SUCH;
    if (place.isMount || this.source.kept()?.has(found.path) === true) return 'Device or resource busy';
    if (place.readOnly) return 'Read-only file system';
    if (node.kind === 'folder' && namesIn(place.pair).length > 0) return 'Directory not empty';
    this.source.emit({ type: 'FileRemoved', tree: place.tree, path: place.inner,
      hidden: place.pair.lower !== undefined });
    return undefined;
  }

  /** Takes away a whole tree, a link itself. */
  removeAll(path: string): string | undefined {
    if (this.readLink(path) === undefined) {
      for (const name of this.list(path) ?? []) {
        const refused = this.removeAll(`${path}/${name}`);
        if (refused !== undefined) return refused;
      }
    }
    return this.remove(path);
  }

  private put({ tree, inner }: Place, kind: StoredKind, mode: number, content: string): void {
    this.source.emit({ type: 'FileStored', tree, path: inner, kind, mode, content });
  }


  private find(path: string, followLast: boolean): Found {
    const left = path.split('/').reverse();
    const stack: string[] = [];
    let links = 0;
    for (;;) {
      const name = left.pop();
      if (name === undefined) break;
      if (name === '' || name === '.') continue;
      if (name === '..') {
        stack.pop();
        continue;
      }
      stack.push(name);
      const isLast = left.every((rest) => rest === '' || rest === '.');
      const node = seen(this.placeOf(stack).pair);
      if (node?.kind === 'link' && (!isLast || followLast)) {
        if (++links > LINK_LIMIT) return 'Symbolic link loop';
        if (node.target.startsWith('/')) stack.length = 0;
        else stack.pop();
        left.push(...node.target.split('/').reverse());
      } else if (!isLast && node === undefined) {
        return NO_SUCH;
      } else if (!isLast && node?.kind !== 'folder') {
        return 'Not a directory';
      }
    }
    const place = this.placeOf(stack);
    return { path: `/${stack.join('/')}`, place, node: seen(place.pair) };
  }

  private placeOf(names: readonly string[]): Place {
    const path = `/${names.join('/')}`;
    let mount: MountPoint | undefined;
    for (const each of this.source.mounts()) {
      if (path !== each.target && !path.startsWith(`${each.target}/`)) continue;
      if (mount === undefined || each.target.length > mount.target.length) mount = each;
    }
    if (mount === undefined) {
      let pair: Pair = { upper: this.source.treeOf(this.source.tree), lower: this.source.lower() };
      for (const name of names) pair = inside(pair, name);
      return { tree: this.source.tree, inner: path, pair, readOnly: this.source.readOnly, isMount: names.length === 0 };
    }
    const inner = [...mount.root, ...namesOf(path.slice(mount.target.length))];
    // A volume that nobody has written to is a folder all the same.
    const root = this.source.treeOf(mount.tree) ?? folderNode(0o755, 0);
    return { tree: mount.tree, inner: `/${inner.join('/')}`, readOnly: mount.readOnly, isMount: path === mount.target,
      pair: { upper: nodeAt(root, inner), lower: undefined } };
  }
}
