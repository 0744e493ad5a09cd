// From record tables to bytes and back. The tables are the schema: nothing here knows a single record by name.

import { assert, BrokenAssertion, type AnyRecord, type Commit, type RecordShape, type RecordTable } from '@netreel/sim';
import { Reader, Writer } from 'protobufjs/minimal.js';
import { compileRecord, type CompiledRecord } from './compile.js';
import { readCommit, writeCommit } from './commit.js';
import { readEnvelopes, writeEnvelopes, type EnvelopeBatch } from './envelopes.js';
import { Flaw, readEnd } from './fields.js';

/** What was in the bytes, or why they are no such thing. */
export type Decoded<K extends string, V> =
  ({ readonly ok: true } & { readonly [P in K]: V }) | { readonly ok: false; readonly flaw: string };

export interface Codec {
  encodeCommit(commit: Commit): Uint8Array;
  decodeCommit(bytes: Uint8Array): Decoded<'commit', Commit>;
  encodeEnvelopes(batch: EnvelopeBatch): Uint8Array;
  /** The same batch in messages of about `limitBytes` at most (one envelope always fits). */
  encodeEnvelopeParts(batch: EnvelopeBatch, limitBytes: number): Uint8Array[];
  decodeEnvelopes(bytes: Uint8Array): Decoded<'batch', EnvelopeBatch>;
  encodeRecord(record: AnyRecord): Uint8Array;
  decodeRecord(bytes: Uint8Array): Decoded<'record', AnyRecord>;
  /** The shape of a record, for those who print it. */
  shape(type: string): RecordShape | undefined;
}

/** Writes and reads the one record that a `oneof` holds. */
export class Bodies {
  private readonly byType = new Map<string, CompiledRecord>();
  private readonly byTag: (CompiledRecord | undefined)[] = [];

  constructor(tables: readonly RecordTable[]) {
    for (const table of tables) {
      for (const [type, shape] of Object.entries(table)) {
        const record = compileRecord(type, shape);
        assert(!this.byType.has(type), `two records are called ${type}`);
        assert(this.byTag[record.tag] === undefined,
          `${type} and ${this.byTag[record.tag]?.type} share number ${shape.number}`);
        this.byType.set(type, record);
        this.byTag[record.tag] = record;
      }
    }
  }

  shape(type: string): RecordShape | undefined {
    return this.byType.get(type)?.shape;
  }

  write(writer: Writer, body: AnyRecord): void {
    const record = this.byType.get(body.type);
    if (record === undefined) throw new BrokenAssertion(`no table describes a record ${body.type}`);
    writer.uint32(record.tag).fork();
    record.write(writer, body);
    writer.ldelim();
  }

  /** Reads the body whose tag was just read. */
  read(reader: Reader, tag: number): AnyRecord {
    const record = this.byTag[tag];
    if (record === undefined) throw new Flaw(`unknown record number ${tag >>> 3}: written by a newer version?`);
    const end = readEnd(reader);
    const body = record.read(reader, end);
    if (reader.pos !== end) throw new Flaw(`${record.type} reads ${reader.pos - end} bytes past its end`);
    return body;
  }
}

/** One codec for all records of `tables`; names and numbers must be unique over all of them. */
export function createCodec(tables: readonly RecordTable[]): Codec {
  const bodies = new Bodies(tables);
  // One writer for all calls: its buffer has grown to the size that is needed. `finish` copies.
  const writer = Writer.create();
  const written = (write: () => void): Uint8Array => {
    writer.states = null;
    writer.pos = 0;
    write();
    return writer.finish();
  };
  const readRecord = (reader: Reader): AnyRecord => {
    const record = bodies.read(reader, reader.uint32());
    if (reader.pos !== reader.len) throw new Flaw(`${reader.len - reader.pos} bytes after the record`);
    return record;
  };
  return {
    encodeCommit: (commit) => written(() => writeCommit(writer, commit, bodies)),
    decodeCommit: (bytes) => attempt('commit', bytes, (reader) => readCommit(reader, bodies)),
    encodeEnvelopes: (batch) => written(() => writeEnvelopes(writer, batch, bodies, 0, batch.envelopes.length)),
    encodeEnvelopeParts: (batch, limitBytes) => encodeParts(batch, limitBytes, writer, bodies),
    decodeEnvelopes: (bytes) => attempt('batch', bytes, (reader) => readEnvelopes(reader, bodies)),
    encodeRecord: (record) => written(() => bodies.write(writer, record)),
    decodeRecord: (bytes) => attempt('record', bytes, readRecord),
    shape: (type) => bodies.shape(type),
  };
}

function encodeParts(batch: EnvelopeBatch, limitBytes: number, writer: Writer, bodies: Bodies): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let from = 0;
  do {
    writer.states = null;
    writer.pos = 0;
    const to = writeEnvelopes(writer, batch, bodies, from, batch.envelopes.length, limitBytes);
    parts.push(writer.finish());
    from = to;
  } while (from < batch.envelopes.length);
  return parts;
}

function attempt<K extends string, V>(key: K, bytes: Uint8Array, read: (reader: Reader) => V): Decoded<K, V> {
  try {
    return { ok: true, [key]: read(Reader.create(bytes)) } as Decoded<K, V>;
  } catch (error) {
    // protobufjs throws RangeError where bytes end too early, Error for an impossible varint: flaws as well.
    return { ok: false, flaw: error instanceof Error ? error.message : String(error) };
  }
}
