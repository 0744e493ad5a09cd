// docker load: images out of an archive that `docker save` wrote, a real engine's included.

import type { Json } from '@netreel/sim';
import { textOf } from '../file/bytes.js';
import { digestOf } from '../file/digest.js';
import { readArchive, type ArchiveEntry } from '../file/tar.js';
import { virtualTime } from '../file/copy.js';
import type { EngineCore } from '../core.js';
import type { LayerEntry } from '../evolve-files.js';
import { isRefusal, refuse, type Refusal } from '../refusal.js';
import { registryLayerOf } from './layers.js';
import { PLAIN_CONFIG, type HistoryLine, type ImageConfig, type ImageRow } from './row.js';

/** What was loaded: by its name, or by id when it has none. */
export type Loaded = { readonly tag: string } | { readonly id: string };

type Fields = { readonly [key: string]: Json | undefined };

const flawed = (why: string): Refusal => refuse('System', `Error processing tar file(exit status 1): ${why}`);

export function loadArchive(core: EngineCore, archive: Uint8Array): readonly Loaded[] | Refusal {
  const entries = readArchive(archive);
  if (typeof entries === 'string') return flawed(entries);
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const manifest = documentOf(byName.get('manifest.json'));
  if (!Array.isArray(manifest)) return refuse('System', 'open manifest.json: no such file or directory');
  const loaded: Loaded[] = [];
  for (const each of manifest as readonly Fields[]) {
    const row = loadImage(core, byName, each);
    if (isRefusal(row)) return row;
    const tags = Array.isArray(each['RepoTags']) ? each['RepoTags'].map(String) : [];
    for (const tag of tags) {
      core.emit({ type: 'ImageTagged', name: tag, id: row.id });
      loaded.push({ tag });
    }
    if (tags.length === 0) loaded.push({ id: row.id });
  }
  return loaded;
}

function loadImage(core: EngineCore, byName: ReadonlyMap<string, ArchiveEntry>, manifest: Fields): ImageRow | Refusal {
  const name = String(manifest['Config'] ?? '');
  const file = byName.get(name);
  const document = documentOf(file) as Fields | undefined;
  if (file === undefined || document === undefined) return refuse('System', `open ${name}: no such file or directory`);
  const layers = ((document['rootfs'] as Fields | undefined)?.['diff_ids'] ?? []) as readonly string[];
  const paths = Array.isArray(manifest['Layers']) ? manifest['Layers'].map(String) : [];
  if (paths.length !== layers.length) {
    return refuse('System', `invalid manifest, layers length mismatch: expected ${layers.length}, got ${paths.length}`);
  }
  const id = digestOf(file.bytes);
  const present = core.tables.images.get(id);
  if (present !== undefined) return present;
  for (const [place, digest] of layers.entries()) {
    const refused = loadLayer(core, layerFile(byName, paths[place]!), digest);
    if (refused !== undefined) return refused;
  }
  core.emit({ type: 'ImageStored', image: rowOf(id, document, layers) });
  return core.tables.images.get(id)!;
}

/** Layers that two images share may be links from one to the other. */
function layerFile(byName: ReadonlyMap<string, ArchiveEntry>, path: string): ArchiveEntry | undefined {
  const entry = byName.get(path);
  if (entry?.kind !== 'link') return entry;
  const parts = path.split('/').slice(0, -1);
  for (const part of entry.target.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return byName.get(parts.join('/'));
}

function loadLayer(core: EngineCore, file: ArchiveEntry | undefined, digest: string): Refusal | undefined {
  if (core.tables.layers.has(digest) || registryLayerOf(digest) !== undefined) return undefined;
  if (file === undefined) return refuse('System', 'open layer.tar: no such file or directory');
  const found = digestOf(file.bytes);
  if (found !== digest) {
    return refuse('System', `invalid diffID for layer 0: expected "${digest}", got "${found}"`);
  }
  const entries = readArchive(file.bytes);
  if (typeof entries === 'string') return flawed(entries);
  core.emit({ type: 'LayerStored', digest, tree: '', below: [], entries: layerEntries(entries) });
  return undefined;
}

/** Members of a layer, whiteouts as the image specification names them. */
export function layerEntries(entries: readonly ArchiveEntry[]): LayerEntry[] {
  const contents = new Map(entries.map((entry) => [entry.name, entry]));
  return entries.filter(({ name }) => name !== '').map((entry): LayerEntry => {
    const cut = entry.name.lastIndexOf('/');
    const [folder, base] = [cut < 0 ? '' : `/${entry.name.slice(0, cut)}`, entry.name.slice(cut + 1)];
    const at = virtualTime(entry.seconds);
    if (base === '.wh..wh..opq') return { path: folder, kind: 'opaque', mode: 0o755, content: '', at };
    if (base.startsWith('.wh.')) {
      return { path: `${folder}/${base.slice(4)}`, kind: 'whiteout', mode: 0, content: '', at };
    }
    const path = `/${entry.name}`;
    switch (entry.kind) {
      case 'folder': return { path, kind: 'folder', mode: entry.mode, content: '', at };
      case 'link': return { path, kind: 'link', mode: 0o777, content: entry.target, at };
      case 'hardlink': return { path, kind: 'file', mode: entry.mode, at,
        content: textOf(contents.get(entry.target.replace(/^\//, ''))?.bytes ?? new Uint8Array(0)) };
      case 'file': return { path, kind: 'file', mode: entry.mode, content: textOf(entry.bytes), at };
    }
  });
}

function documentOf(entry: ArchiveEntry | undefined): Json | undefined {
  if (entry === undefined) return undefined;
  try {
    return JSON.parse(textOf(entry.bytes)) as Json;
  } catch {
    // Not a document: the caller says which file it is.
    return undefined;
  }
}

function rowOf(id: string, document: Fields, layers: readonly string[]): ImageRow {
  const text = (key: string): string => (typeof document[key] === 'string' ? document[key] as string : '');
  const config = { ...PLAIN_CONFIG, ...(document['config'] as Fields | undefined) } as unknown as ImageConfig;
  const containerConfig = (document['container_config'] ?? null) as unknown as ImageConfig | null;
  const history = (Array.isArray(document['history']) ? document['history'] as readonly Fields[] : [])
    .map((line): HistoryLine => ({ created: String(line['created'] ?? ''), createdBy: String(line['created_by'] ?? ''),
      comment: String(line['comment'] ?? ''), empty: line['empty_layer'] === true }));
  return { id, tags: [], digests: [], parent: '', created: text('created'), author: text('author'), comment: '',
    container: text('container'), containerConfig, config, layers, history, taggedAt: -1 };
}
