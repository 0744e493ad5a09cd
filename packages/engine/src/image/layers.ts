// Layers of the registry's images: trees made of the data beside this file, and their digests.

import { bytesOf } from '../file/bytes.js';
import { store } from '../file/change.js';
import { digestOf } from '../file/digest.js';
import { folderNode, namesOf, type FolderNode } from '../file/node.js';
import { entriesOf, writeArchive } from '../file/tar.js';
import data from './data/layers.json';

interface LayerData {
  readonly like?: string;
  readonly sizeBytes: number;
  readonly createdBy?: string;
  readonly folders?: readonly string[];
  readonly open?: readonly string[];
  readonly programs?: { readonly [path: string]: string };
  readonly applets?: string;
  readonly scripts?: { readonly [path: string]: string };
  readonly files?: { readonly [path: string]: string };
}

/** A layer, and what `docker history` says of it. All engines of this process share its tree: nobody changes it. */
export interface Layer {
  readonly digest: string;
  readonly sizeBytes: number;
  readonly createdBy: string;
  readonly tree: FolderNode;
}

const DATA = data.layers as unknown as { readonly [name: string]: LayerData };
const made = new Map<string, Layer>();
const byDigest = new Map<string, Layer>();

/** The layer that the data calls `name`. */
export function registryLayer(name: string): Layer {
  let layer = made.get(name);
  if (layer === undefined) {
    const { sizeBytes, createdBy = '' } = DATA[name]!;
    const tree = treeOf(name);
    layer = { digest: digestOf(writeArchive(entriesOf(tree))), sizeBytes, createdBy, tree };
    made.set(name, layer);
    byDigest.set(layer.digest, layer);
  }
  return layer;
}

/** A layer of the registry by its digest. */
export function registryLayerOf(digest: string): Layer | undefined {
  if (!byDigest.has(digest)) for (const name of Object.keys(DATA)) registryLayer(name);
  return byDigest.get(digest);
}

function treeOf(name: string): FolderNode {
  const tree = folderNode(0o755, 0);
  fill(tree, name);
  return tree;
}

function fill(tree: FolderNode, name: string): void {
  const { like, folders = [], open = [], programs = {}, applets, scripts = {}, files = {} } = DATA[name]!;
  if (like !== undefined) fill(tree, like);
  const folder = (path: string, mode: number): void => store(tree, { path, kind: 'folder', mode, content: '' }, 0);
  const file = (path: string, mode: number, content: string): void => {
    const names = namesOf(path);
    for (let depth = 1; depth < names.length; depth++) {
      const outer = `/${names.slice(0, depth).join('/')}`;
      if (!hasFolder(tree, names.slice(0, depth))) folder(outer, 0o755);
    }
    store(tree, { path, kind: 'file', mode, content }, 0);
  };
  for (const path of folders) folder(path, 0o755);
  for (const path of open) folder(path, 0o1777);
  for (const [path, program] of Object.entries(programs)) file(path, 0o755, programText(program));
  if (applets !== undefined) {
    for (const applet of data.applets) store(tree, { path: `${applets}/${applet}`, kind: 'link', mode: 0o777,
      content: 'busybox' }, 0);
  }
  for (const [path, text] of Object.entries(scripts)) file(path, 0o755, text);
  for (const [path, text] of Object.entries(files)) file(path, 0o644, text);
}

function hasFolder(tree: FolderNode, names: readonly string[]): boolean {
  let node: FolderNode = tree;
  for (const name of names) {
    const inner = node.entries.get(name);
    if (inner?.kind !== 'folder') return false;
    node = inner;
  }
  return true;
}

/** What a file holds that runs a simulated program; whoever starts programs reads it so. */
export function programText(program: string): string {
  return `\x7fELF ${program}\n`;
}

/** All programs that files of some layer run, and all applets of busybox. */
export function programsOfImages(): ReadonlySet<string> {
  return new Set([...data.applets, ...Object.values(DATA).flatMap((layer) => Object.values(layer.programs ?? {}))]);
}

/** Bytes of a text, for whoever makes ids of documents. */
export function digestOfText(text: string): string {
  return digestOf(bytesOf(text));
}
