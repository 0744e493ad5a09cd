// docker import: the archive of a whole tree, as `docker export` writes it, as an image of one layer.

import { digestOf } from '../file/digest.js';
import { readArchive } from '../file/tar.js';
import type { EngineCore } from '../core.js';
import { isRefusal, refuse, type Refusal } from '../refusal.js';
import { rfc3339 } from '../time.js';
import { configId } from './identity.js';
import type { CommitRequest } from './images.js';
import { layerEntries } from './load.js';
import { PLAIN_CONFIG, type ImageRow } from './row.js';

export function importTree(core: EngineCore, archive: Uint8Array, { comment, change }: CommitRequest): ImageRow
  | Refusal {
  const entries = readArchive(archive);
  if (typeof entries === 'string') return refuse('System', `Error processing tar file(exit status 1): ${entries}`);
  const config = change(PLAIN_CONFIG);
  if (isRefusal(config)) return config;
  const digest = digestOf(archive);
  core.emit({ type: 'LayerStored', digest, tree: '', below: [], entries: layerEntries(entries) });
  const created = rfc3339(core.port.now());
  const layers = [digest];
  const history = [{ created, createdBy: '', comment, empty: false }];
  const id = configId({ created, author: '', config, layers, history });
  const image: ImageRow = { id, tags: [], digests: [], parent: '', created, author: '', comment, container: '',
    containerConfig: PLAIN_CONFIG, config, layers, history, taggedAt: -1 };
  core.emit({ type: 'ImageStored', image });
  return core.tables.images.get(id)!;
}
