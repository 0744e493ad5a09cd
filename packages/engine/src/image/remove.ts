// docker rmi and image prune.

import { shortId } from '../container/lookup.js';
import type { EngineCore } from '../core.js';
import { refuse, type Refusal } from '../refusal.js';
import { isRunning, type ContainerRow } from '../tables.js';
import { chainIds, shortImageId } from './identifiers.js';
import { fullReference, splitReference } from './reference.js';
import type { ImageRow } from './row.js';
import { findImage, layerOf } from './store.js';

/** One line of what a removal did. */
export type Removed = { readonly Untagged: string } | { readonly Deleted: string };

export function removeImage(core: EngineCore, reference: string, force: boolean, prune: boolean):
  readonly Removed[] | Refusal {
  const row = findImage(core.tables, reference);
  if (row === undefined) return refuse('NotFound', `No such image: ${fullReference(reference)}`);
  const full = fullReference(reference);
  const byName = row.tags.includes(full) || row.digests.includes(full);
  const done: Removed[] = [];
  if (!byName) {
    const repositories = new Set(row.tags.map((tag) => splitReference(tag).repository));
    if (repositories.size > 1 && !force) {
      return conflict(row, true, 'image is referenced in multiple repositories');
    }
    const reason = inUse(core, row, force, false);
    if (reason !== undefined) return reason;
    for (const tag of row.tags) untag(core, tag, done);
    deleteImage(core, row, prune, done);
    return done;
  }
  if (row.tags.length + (row.tags.length === 0 ? row.digests.length : 0) > 1) {
    untag(core, full, done);
    return done;
  }
  const user = userOf(core, row);
  if (user !== undefined && !force) {
    return refuse('Conflict', `conflict: unable to remove repository reference "${reference}" (must force) - container `
      + `${shortId(user.id)} is using its referenced image ${shortImageId(row.id)}`);
  }
  untag(core, full, done);
  if (user !== undefined || hasChild(core, row)) return done;
  deleteImage(core, row, prune, done);
  return done;
}

function untag(core: EngineCore, name: string, done: Removed[]): void {
  core.emit({ type: 'ImageTagged', name, id: '' });
  done.push({ Untagged: name });
}

function userOf(core: EngineCore, row: ImageRow): ContainerRow | undefined {
  const users = [...core.tables.containers.values()].filter(({ spec }) => spec.imageId === row.id);
  return users.find(isRunning) ?? users[0];
}

function hasChild(core: EngineCore, row: ImageRow): boolean {
  return [...core.tables.images.values()].some(({ parent }) => parent === row.id);
}

function inUse(core: EngineCore, row: ImageRow, force: boolean, parentToo: boolean): Refusal | undefined {
  if (hasChild(core, row) && !parentToo) return conflict(row, false, 'image has dependent child images');
  const user = userOf(core, row);
  if (user === undefined) return undefined;
  if (isRunning(user)) return conflict(row, false, `image is being used by running container ${shortId(user.id)}`);
  return force ? undefined : conflict(row, true, `image is being used by stopped container ${shortId(user.id)}`);
}

function conflict(row: ImageRow, forceable: boolean, reason: string): Refusal {
  return refuse('Conflict', `conflict: unable to delete ${shortImageId(row.id)} `
    + `(${forceable ? 'must be' : 'cannot be'} forced) - ${reason}`);
}

/** Takes an image away, the layers that no other one has, and parents that were there for it only. */
function deleteImage(core: EngineCore, row: ImageRow, prune: boolean, done: Removed[]): void {
  core.emit({ type: 'ImageRemoved', id: row.id });
  done.push({ Deleted: row.id });
  const chains = chainIds(row.layers);
  const kept = new Set([...core.tables.images.values()].flatMap(({ layers }) => chainIds(layers)));
  for (const chain of chains.reverse()) if (!kept.has(chain)) done.push({ Deleted: chain });
  const parent = core.tables.images.get(row.parent);
  if (!prune || parent === undefined || parent.tags.length > 0 || hasChild(core, parent) ||
    userOf(core, parent) !== undefined) return;
  deleteImage(core, parent, prune, done);
}

/** Removes images without a name, or, with `all`, all that no container uses. */
export function pruneImages(core: EngineCore, all: boolean, matches: (row: ImageRow) => boolean):
  { readonly removed: readonly Removed[]; readonly bytes: number } {
  const removed: Removed[] = [];
  const before = totalSize(core);
  for (const row of [...core.tables.images.values()]) {
    const current = core.tables.images.get(row.id);
    if (current === undefined || !matches(current) || hasChild(core, current)) continue;
    if (userOf(core, current) !== undefined || (!all && current.tags.length > 0)) continue;
    for (const tag of current.tags) untag(core, tag, removed);
    deleteImage(core, current, true, removed);
  }
  return { removed, bytes: before - totalSize(core) };
}

/** Bytes of all layers of all images, each once. */
export function totalSize(core: Pick<EngineCore, 'tables'>): number {
  const digests = new Set([...core.tables.images.values()].flatMap(({ layers }) => layers));
  return [...digests].reduce((sum, digest) => sum + layerOf(core.tables, digest).sizeBytes, 0);
}

