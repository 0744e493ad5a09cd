// docker save: configurations, layers and a manifest in one archive (image specification 1.2).

import { bytesOf } from '../file/bytes.js';
import { entriesOf, fileEntry, folderEntry, writeArchive, type ArchiveEntry } from '../file/tar.js';
import type { EngineCore } from '../core.js';
import { refuse, type Refusal } from '../refusal.js';
import { chainIds } from './identifiers.js';
import { configDocument } from './identity.js';
import { fullReference, splitReference } from './reference.js';
import type { ImageRow } from './row.js';
import { findImage, layerOf } from './store.js';

export function saveImages(core: EngineCore, references: readonly string[]): Uint8Array | Refusal {
  const wanted = new Map<string, { readonly row: ImageRow; readonly tags: Set<string> }>();
  for (const reference of references) {
    const row = findImage(core.tables, reference);
    if (row === undefined) return refuse('NotFound', `No such image: ${reference}`);
    const entry = wanted.get(row.id) ?? { row, tags: new Set<string>() };
    wanted.set(row.id, entry);
    const full = fullReference(reference);
    // A repository alone means all its tags.
    const named = row.tags.filter((tag) => tag === full);
    for (const tag of named) entry.tags.add(tag);
  }
  const entries = new Map<string, ArchiveEntry>();
  const manifest: { Config: string; RepoTags: string[] | null; Layers: string[] }[] = [];
  const repositories: { [name: string]: { [tag: string]: string } } = {};
  for (const { row, tags } of wanted.values()) {
    const config = `${row.id.slice('sha256:'.length)}.json`;
    entries.set(config, fileEntry(config, bytesOf(configDocument(row))));
    const folders = chainIds(row.layers).map((chain) => chain.slice('sha256:'.length));
    row.layers.forEach((digest, place) => addLayer(core, entries, folders, place, digest));
    manifest.push({ Config: config, RepoTags: tags.size === 0 ? null : [...tags],
      Layers: folders.map((folder) => `${folder}/layer.tar`) });
    for (const each of tags) {
      const { repository, tag } = splitReference(each);
      (repositories[repository] ??= {})[tag] = folders.at(-1) ?? '';
    }
  }
  entries.set('manifest.json', fileEntry('manifest.json', bytesOf(JSON.stringify(manifest))));
  if (Object.keys(repositories).length > 0) {
    entries.set('repositories', fileEntry('repositories', bytesOf(JSON.stringify(repositories))));
  }
  return writeArchive([...entries.keys()].sort().map((name) => entries.get(name)!));
}

function addLayer(core: EngineCore, entries: Map<string, ArchiveEntry>, folders: readonly string[], place: number,
  digest: string): void {
  const folder = folders[place]!;
  if (entries.has(folder)) return;
  const archive = writeArchive(entriesOf(layerOf(core.tables, digest).tree));
  const about = { id: folder, ...(place === 0 ? {} : { parent: folders[place - 1] }), os: 'linux' };
  entries.set(folder, folderEntry(folder));
  entries.set(`${folder}/VERSION`, fileEntry(`${folder}/VERSION`, bytesOf('1.0')));
  entries.set(`${folder}/json`, fileEntry(`${folder}/json`, bytesOf(JSON.stringify(about))));
  entries.set(`${folder}/layer.tar`, fileEntry(`${folder}/layer.tar`, archive));
}

