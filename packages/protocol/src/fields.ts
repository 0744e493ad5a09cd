// How each kind of field is written and read on the wire, and what it is called in a .proto file. Values at their
// default (0, false, empty, null) are left out, as proto3 writers do, so that a schema and this file agree to the byte.

import type { FieldKind, FrameBytes, Json } from '@netreel/sim';
import { BrokenAssertion } from '@netreel/sim';
import { inZone, read32, readIpv6, write32, writeIpv6, zoneOf } from '@netreel/wire';
import type { Reader, Writer } from 'protobufjs/minimal.js';

/** Bytes that are no record of ours: thrown while reading, caught at the door and handed out as a value. */
export class Flaw extends Error {}

const WORD = 0x1_0000_0000;
const MAC_BOUND = 0x1_0000_0000_0000;

/** proto types by kind; `repeated` stands before the list kinds. */
export const PROTO_TYPES: Readonly<Record<FieldKind, string>> = {
  text: 'string', int: 'uint64', flag: 'bool', bytes: 'bytes', mac: 'fixed64', ipv4: 'fixed32', ipv6: 'bytes',
    ns: 'uint64',
  texts: 'repeated string', ints: 'repeated uint64', json: 'string', frame: 'bytes',
};

const WIRE_TYPES: Readonly<Record<FieldKind, number>> = {
  text: 2, int: 0, flag: 0, bytes: 2, mac: 1, ipv4: 5, ipv6: 2, ns: 0, texts: 2, ints: 2, json: 2, frame: 2,
};

/**
 * A record of ours holds what its table does not allow. Apart from the checks, so that these build no text when all is
 * well.
 */
function refuse(where: string, wanted: string, value: unknown): never {
  throw new BrokenAssertion(`${where} must be ${wanted}: ${String(value)}`);
}

/** The tag before a field: its number and how its length is known. */
export function tagOf(number: number, kind: FieldKind): number {
  return number * 8 + WIRE_TYPES[kind];
}

/** A whole number as a varint; `where` names the field when it is none. */
export function writeInteger(writer: Writer, value: number, where: string): void {
  if (value >>> 0 === value) {
    writer.uint32(value);
    return;
  }
  if (!Number.isSafeInteger(value) || value < 0) refuse(where, 'a whole number from 0', value);
  writer.uint64(value);
}

/** A varint up to 2^53 - 1, without the Long object that protobufjs makes for 64 bits. */
export function readInteger(reader: Reader): number {
  const { buf, len } = reader;
  let pos = reader.pos;
  let value = 0;
  let scale = 1;
  for (;;) {
    if (pos >= len) throw new Flaw(`a number breaks off at byte ${pos}`);
    const byte = buf[pos++]!;
    value += (byte & 127) * scale;
    if (byte < 128) break;
    scale *= 128;
    if (scale > Number.MAX_SAFE_INTEGER) throw new Flaw(`a number of more than 53 bits at byte ${reader.pos}`);
  }
  if (value > Number.MAX_SAFE_INTEGER) throw new Flaw(`a number of more than 53 bits at byte ${reader.pos}`);
  reader.pos = pos;
  return value;
}

type WriteField = (writer: Writer, tag: number, value: never, where: string) => void;

function writeText(writer: Writer, tag: number, value: string, where: string): void {
  if (value === '') return;
  if (typeof value !== 'string') refuse(where, 'a text', value);
  writer.uint32(tag).string(value);
}

function writeInt(writer: Writer, tag: number, value: number, where: string): void {
  if (value === 0) return;
  writer.uint32(tag);
  writeInteger(writer, value, where);
}

function writeFlag(writer: Writer, tag: number, value: boolean, where: string): void {
  if (value === false) return;
  if (value !== true) refuse(where, 'true or false', value);
  writer.uint32(tag).bool(true);
}

function writeBytes(writer: Writer, tag: number, value: Uint8Array): void {
  if (value.length > 0) writer.uint32(tag).bytes(value);
}

function writeMac(writer: Writer, tag: number, value: number, where: string): void {
  if (value === 0) return;
  if (!Number.isInteger(value) || value < 0 || value >= MAC_BOUND) refuse(where, 'a MAC of 48 bits', value);
  writer.uint32(tag).fixed32(value % WORD).fixed32(Math.floor(value / WORD));
}

function writeIpv4(writer: Writer, tag: number, value: number, where: string): void {
  if (value === 0) return;
  if (value >>> 0 !== value) refuse(where, 'an address of 32 bits', value);
  writer.uint32(tag).fixed32(value);
}

/** 16 bytes, and four with the index of the link where there is a zone. */
function writeIpv6Field(writer: Writer, tag: number, value: string, where: string): void {
  if (value === '::') return;
  if (typeof value !== 'string') refuse(where, 'an IPv6 address', value);
  const zone = zoneOf(value);
  const bytes = new Uint8Array(zone === 0 ? 16 : 20);
  writeIpv6(bytes, 0, value);
  if (zone !== 0) write32(bytes, 16, zone);
  writer.uint32(tag).bytes(bytes);
}

function writeTexts(writer: Writer, tag: number, value: readonly string[], where: string): void {
  for (const text of value) {
    if (typeof text !== 'string') refuse(where, 'a list of texts', text);
    writer.uint32(tag).string(text);
  }
}

function writeInts(writer: Writer, tag: number, value: readonly number[], where: string): void {
  if (value.length === 0) return;
  writer.uint32(tag).fork();
  for (const number of value) writeInteger(writer, number, where);
  writer.ldelim();
}

function writeJson(writer: Writer, tag: number, value: Json, where: string): void {
  if (value === null) return;
  const text = JSON.stringify(value);
  if (text === undefined) refuse(where, 'a JSON value', value);
  writer.uint32(tag).string(text);
}

function writeFrame(writer: Writer, tag: number, value: FrameBytes): void {
  if (value.end > value.start) writer.uint32(tag).bytes(value.buffer.subarray(value.start, value.end));
}

/** One writer for each kind; writes tag and value, or nothing for the default. */
export const WRITERS: Readonly<Record<FieldKind, WriteField>> = {
  text: writeText, int: writeInt, flag: writeFlag, bytes: writeBytes, mac: writeMac, ipv4: writeIpv4,
    ipv6: writeIpv6Field,
  ns: writeInt,
  texts: writeTexts, ints: writeInts, json: writeJson, frame: writeFrame,
};

/** Where a length-delimited value ends; a flaw if that is behind the bytes that are there. */
export function readEnd(reader: Reader): number {
  const size = reader.uint32();
  const end = reader.pos + size;
  if (end > reader.len) {
    throw new Flaw(`${size} bytes announced at byte ${reader.pos}, ${reader.len - reader.pos} are there`);
  }
  return end;
}

/** A copy: what is read must not keep, nor be changed through, the buffer it came in. */
function readBytes(reader: Reader): Uint8Array {
  const end = readEnd(reader);
  const from = reader.pos;
  reader.pos = end;
  return Uint8Array.prototype.slice.call(reader.buf, from, end);
}

function readIpv6Field(reader: Reader): string {
  const from = reader.pos;
  const bytes = readBytes(reader);
  if (bytes.length !== 16 && bytes.length !== 20) throw new Flaw(`no IPv6 address at byte ${from}`);
  const address = readIpv6(bytes, 0);
  return bytes.length === 16 ? address : inZone(address, read32(bytes, 16));
}

function readMac(reader: Reader): number {
  const low = reader.fixed32();
  const high = reader.fixed32();
  if (high > 0xffff) throw new Flaw(`a MAC of more than 48 bits before byte ${reader.pos}`);
  return high * WORD + low;
}

function readInts(reader: Reader): readonly number[] {
  const end = readEnd(reader);
  const numbers: number[] = [];
  while (reader.pos < end) numbers.push(readInteger(reader));
  return numbers;
}

function readFrame(reader: Reader): FrameBytes {
  const buffer = readBytes(reader);
  return { buffer, start: 0, end: buffer.length };
}

function readJson(reader: Reader): Json {
  const at = reader.pos;
  try {
    return JSON.parse(reader.string()) as Json;
  } catch {
    throw new Flaw(`no JSON text at byte ${at}`);
  }
}

/** One reader for each kind, called behind the tag. `texts` reads one of its texts. */
export const READERS: Readonly<Record<FieldKind, (reader: Reader) => unknown>> = {
  text: (reader) => reader.string(),
  int: readInteger,
  flag: (reader) => reader.bool(),
  bytes: readBytes,
  mac: readMac,
  ipv4: (reader) => reader.fixed32(),
  ipv6: readIpv6Field,
  ns: readInteger,
  texts: (reader) => reader.string(),
  ints: readInts,
  json: readJson,
  frame: readFrame,
};
