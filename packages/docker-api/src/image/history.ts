// GET /images/{name}/history: newest first.

import { layerOf, type EngineTables, type ImageRow } from '@netreel/engine';
import type { JsonObject } from '../json.js';
import { secondsOf } from '../time.js';

export function historyShape(tables: EngineTables, image: ImageRow): JsonObject[] {
  const ids = idsOf(tables, image);
  let layer = 0;
  const lines = image.history.map(({ created, createdBy, comment, empty }, place): JsonObject => ({
    Comment: comment, Created: secondsOf(created), CreatedBy: createdBy, Id: ids[place] ?? '<missing>',
    Size: empty ? 0 : layerOf(tables, image.layers[layer++] ?? '').sizeBytes,
    Tags: place === image.history.length - 1 ? image.tags.length === 0 ? null : image.tags
      : tagsOf(tables, ids[place]) }));
  return lines.reverse();
}

/** Of every step the image that it left here; those that came from elsewhere are missing. */
function idsOf(tables: EngineTables, image: ImageRow): (string | undefined)[] {
  const ids: (string | undefined)[] = image.history.map(() => undefined);
  let row: ImageRow | undefined = image;
  while (row !== undefined) {
    ids[row.history.length - 1] = row.id;
    row = row.parent === '' ? undefined : tables.images.get(row.parent);
  }
  return ids;
}

function tagsOf(tables: EngineTables, id: string | undefined): readonly string[] | null {
  const tags = id === undefined ? [] : tables.images.get(id)?.tags ?? [];
  return tags.length === 0 ? null : tags;
}
