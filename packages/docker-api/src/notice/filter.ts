// `docker events --filter`: which notices a watcher is told.

import type { NoticeRow } from '@netreel/engine';
import type { Filters } from '../filters.js';

/** Kinds whose filter asks for the id or the name of what the notice is about, or the start of either. */
const BY_NAME = ['container', 'plugin', 'volume', 'network', 'node', 'service', 'secret', 'config', 'daemon'];
/** Actions that carry more behind a colon: asked for by their beginning. */
const WITH_DETAILS = ['health_status', 'exec_create', 'exec_start'];

/** Whether `row` is wanted. */
export function isWanted(filters: Filters, row: NoticeRow): boolean {
  const { kind, action, actor, attributes } = row;
  const byStart = filters.of('event').some((event) => WITH_DETAILS.includes(event));
  return (byStart ? filters.begins('event', action) : filters.exact('event', action)) &&
    filters.exact('type', kind) && filters.exact('scope', row.scope) &&
    BY_NAME.every((name) => !filters.has(name) ||
      (kind === name && (filters.begins(name, actor) || filters.begins(name, attributes['name'] ?? '')))) &&
    isOfImage(filters, row) && filters.labelled(attributes);
}

/** An image with or without its tag, of containers too. */
function isOfImage(filters: Filters, { kind, actor, attributes }: NoticeRow): boolean {
  const name = attributes[kind === 'image' ? 'name' : 'image'] ?? '';
  return [actor, name, withoutTag(actor), withoutTag(name)].some((each) => filters.exact('image', each));
}

function withoutTag(image: string): string {
  const slash = image.lastIndexOf('/');
  const colon = image.indexOf(':', slash);
  return colon < 0 ? image : image.slice(0, colon);
}
