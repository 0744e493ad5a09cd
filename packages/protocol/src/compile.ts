// A writer and a reader for one record shape, compiled once when the codec is made. A loop over the fields would look
// up each property by name; straight-line code keeps every record of a type in one hidden class, which is what makes
// folding fast. The only names that enter the code are those of our own tables, checked below.

import { assert, type AnyRecord, type FieldKind, type RecordShape } from '@netreel/sim';
import type { Reader, Writer } from 'protobufjs/minimal.js';
import { Flaw, READERS, WRITERS, tagOf } from './fields.js';

export interface CompiledRecord {
  readonly type: string;
  readonly shape: RecordShape;
  /** Tag of this record's place in the `oneof`. */
  readonly tag: number;
  write(writer: Writer, body: AnyRecord): void;
  /** Reads the fields up to byte `end`. */
  read(reader: Reader, end: number): AnyRecord;
}

const DEFAULTS: Readonly<Record<FieldKind, string>> = {
  text: "''", int: '0', flag: 'false', bytes: 'none.bytes()', mac: '0', ipv4: '0', ipv6: "'::'", ns: '0',
  texts: '[]', ints: 'none.list', json: 'null', frame: 'none.frame()',
};

/** What a field holds that was not written. Bytes are made new each time: their owner may write into them. */
const NONE = {
  list: Object.freeze([]),
  bytes: () => new Uint8Array(0),
  frame: () => ({ buffer: new Uint8Array(0), start: 0, end: 0 }),
};

function unknownField(type: string, tag: number): never {
  throw new Flaw(`${type} has no field ${tag >>> 3}: written by a newer version?`);
}

/** Compiles `shape` of the record called `type`. */
export function compileRecord(type: string, shape: RecordShape): CompiledRecord {
  const fields = Object.entries(shape.fields);
  for (const [name] of fields) {
    assert(/^[a-z][A-Za-z0-9]*$/.test(name) && name !== 'type', `${type} has a field that cannot be written: ${name}`);
  }
  assert(/^[A-Z][A-Za-z0-9]+$/.test(type), `not a record's name: ${type}`);
  return {
    type, shape, tag: shape.number * 8 + 2,
    write: evaluate(writerSource(type, fields)) as CompiledRecord['write'],
    read: evaluate(readerSource(type, fields)) as CompiledRecord['read'],
  };
}

function writerSource(type: string, fields: readonly (readonly [string, FieldKind])[]): string {
  const lines = fields.map(([name, kind], index) =>
    `  write.${kind}(writer, ${tagOf(index + 1, kind)}, body.${name}, '${type}.${name}');`);
  return `(writer, body) => {\n${lines.join('\n')}\n}`;
}

function readerSource(type: string, fields: readonly (readonly [string, FieldKind])[]): string {
  const declare = fields.map(([, kind], index) => `let f${index} = ${DEFAULTS[kind]};`);
  const cases = fields.map(([, kind], index) => {
    const value = `read.${kind}(reader)`;
    const taken = kind === 'texts' ? `f${index}.push(${value})` : `f${index} = ${value}`;
    return `case ${tagOf(index + 1, kind)}: ${taken}; break;`;
  });
  const members = fields.map(([name], index) => `, ${name}: f${index}`);
  return `(reader, end) => {
  ${declare.join(' ')}
  while (reader.pos < end) {
    const tag = reader.uint32();
    switch (tag) {
      ${cases.join('\n      ')}
      default: unknownField('${type}', tag);
    }
  }
  return { type: '${type}'${members.join('')} };
}`;
}

function evaluate(source: string): unknown {
  return new Function('write', 'read', 'none', 'unknownField', `'use strict'; return ${source};`)(
    WRITERS, READERS, NONE, unknownField);
}
