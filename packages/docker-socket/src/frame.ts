// Docker's frames: one byte for the stream, three zeros, four bytes of length, then as many bytes.

import type { OutputChunk } from '@netreel/docker-api';

export const FRAME_HEAD_BYTES = 8;
const STREAM_AT = 0;
const LENGTH_AT = 4;
const STREAMS: readonly OutputChunk['stream'][] = ['stdout', 'stderr'];
/** Standard input is 0. */
const FIRST_STREAM = 1;

export function encodeFrame({ stream, text }: OutputChunk): Buffer {
  const length = Buffer.byteLength(text);
  const frame = Buffer.alloc(FRAME_HEAD_BYTES + length);
  frame[STREAM_AT] = FIRST_STREAM + STREAMS.indexOf(stream);
  frame.writeUInt32BE(length, LENGTH_AT);
  frame.write(text, FRAME_HEAD_BYTES);
  return frame;
}

/** Puts frames together again from the pieces in which they arrive. */
export class FrameReader {
  private held: Buffer = Buffer.alloc(0);

  /** The frames that are whole now. */
  take(bytes: Buffer): { readonly stream: OutputChunk['stream']; readonly bytes: Buffer }[] {
    this.held = this.held.length === 0 ? bytes : Buffer.concat([this.held, bytes]);
    const frames: { stream: OutputChunk['stream']; bytes: Buffer }[] = [];
    let at = 0;
    while (this.held.length - at >= FRAME_HEAD_BYTES) {
      const end = at + FRAME_HEAD_BYTES + this.held.readUInt32BE(at + LENGTH_AT);
      if (end > this.held.length) break;
      const stream = STREAMS[this.held[at + STREAM_AT]! - FIRST_STREAM] ?? 'stdout';
      frames.push({ stream, bytes: this.held.subarray(at + FRAME_HEAD_BYTES, end) });
      at = end;
    }
    this.held = this.held.subarray(at);
    return frames;
  }
}
