// message Commit: all records of one node in one window. Moments inside it are written as distances, which are short:
// a record's `at` counts from the window's start, an arrival from `at`, and sequences follow from the first one.

import { assert, BrokenAssertion, type Commit, type HistoryRecord } from '@netreel/sim';
import type { Reader, Writer } from 'protobufjs/minimal.js';
import type { Bodies } from './codec.js';
import { Flaw, readEnd, readInteger, writeInteger } from './fields.js';

const COMMIT = { node: 10, number: 16, from: 24, until: 32, firstSequence: 40, record: 50 } as const;
const RECORD = { atAfterFrom: 8, causeNode: 16, causeSequence: 24, kind: 32, target: 40, arrivesAfterAt: 48 } as const;
const KIND = { event: 0, input: 1, envelope: 2 } as const;

function write(writer: Writer, tag: number, value: number, where: string): void {
  if (value === 0) return;
  writer.uint32(tag);
  writeInteger(writer, value, where);
}

/** Writes `commit`, its fields in ascending order. */
export function writeCommit(writer: Writer, commit: Commit, bodies: Bodies): void {
  const { records, from } = commit;
  assert(records.length > 0, `commit ${commit.number} of ${commit.node} is empty`);
  const firstSequence = records[0]!.sequence;
  if (commit.node !== '') writer.uint32(COMMIT.node).string(commit.node);
  write(writer, COMMIT.number, commit.number, 'commit.number');
  write(writer, COMMIT.from, from, 'commit.from');
  write(writer, COMMIT.until, commit.until, 'commit.until');
  write(writer, COMMIT.firstSequence, firstSequence, 'commit.firstSequence');
  for (let index = 0; index < records.length; index++) {
    const record = records[index]!;
    if (record.sequence !== firstSequence + index) {
      throw new BrokenAssertion(`${commit.node}: record ${record.sequence} does not follow its predecessor`);
    }
    writer.uint32(COMMIT.record).fork();
    writeRecord(writer, record, from, bodies);
    writer.ldelim();
  }
}

function writeRecord(writer: Writer, record: HistoryRecord, from: number, bodies: Bodies): void {
  write(writer, RECORD.atAfterFrom, record.at - from, 'record.at');
  write(writer, RECORD.causeNode, record.causeNode, 'record.causeNode');
  write(writer, RECORD.causeSequence, record.causeSequence, 'record.causeSequence');
  if (record.kind === 'envelope') {
    writer.uint32(RECORD.kind).uint32(KIND.envelope);
    write(writer, RECORD.target, record.target, 'record.target');
    write(writer, RECORD.arrivesAfterAt, record.arrivesAt - record.at, 'record.arrivesAt');
  } else if (record.kind === 'input') {
    writer.uint32(RECORD.kind).uint32(KIND.input);
  }
  bodies.write(writer, record.body);
}

/** Reads a commit; throws Flaw. */
export function readCommit(reader: Reader, bodies: Bodies): Commit {
  let node = '';
  let number = 0;
  let from = 0;
  let until = 0;
  let firstSequence = 0;
  const records: HistoryRecord[] = [];
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    switch (tag) {
      case COMMIT.node: node = reader.string(); break;
      case COMMIT.number: number = readInteger(reader); break;
      case COMMIT.from: from = readInteger(reader); break;
      case COMMIT.until: until = readInteger(reader); break;
      case COMMIT.firstSequence: firstSequence = readInteger(reader); break;
      case COMMIT.record: records.push(readRecord(reader, firstSequence + records.length, from, bodies)); break;
      default: throw new Flaw(`a commit has no field ${tag >>> 3}: written by a newer version?`);
    }
  }
  if (records.length === 0) throw new Flaw('a commit without records');
  return { node, number, from, until, records };
}

function readRecord(reader: Reader, sequence: number, from: number, bodies: Bodies): HistoryRecord {
  const end = readEnd(reader);
  let at = from;
  let causeNode = 0;
  let causeSequence = 0;
  let kind = 0;
  let target = 0;
  let arrivesAfterAt = 0;
  let body;
  while (reader.pos < end) {
    const tag = reader.uint32();
    switch (tag) {
      case RECORD.atAfterFrom: at = from + readInteger(reader); break;
      case RECORD.causeNode: causeNode = readInteger(reader); break;
      case RECORD.causeSequence: causeSequence = readInteger(reader); break;
      case RECORD.kind: kind = readInteger(reader); break;
      case RECORD.target: target = readInteger(reader); break;
      case RECORD.arrivesAfterAt: arrivesAfterAt = readInteger(reader); break;
      default: body = bodies.read(reader, tag);
    }
  }
  if (reader.pos !== end) throw new Flaw(`record ${sequence} reads past its end`);
  if (body === undefined) throw new Flaw(`record ${sequence} has no body`);
  const arrivesAt = at + arrivesAfterAt;
  if (arrivesAt > Number.MAX_SAFE_INTEGER) throw new Flaw(`record ${sequence} is later than a run can last`);
  switch (kind) {
    case KIND.event: return { kind: 'event', sequence, at, causeNode, causeSequence, body };
    case KIND.input: return { kind: 'input', sequence, at, causeNode, causeSequence, body };
    case KIND.envelope: return { kind: 'envelope', sequence, at, causeNode, causeSequence, target, arrivesAt, body };
    default: throw new Flaw(`record ${sequence} is of unknown kind ${kind}`);
  }
}
