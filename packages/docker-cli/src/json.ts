// Reading an engine's answers without trusting them: what is missing or of another kind reads as empty.

import type { Json } from '@netreel/sim';

export type JsonRecord = { readonly [key: string]: Json | undefined };

export function recordOf(value: Json | undefined): JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : {};
}

export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

export function numberOf(value: Json | undefined): number {
  return typeof value === 'number' ? value : 0;
}

/** Follows the names into nested objects. */
export function dig(value: Json | undefined, ...names: readonly string[]): Json | undefined {
  let found = value;
  for (const name of names) found = recordOf(found)[name];
  return found;
}

const UNSAFE = /[<>&\u2028\u2029]/g;

/** What stands in a document for a number with more digits than one can hold: goJson writes its digits. */
export function exactNumber(digits: string): Json {
  return `\u0001${digits}\u0001`;
}

/** JSON as Go writes it: `<`, `>` and `&` are escaped. */
export function goJson(value: Json, indent?: string): string {
  return JSON.stringify(value, null, indent).replace(/"\\u0001(\d+)\\u0001"/g, '$1')
    .replace(UNSAFE, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A JSON object of these entries; a later one of the same name wins. */
export function jsonRecord(entries: Iterable<readonly [string, Json]>): JsonRecord {
  return Object.fromEntries(entries);
}
