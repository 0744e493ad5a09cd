// All tables of the store as one document, for a member that is too far behind to be told every change. Maps become
// lists of pairs, so that their order, which is that of creation, travels with them.

import { assert, type Json } from '@netreel/sim';
import type { StoreTables } from './tables.js';

/** Says that an object stands for a Map. No key of a table is called so. */
const MAP = '$map';

export function writeSnapshot(tables: StoreTables): Json {
  return written(tables);
}

/** Brings `tables` to where the document's were. */
export function readSnapshot(tables: StoreTables, document: Json): void {
  Object.assign(tables, readBack(document));
}

function written(value: unknown): Json {
  if (value instanceof Map) return { [MAP]: [...value].map(([key, inner]) => [key as Json, written(inner)]) };
  if (Array.isArray(value)) return value.map(written);
  if (value === null || typeof value !== 'object') return value as Json;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, written(inner)]));
}

function readBack(value: Json | undefined): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(readBack);
  const object = value as { readonly [key: string]: Json | undefined };
  const pairs = object[MAP];
  if (pairs === undefined) {
    return Object.fromEntries(Object.entries(object).map(([key, inner]) => [key, readBack(inner)]));
  }
  assert(Array.isArray(pairs), 'a snapshot with a map that has no pairs');
  return new Map((pairs as readonly (readonly [Json, Json])[]).map(([key, inner]) => [key, readBack(inner)]));
}
