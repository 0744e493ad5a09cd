// Values as a Go template sees them. Two views of one answer exist: the raw one (decoded JSON, where numbers are kept
// as texts) and the typed one (structs with every field, see shape.ts).

import { assert, type Json } from '@netreel/sim';

/** A field of a struct: its Go name, and how encoding/json writes it. */
export interface GoField {
  readonly name: string;
  readonly json: string;
  /** Left out of JSON when empty. */
  readonly omitEmpty: boolean;
  readonly value: GoValue;
}

export type GoValue =
  /** Nothing; `absent` when there was not even a place for it (a key that a map lacks). */
  | { readonly kind: 'nil'; readonly absent?: true }
  | { readonly kind: 'bool'; readonly bool: boolean }
  /** `exact` has the digits of one that a number here cannot hold. */
  | { readonly kind: 'int'; readonly int: number; readonly exact?: string }
  | { readonly kind: 'float'; readonly float: number }
  | { readonly kind: 'string'; readonly text: string }
  /** A json.Number: prints as it was sent, and counts as a text. */
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'time'; readonly text: string }
  | { readonly kind: 'list'; readonly type: string; readonly items: readonly GoValue[]; readonly isNil: boolean }
  | { readonly kind: 'map'; readonly type: string; readonly entries: ReadonlyMap<string,
    GoValue>; readonly isNil: boolean;
      /** What `index` gives for a key that is not there. */
      readonly zero: GoValue }
  | { readonly kind: 'struct'; readonly type: string; readonly fields: readonly GoField[]; readonly pointer: boolean }
  | { readonly kind: 'nilPointer'; readonly type: string }
  /** A row of a listing: every column is a method, worked out when it is asked for. */
  | { readonly kind: 'row'; readonly type: string; readonly columns: ReadonlyMap<string, RowColumn> };

/** A column of a listing; arguments as in `{{.Label "tier"}}`. */
export interface RowColumn {
  readonly parameters: number;
  readonly value: (...texts: readonly string[]) => GoValue;
}

export const NIL: GoValue = { kind: 'nil' };
export const ABSENT: GoValue = { kind: 'nil', absent: true };
export const goBool = (bool: boolean): GoValue => ({ kind: 'bool', bool });
export const goInt = (int: number): GoValue => ({ kind: 'int', int });
export const goExactInt = (digits: string): GoValue => ({ kind: 'int', int: Number(digits), exact: digits });
export const goText = (text: string): GoValue => ({ kind: 'string', text });
export const goTexts = (texts: readonly string[]): GoValue =>
  ({ kind: 'list', type: '[]string', items: texts.map(goText), isNil: false });

/** Decoded JSON, as encoding/json gives it to a program that knows no types. */
export function rawValue(json: Json | undefined): GoValue {
  if (json === null || json === undefined) return NIL;
  if (typeof json === 'boolean') return goBool(json);
  if (typeof json === 'number') return { kind: 'number', text: String(json) };
  if (typeof json === 'string') return goText(json);
  if (Array.isArray(json)) return { kind: 'list', type: '[]interface {}', items: json.map(rawValue), isNil: false };
  const entries = Object.entries(json as { readonly [key: string]: Json | undefined });
  return {
    kind: 'map', type: 'map[string]interface {}', isNil: false, zero: NIL,
    entries: new Map(entries.map(([key, value]) => [key, rawValue(value)])),
  };
}

/** The map's keys in the order in which Go visits and prints them. */
export function sortedKeys(entries: ReadonlyMap<string, unknown>): string[] {
  return [...entries.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Whether `if` takes the value for true. */
export function isTrue(value: GoValue): boolean {
  switch (value.kind) {
    case 'nil': case 'nilPointer': return false;
    case 'bool': return value.bool;
    case 'int': return value.int !== 0;
    case 'float': return value.float !== 0;
    case 'string': case 'number': return value.text !== '';
    case 'list': return value.items.length > 0;
    case 'map': return value.entries.size > 0;
    case 'time': case 'struct': case 'row': return true;
    default: return unexpected(value);
  }
}

/** The type's name in complaints. */
export function typeName(value: GoValue): string {
  switch (value.kind) {
    case 'nil': return 'interface {}';
    case 'bool': case 'int': case 'string': return value.kind;
    case 'float': return 'float64';
    case 'number': return 'json.Number';
    case 'time': return 'time.Time';
    case 'list': case 'map': return value.type;
    case 'row': return value.type;
    case 'struct': return value.pointer ? `*${value.type}` : value.type;
    case 'nilPointer': return `*${value.type}`;
    default: return unexpected(value);
  }
}

export function unexpected(value: never): never {
  assert(false, `no such Go value: ${JSON.stringify(value)}`);
}
