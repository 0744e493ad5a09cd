// GET /images/json: which images the filters let through.

import { findImage, imageSize, labelsOf, type EngineTables, type ImageRow } from '@netreel/engine';
import { answer, failure } from '../answer.js';
import { Filters } from '../filters.js';
import type { ApiAnswer, ApiRequest } from '../http.js';
import { queryFlag, type JsonObject } from '../json.js';
import { secondsOf } from '../time.js';

const KNOWN = ['dangling', 'label', 'before', 'since', 'reference'];

export function listImages(tables: EngineTables, request: ApiRequest): ApiAnswer {
  const filters = Filters.parse(request.query['filters']);
  if (typeof filters === 'string') return failure(400, filters);
  const flaw = filters.invalid(KNOWN);
  if (flaw !== undefined) return failure(400, flaw);
  const bounds: { before?: number; since?: number } = {};
  for (const bound of ['before', 'since'] as const) {
    const [name] = filters.of(bound);
    if (name === undefined) continue;
    const image = findImage(tables, name);
    if (image === undefined) return failure(404, `No such image: ${name}`);
    bounds[bound] = madeAt(tables, image);
  }
  const all = queryFlag(request.query, 'all');
  const parents = new Set([...tables.images.values()].map(({ parent }) => parent));
  const rows = [...tables.images.values()].filter((image) => {
    // What a build left on its way is shown with `all` alone.
    if (!all && image.tags.length === 0 && image.digests.length === 0 && parents.has(image.id)) return false;
    const dangling = image.tags.length === 0 && image.digests.length === 0;
    const [wanted] = filters.of('dangling');
    if (wanted !== undefined && dangling !== (wanted === 'true' || wanted === '1')) return false;
    const at = madeAt(tables, image);
    return (bounds.before === undefined || at < bounds.before) && (bounds.since === undefined || at > bounds.since)
      && filters.labelled(labelsOf(image.config));
  });
  // Newest first; those of one moment as they came.
  const ordered = [...rows].sort((one, other) => secondsOf(other.created) - secondsOf(one.created));
  const listed = ordered.map((image) => imageRow(tables, image, filters)).filter((row) => row !== undefined);
  return answer(200, listed.map(({ row }) => row));
}

/** Newest first is by the time of making; of one time those that came later. */
function madeAt(tables: EngineTables, image: ImageRow): number {
  return secondsOf(image.created) * 1000 + [...tables.images.keys()].indexOf(image.id);
}

function imageRow(tables: EngineTables, image: ImageRow, filters: Filters): { readonly row: JsonObject } | undefined {
  const patterns = filters.of('reference');
  const tags = patterns.length === 0 ? image.tags
    : image.tags.filter((tag) => patterns.some((pattern) => matchesReference(pattern, tag)));
  if (patterns.length > 0 && tags.length === 0) return undefined;
  const size = imageSize(tables, image);
  const dangling = tags.length === 0 && image.digests.length === 0;
  return { row: { Containers: -1, Created: secondsOf(image.created), Id: image.id,
    Labels: image.config.Labels === null ? null : labelsOf(image.config), ParentId: image.parent,
    RepoDigests: dangling ? ['<none>@<none>'] : image.digests.length === 0 ? null : image.digests,
    RepoTags: dangling ? ['<none>:<none>'] : tags.length === 0 ? null : tags, SharedSize: -1, Size: size,
    VirtualSize: size } };
}

/** `nginx`, `nginx:1.*`, `*` as file names match, of the name alone or with its tag. */
function matchesReference(pattern: string, tag: string): boolean {
  const source = pattern.replace(/[.+^${}()|\\]/g, '\\$&').replace(/\*/g, '[^/]*').replace(/\?/g, '[^/]');
  const expression = new RegExp(`^${source}$`);
  return expression.test(tag) || expression.test(tag.slice(0, tag.lastIndexOf(':')));
}
