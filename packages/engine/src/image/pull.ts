// docker pull: from the registry of the catalogue, in the time that a line of 400 Mbit/s takes.

import type { Operation } from '@netreel/sim';
import type { EngineCore } from '../core.js';
import { refuse, type Refusal } from '../refusal.js';
import { chainIds, shortImageId } from './identifiers.js';
import { configDocument } from './identity.js';
import { digestOfText } from './layers.js';
import { fullReference, splitReference } from './reference.js';
import { registryImage, registryImages } from './registry.js';
import type { ImageRow } from './row.js';
import { layerOf } from './store.js';

const NS_PER_BYTE = 20;

type Tell = (line: { readonly [key: string]: string | Record<string, number> }) => void;

export function* pullImage(core: EngineCore, reference: string, tell: Tell): Operation<undefined | Refusal> {
  const full = fullReference(reference);
  const { repository, tag } = splitReference(full);
  const image = registryImage(full);
  if (image === undefined) {
    const known = registryImages().some(({ tags }) =>
      tags.some((name) => splitReference(name).repository === repository));
    return refuse('NotFound', known ? `manifest for ${full} not found: manifest unknown: manifest unknown`
      : `pull access denied for ${repository}, repository does not exist or may require 'docker login': denied: `
        + 'requested access to the resource is denied');
  }
  tell({ status: `Pulling from ${repository.includes('/') ? repository : `library/${repository}`}`, id: tag });
  const present = core.tables.images.get(image.id);
  if (present === undefined) yield* fetchLayers(core, image, tell);
  const digest = digestOfText(`manifest of ${configDocument(image)}`);
  tell({ status: `Digest: ${digest}` });
  const upToDate = core.tables.images.get(image.id)?.tags.includes(full) === true;
  if (!core.tables.images.has(image.id)) core.emit({ type: 'ImageStored', image: image.id });
  if (!upToDate) core.emit({ type: 'ImageTagged', name: full, id: image.id });
  const named = `${repository}@${digest}`;
  if (core.tables.images.get(image.id)?.digests.includes(named) === false) {
    core.emit({ type: 'ImageTagged', name: named, id: image.id });
  }
  tell({ status: `Status: ${upToDate ? 'Image is up to date' : 'Downloaded newer image'} for ${full}` });
  return undefined;
}

function* fetchLayers(core: EngineCore, image: ImageRow, tell: Tell): Operation<void> {
  const had = new Set([...core.tables.images.values()].flatMap(({ layers }) => chainIds(layers)));
  const chains = chainIds(image.layers);
  const layers = image.layers.map((digest, place) => ({ id: shortImageId(chains[place]!), digest,
    present: had.has(chains[place]!) }));
  for (const { id, present } of layers) {
    tell(present ? { status: 'Already exists', progressDetail: {}, id }
      : { status: 'Pulling fs layer', progressDetail: {}, id });
  }
  for (const { id, digest, present } of layers) {
    if (present) continue;
    const { sizeBytes } = layerOf(core.tables, digest);
    yield* core.sleep(sizeBytes * NS_PER_BYTE);
    tell({ status: 'Downloading', progressDetail: { current: sizeBytes, total: sizeBytes }, id });
    for (const status of ['Verifying Checksum', 'Download complete']) tell({ status, progressDetail: {}, id });
    tell({ status: 'Extracting', progressDetail: { current: sizeBytes, total: sizeBytes }, id });
    tell({ status: 'Pull complete', progressDetail: {}, id });
  }
}
