// Reading documents and query parameters that clients send: whatever is missing or of another kind reads as empty.

import type { Json } from '@netreel/sim';

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json | undefined };

/** The object that `value` is, or an empty one. */
export function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as JsonObject : {};
}

/** Whether there is an object at all. */
export function isObject(value: Json | undefined): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member's text. */
export function textOf(object: JsonObject, key: string): string {
  const value = object[key];
  return typeof value === 'string' ? value : '';
}

/** A member that is true. */
export function flagOf(object: JsonObject, key: string): boolean {
  return object[key] === true;
}

/** A member's whole number. */
export function numberOf(object: JsonObject, key: string, otherwise: number): number {
  const value = object[key];
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : otherwise;
}

/** A member's list of texts; a text alone is a list of one; undefined when there is neither. */
export function textsOf(object: JsonObject, key: string): readonly string[] | undefined {
  const value = object[key];
  if (typeof value === 'string') return [value];
  // A copy of the list that filter makes has no room to grow, which these never do.
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string').slice() : undefined;
}

/** A member's texts by name, sorted by name as Go prints maps. */
export function tableOf(object: JsonObject, key: string): { readonly [name: string]: string } {
  const value = asObject(object[key]);
  return Object.fromEntries(Object.keys(value).sort().map((name) => [name, String(value[name] ?? '')]));
}

/** A query parameter as Docker reads flags: everything but nothing, 0, no, false and none is true. */
export function queryFlag(query: { readonly [name: string]: string }, name: string): boolean {
  const value = (query[name] ?? '').trim().toLowerCase();
  return !(value === '' || value === '0' || value === 'no' || value === 'false' || value === 'none');
}

/** The object without members that are empty texts or empty objects: those that Docker leaves out. */
export function filled(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) =>
    value !== '' && !(isObject(value) && Object.keys(asObject(value)).length === 0)));
}
