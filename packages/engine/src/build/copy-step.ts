// COPY and ADD: files of the build context, or of another stage, into the image to be.

import { byteCount } from '../file/bytes.js';
import { hexDigest } from '../file/digest.js';
import { folderNode, namesOf, type FolderNode, type SeenNode } from '../file/node.js';
import type { FileSpace } from '../file/space.js';
import { entriesOf, readArchive, writeArchive } from '../file/tar.js';
import { putEntries } from '../file/copy.js';
import { bytesOf } from '../file/bytes.js';
import { clean } from '../mount/parse.js';
import { isRefusal } from '../refusal.js';
import type { Flaw } from './parse.js';

/** What one COPY takes from where it takes it. */
export interface Source {
  readonly name: string;
  readonly node: SeenNode;
}

/** The files that patterns name; Docker's complaint when one names none. */
export function sourcesOf(root: FolderNode, keyword: string, patterns: readonly string[]): readonly Source[] | Flaw {
  const sources: Source[] = [];
  for (const pattern of patterns) {
    if (pattern.split('/').includes('..') && escapes(pattern)) {
      return { flaw: `${keyword} failed: forbidden path outside the build context: ${pattern} ()` };
    }
    const names = namesOf(clean(`/${pattern}`));
    if (/[*?[]/.test(pattern)) {
      sources.push(...matching(root, names, ''));
      continue;
    }
    const node = lookUp(root, names);
    if (node === undefined) {
      return { flaw: `${keyword} failed: file not found in build context or excluded by .dockerignore: stat `
        + `${names.join('/')}: file does not exist` };
    }
    sources.push({ name: names.join('/'), node });
  }
  return sources.length === 0 ? { flaw: `${keyword} failed: no source files were specified` } : sources;
}

function escapes(pattern: string): boolean {
  let depth = 0;
  for (const name of pattern.split('/')) {
    if (name === '..') depth--;
    else if (name !== '' && name !== '.') depth++;
    if (depth < 0) return true;
  }
  return false;
}

function lookUp(root: FolderNode, names: readonly string[]): SeenNode | undefined {
  let node: SeenNode | undefined = root;
  for (const name of names) {
    const next: ReturnType<FolderNode['entries']['get']> = node?.kind === 'folder' ? node.entries.get(name) : undefined;
    node = next?.kind === 'whiteout' ? undefined : next;
  }
  return node;
}

/** Patterns of one name: * ? [...] as file names match. */
function matching(folder: FolderNode, names: readonly string[], path: string): Source[] {
  const [pattern, ...rest] = names;
  if (pattern === undefined) return [];
  const expression = new RegExp(`^${pattern.replace(/[.+^${}()|\\]/g, '\\$&').replace(/\*/g, '[^/]*')
    .replace(/\?/g, '[^/]')}$`);
  return [...folder.entries.keys()].sort().flatMap((name): Source[] => {
    const node = folder.entries.get(name)!;
    if (!expression.test(name) || node.kind === 'whiteout') return [];
    const here = path === '' ? name : `${path}/${name}`;
    if (rest.length === 0) return [{ name: here, node }];
    return node.kind === 'folder' ? matching(node, rest, here) : [];
  });
}

/** `file:DIGEST`, `dir:DIGEST` or `multi:DIGEST`, as history names what was copied: same content, same name. */
export function sourceName(sources: readonly Source[]): string {
  const digests = sources.map(({ node }) => {
    const holder = folderNode(0o755, 0);
    holder.entries.set('source', unaged(node));
    return hexDigest(writeArchive(entriesOf(holder)));
  });
  const [only] = sources;
  if (sources.length === 1) return `${only!.node.kind === 'folder' ? 'dir' : 'file'}:${digests[0]!}`;
  return `multi:${hexDigest(bytesOf(digests.join(',')))}`;
}

/** When a file was written does not matter to a build. */
function unaged(node: SeenNode): SeenNode {
  if (node.kind !== 'folder') return { ...node, modifiedAt: 0 };
  const folder = folderNode(node.mode, 0);
  for (const [name, inner] of node.entries) {
    if (inner.kind !== 'whiteout') folder.entries.set(name, unaged(inner));
  }
  return folder;
}

/** Puts sources at `destination` (absolute; a slash at its end means a folder). `unpack`: ADD opens archives. */
export function copySources(space: FileSpace, sources: readonly Source[], destination: string,
  unpack: boolean): Flaw | undefined {
  const intoFolder = destination.endsWith('/') || sources.length > 1 ||
    space.stat(destination)?.kind === 'folder';
  for (const { name, node } of sources) {
    const archive = unpack && node.kind === 'file' ? archiveOf(node.content) : undefined;
    if (typeof archive === 'string') return { flaw: `ADD failed: ${archive}` };
    let flaw: string | undefined;
    if (archive !== undefined) {
      const refusal = putEntries(space, clean(destination), archive, false);
      flaw = isRefusal(refusal) ? refusal.message : undefined;
    } else if (node.kind === 'folder') {
      flaw = place(space, node, clean(destination));
    } else {
      const target = intoFolder ? `${clean(destination)}/${name.slice(name.lastIndexOf('/') + 1)}` : destination;
      flaw = place(space, node, clean(target));
    }
    if (flaw !== undefined) return { flaw };
  }
  return undefined;
}

/** The members of an archive; undefined of a file that is none. */
function archiveOf(content: string): ReturnType<typeof readArchive> | undefined {
  if (content.startsWith('\x1f\udc8b')) return 'compressed archives cannot be opened here; add them uncompressed';
  if (byteCount(content.slice(0, 512)) < 262 || content.slice(257, 262) !== 'ustar') return undefined;
  const entries = readArchive(bytesOf(content));
  return typeof entries === 'string' ? undefined : entries;
}

function place(space: FileSpace, node: SeenNode, target: string): string | undefined {
  makeFolders(space, node.kind === 'folder' ? target : target.slice(0, target.lastIndexOf('/')));
  switch (node.kind) {
    case 'link':
      if (space.readLink(target) !== undefined || space.stat(target) !== undefined) space.removeAll(target);
      return space.makeLink(target, node.target);
    case 'file': {
      const refused = space.write(target, node.content);
      return refused ?? (space.stat(target)?.mode === node.mode ? undefined : space.setMode(target, node.mode));
    }
    case 'folder': {
      for (const name of [...node.entries.keys()].sort()) {
        const inner = node.entries.get(name)!;
        const refused = inner.kind === 'whiteout' ? undefined : place(space, inner, `${target}/${name}`);
        if (refused !== undefined) return refused;
      }
      return undefined;
    }
  }
}

export function makeFolders(space: FileSpace, path: string): void {
  const names = namesOf(path);
  for (let depth = 1; depth <= names.length; depth++) {
    const folder = `/${names.slice(0, depth).join('/')}`;
    if (space.stat(folder) === undefined) space.makeFolder(folder);
  }
}
