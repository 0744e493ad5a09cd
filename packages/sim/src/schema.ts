// What is recorded and sent, described once: the TypeScript types, the protobuf schema, the printed lines and the
// documentation of every input, event and message come from these tables. Pure data, so that pure rooms can own theirs.

import { assert } from './assert.js';

/** Any value that JSON can carry. Keys keep the order they were written in. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** Bytes of one Ethernet frame inside a larger buffer: `buffer[start]` to `buffer[end - 1]`. */
export interface FrameBytes {
  readonly buffer: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** How a field looks in memory; `protocol` says how each kind is written. */
export interface FieldValues {
  /** Words. */
  text: string;
  /** A whole number from 0 to 2^53 - 1. */
  int: number;
  flag: boolean;
  bytes: Uint8Array;
  /** 48 bits as a number. */
  mac: number;
  /** 32 bits as a number. */
  ipv4: number;
  /** Text as RFC 5952 writes it, with `%` and a link's index behind those of one link alone. */
  ipv6: string;
  /** A duration or a moment in nanoseconds. */
  ns: number;
  texts: readonly string[];
  ints: readonly number[];
  /** A nested value; written as JSON text. */
  json: Json;
  frame: FrameBytes;
}

export type FieldKind = keyof FieldValues;

/**
 * One kind of record: its number in the protobuf `oneof` (never reused) and its fields, numbered by position (append
 * only).
 */
export interface RecordShape {
  readonly number: number;
  readonly fields: Readonly<Record<string, FieldKind>>;
}

export type RecordTable = Readonly<Record<string, RecordShape>>;

/** The union of the records that a table describes, told apart by `type`. */
export type RecordOf<T extends RecordTable> = {
  [K in keyof T & string]: { readonly type: K } &
    { readonly [F in keyof T[K]['fields']]: FieldValues[T[K]['fields'][F]] }
}[keyof T & string];

/** Any input, event or message, seen without its room. */
export interface AnyRecord {
  readonly type: string;
}

/** Numbers below this belong to the head that all records share. */
export const FIRST_RECORD_NUMBER = 16;

/** Checks a table when its room is loaded and gives it back with its literal type. */
export function defineRecords<const T extends RecordTable>(table: T): T {
  const seen = new Set<number>();
  for (const [name, shape] of Object.entries(table)) {
    assert(/^[A-Z][A-Za-z0-9]+$/.test(name), `a record's name is a noun and a past tense in capitals: ${name}`);
    assert(shape.number >= FIRST_RECORD_NUMBER && !seen.has(shape.number), `number of ${name} is taken or too low`);
    seen.add(shape.number);
  }
  return table;
}
