// All that can be asked of an engine about images.

import type { Operation } from '@netreel/sim';
import { findContainer } from '../container/lookup.js';
import type { EngineCore } from '../core.js';
import { containerTree } from '../file/spaces.js';
import { isRefusal, refuse, type Refusal } from '../refusal.js';
import { loadArchive, type Loaded } from './load.js';
import { importTree } from './import.js';
import { configOfContainer, storeImage } from './commit.js';
import { pullImage } from './pull.js';
import { fullReference, referenceFlaw } from './reference.js';
import { pruneImages, removeImage, type Removed } from './remove.js';
import type { ImageConfig, ImageRow } from './row.js';
import { saveImages } from './save.js';
import { findImage } from './store.js';

/** What docker commit says of the new image. */
export interface CommitRequest {
  /** Empty for an image without a name. */
  readonly name: string;
  readonly comment: string;
  readonly author: string;
  /** What the changes (`CMD …`) make of the container's settings. */
  readonly change: (config: ImageConfig) => ImageConfig | Refusal;
}

export class Images {
  constructor(readonly core: EngineCore) {}

  find(reference: string): ImageRow | Refusal {
    return findImage(this.core.tables, reference)
      ?? refuse('NotFound', `No such image: ${fullReference(reference)}`);
  }

  /** Fetches an image; the lines of progress, or why it cannot be had. */
  pull(reference: string, tell: (line: { readonly [key: string]: string | Record<string, number> }) => void):
    Operation<undefined | Refusal> {
    return pullImage(this.core, reference, tell);
  }

  *remove(reference: string, force: boolean, prune: boolean): Operation<readonly Removed[] | Refusal> {
    return removeImage(this.core, reference, force, prune);
  }

  *prune(all: boolean, matches: (row: ImageRow) => boolean):
    Operation<{ readonly removed: readonly Removed[]; readonly bytes: number }> {
    return pruneImages(this.core, all, matches);
  }

  *tag(reference: string, name: string): Operation<undefined | Refusal> {
    const row = this.find(reference);
    if (isRefusal(row)) return row;
    return this.named(row, name);
  }

  named(row: ImageRow, name: string): undefined | Refusal {
    const flaw = referenceFlaw(name);
    if (flaw !== undefined) return refuse('InvalidParameter', flaw);
    this.core.emit({ type: 'ImageTagged', name: fullReference(name), id: row.id });
    return undefined;
  }

  *commit(container: string, { name, comment, author, change }: CommitRequest): Operation<ImageRow | Refusal> {
    const row = findContainer(this.core.tables, container);
    if (isRefusal(row)) return row;
    const flaw = name === '' ? undefined : referenceFlaw(name);
    if (flaw !== undefined) return refuse('InvalidParameter', flaw);
    const containerConfig = configOfContainer(row);
    const config = change(containerConfig);
    if (isRefusal(config)) return config;
    const image = storeImage(this.core, { parent: this.core.tables.images.get(row.spec.imageId), config,
      containerConfig, createdBy: [...(row.spec.entrypoint ?? []), ...row.spec.cmd].join(' '), comment, author,
      container: row.id, tree: containerTree(row.id) });
    if (name !== '') this.named(image, name);
    return image;
  }

  /** An archive of images, as `docker load` reads it. */
  save(references: readonly string[]): Uint8Array | Refusal {
    return saveImages(this.core, references);
  }

  *load(archive: Uint8Array): Operation<readonly Loaded[] | Refusal> {
    return loadArchive(this.core, archive);
  }

  /** An image of one layer from the archive of a whole tree. */
  *import(archive: Uint8Array, request: CommitRequest): Operation<ImageRow | Refusal> {
    const image = importTree(this.core, archive, request);
    if (isRefusal(image) || request.name === '') return image;
    return this.named(image, request.name) ?? image;
  }
}
