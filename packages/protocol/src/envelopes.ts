// message EnvelopeBatch: what one node sent another in one window, as it travels on the bus. The bus may lose, repeat
// or reorder it: `before` tells the receiver where in the channel it belongs, so that a gap or a repetition shows.

import { BrokenAssertion, type Envelope } from '@netreel/sim';
import type { Reader, Writer } from 'protobufjs/minimal.js';
import type { Bodies } from './codec.js';
import { Flaw, readEnd, readInteger, writeInteger } from './fields.js';

export interface EnvelopeBatch {
  /** Index of the sending node. */
  readonly source: number;
  readonly target: number;
  /** Number of the window in which they were sent. */
  readonly window: number;
  /** How many envelopes `source` had sent `target` before the first one here. */
  readonly before: number;
  readonly envelopes: readonly Envelope[];
}

const BATCH = { source: 8, target: 16, window: 24, before: 32, envelope: 42 } as const;
const ENVELOPE = { sequence: 8, arrivesAt: 16 } as const;

function write(writer: Writer, tag: number, value: number, where: string): void {
  if (value === 0) return;
  writer.uint32(tag);
  writeInteger(writer, value, where);
}

/**
 * Writes the envelopes from place `from` until `to`, or until the message has `limitBytes`; returns the place it got
 * to.
 */
export function writeEnvelopes(writer: Writer, batch: EnvelopeBatch, bodies: Bodies, from: number, to: number,
  limitBytes = Number.MAX_SAFE_INTEGER): number {
  write(writer, BATCH.source, batch.source, 'batch.source');
  write(writer, BATCH.target, batch.target, 'batch.target');
  write(writer, BATCH.window, batch.window, 'batch.window');
  write(writer, BATCH.before, batch.before + from, 'batch.before');
  for (let index = from; index < to; index++) {
    const envelope = batch.envelopes[index]!;
    if (envelope.source !== batch.source || envelope.target !== batch.target) {
      throw new BrokenAssertion(`envelope ${envelope.source}/${envelope.sequence} is in the batch of another channel`);
    }
    const start = writer.pos;
    writer.uint32(BATCH.envelope).fork();
    write(writer, ENVELOPE.sequence, envelope.sequence, 'envelope.sequence');
    write(writer, ENVELOPE.arrivesAt, envelope.arrivesAt, 'envelope.arrivesAt');
    bodies.write(writer, envelope.body);
    writer.ldelim();
    if (writer.pos > limitBytes && index > from) {
      writer.pos = start;
      return index;
    }
  }
  return to;
}

/** Reads a batch; throws Flaw. */
export function readEnvelopes(reader: Reader, bodies: Bodies): EnvelopeBatch {
  let source = 0;
  let target = 0;
  let window = 0;
  let before = 0;
  const envelopes: Envelope[] = [];
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    switch (tag) {
      case BATCH.source: source = readInteger(reader); break;
      case BATCH.target: target = readInteger(reader); break;
      case BATCH.window: window = readInteger(reader); break;
      case BATCH.before: before = readInteger(reader); break;
      case BATCH.envelope: envelopes.push(readEnvelope(reader, source, target, bodies)); break;
      default: throw new Flaw(`a batch has no field ${tag >>> 3}: written by a newer version?`);
    }
  }
  return { source, target, window, before, envelopes };
}

function readEnvelope(reader: Reader, source: number, target: number, bodies: Bodies): Envelope {
  const end = readEnd(reader);
  let sequence = 0;
  let arrivesAt = 0;
  let body;
  while (reader.pos < end) {
    const tag = reader.uint32();
    switch (tag) {
      case ENVELOPE.sequence: sequence = readInteger(reader); break;
      case ENVELOPE.arrivesAt: arrivesAt = readInteger(reader); break;
      default: body = bodies.read(reader, tag);
    }
  }
  if (reader.pos !== end) throw new Flaw(`envelope ${sequence} reads past its end`);
  if (body === undefined) throw new Flaw(`envelope ${sequence} has no body`);
  return { source, target, sequence, arrivesAt, body };
}
