// A capture file in the pcapng format (IETF draft-ietf-opsawg-pcapng): what crossed the underlay, as Wireshark opens
// it. One interface for each sending node; time to the nanosecond since the start of the run.

import type { FrameBytes, LabSpec } from '@netreel/sim';
import type { Placed } from './lab-fold.js';

const BLOCK = { section: 0x0a0d0d0a, interface: 1, enhancedPacket: 6 } as const;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const LINKTYPE_ETHERNET = 1;
const OPTION = { end: 0, comment: 1, name: 2, timeResolution: 9 } as const;
/** Type and length before a block's body, the length again behind it. */
const BLOCK_FRAME_BYTES = 12;
const TWO_TO_32 = 0x1_0000_0000;

/** How a capture file of the underlay begins. */
export function* captureHead(lab: LabSpec): Generator<Uint8Array> {
  yield block(BLOCK.section, [u32(BYTE_ORDER_MAGIC), u16(1), u16(0), u32(0xffffffff), u32(0xffffffff)]);
  for (const { name } of lab.nodes) {
    // 9: units of 10^-9 seconds.
    yield block(BLOCK.interface, [u16(LINKTYPE_ETHERNET), u16(0), u32(0),
      option(OPTION.name, textBytes(`${name}-eth0`)), option(OPTION.timeResolution, Uint8Array.of(9)),
      option(OPTION.end)]);
  }
}

/** A block for each frame among the records that was sent over the underlay. */
export function* capturedFrames(lab: LabSpec, records: Iterable<Placed>): Generator<Uint8Array> {
  for (const { node, record } of records) {
    if (record.kind !== 'envelope' || record.body.type !== 'FrameCrossed') continue;
    const { buffer, start, end } = (record.body as unknown as { frame: FrameBytes }).frame;
    const bytes = buffer.subarray(start, end);
    const comment = `${lab.nodes[node]!.name}/${record.sequence} to ${lab.nodes[record.target]!.name}`;
    yield block(BLOCK.enhancedPacket, [
      u32(node), u32((record.at - (record.at % TWO_TO_32)) / TWO_TO_32), u32(record.at % TWO_TO_32),
      u32(bytes.length), u32(bytes.length), padded(bytes),
      option(OPTION.comment, textBytes(comment)), option(OPTION.end)]);
  }
}

function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const length = BLOCK_FRAME_BYTES + parts.reduce((sum, part) => sum + part.length, 0);
  return joined([u32(type), u32(length), ...parts, u32(length)]);
}

function option(code: number, value: Uint8Array = new Uint8Array(0)): Uint8Array {
  return joined([u16(code), u16(value.length), padded(value)]);
}

/** Everything is aligned to 32 bits. */
function padded(bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array((bytes.length + 3) & ~3);
  result.set(bytes);
  return result;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

/** Names and comments here are ASCII. */
function textBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 0x7f);
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, value >>> 8);
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24);
}
