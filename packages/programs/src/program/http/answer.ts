// Reading an HTTP answer piece by piece. RFC 9112 sections 4 to 7.

import type { Errno, TcpSocket } from '@netreel/kernel';
import type { Operation, SimTime } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { receiveSome } from '../stream/stream.js';
import { TextReader } from '../stream/text-bytes.js';

/** Beyond, a head is no head. */
const HEAD_BYTES_MAX = 256 * 1024;

export interface HttpHead {
  readonly statusLine: string;
  readonly version: string;
  readonly status: number;
  readonly lines: readonly string[];
  /** The first value of a field, by its name in lower case. */
  readonly field: (name: string) => string | undefined;
}

/** Why nothing more can be read: `empty` nothing came at all, `cut` it ended too early. */
export type ReadFailure = Errno | 'timeout' | 'empty' | 'cut' | 'malformed';

type Framing = { readonly kind: 'none' | 'close' | 'chunked' } | { readonly kind: 'length'; left: number };

export class AnswerReader {
  /** How many bytes of the body have come. */
  bodyBytes = 0;
  /** How many bytes of heads have come. */
  headBytes = 0;
  /** Undefined: unknown. */
  length: number | undefined = undefined;
  private buffer: Uint8Array = new Uint8Array(0);
  private framing: Framing = { kind: 'close' };
  private chunkLeft = 0;
  private ended = false;

  constructor(private readonly sys: Sys, private readonly socket: TcpSocket, readonly until: () => SimTime) {}

  /** Answers that only say `continue` are passed over. */
  *head(headOnly: boolean): Operation<HttpHead | ReadFailure> {
    for (;;) {
      const lines: string[] = [];
      for (;;) {
        const line = yield* this.line(lines.length === 0);
        if (typeof line !== 'object') return line;
        this.headBytes += line.text.length + 2;
        if (line.text === '') break;
        lines.push(line.text);
        if (this.headBytes > HEAD_BYTES_MAX) return 'malformed';
      }
      const match = /^HTTP\/(\d(?:\.\d)?) (\d{3})/.exec(lines[0] ?? '');
      if (match === null) return 'malformed';
      const status = Number(match[2]);
      if (status >= 100 && status < 200) continue;
      const fields = new Map<string, string>();
      for (const line of lines.slice(1)) {
        const cut = line.indexOf(':');
        const name = line.slice(0, cut).toLowerCase();
        if (cut > 0 && !fields.has(name)) fields.set(name, line.slice(cut + 1).trim());
      }
      const head: HttpHead = { statusLine: lines[0]!, version: match[1]!, status, lines,
        field: (name) => fields.get(name) };
      this.framing = this.framingOf(head, headOnly);
      return head;
    }
  }

  /** The next bytes of the body; empty at its end. */
  *piece(): Operation<Uint8Array | ReadFailure> {
    const { framing } = this;
    switch (framing.kind) {
      case 'none': return new Uint8Array(0);
      case 'close': {
        const piece = yield* this.some();
        if (piece === 'cut' || typeof piece !== 'object') return piece === 'cut' ? new Uint8Array(0) : piece;
        return this.counted(piece);
      }
      case 'length': {
        if (framing.left === 0) return new Uint8Array(0);
        const piece = yield* this.some(framing.left);
        if (typeof piece !== 'object') return piece;
        framing.left -= piece.length;
        return this.counted(piece);
      }
      case 'chunked': return yield* this.chunk();
    }
  }

  private framingOf(head: HttpHead, headOnly: boolean): Framing {
    const length = head.field('content-length');
    if (length !== undefined && /^\d+$/.test(length)) this.length = Number(length);
    if (headOnly || head.status === 204 || head.status === 304) return { kind: 'none' };
    if (/chunked/i.test(head.field('transfer-encoding') ?? '')) return { kind: 'chunked' };
    return this.length === undefined ? { kind: 'close' } : { kind: 'length', left: this.length };
  }

  private *chunk(): Operation<Uint8Array | ReadFailure> {
    if (this.chunkLeft === 0) {
      const line = yield* this.line(false);
      if (typeof line !== 'object') return line;
      const size = /^([0-9a-fA-F]{1,8})/.exec(line.text);
      if (size === null) return 'malformed';
      this.chunkLeft = Number.parseInt(size[1]!, 16);
      if (this.chunkLeft === 0) {
        for (let rest = yield* this.line(false); typeof rest === 'object' && rest.text !== '';) {
          rest = yield* this.line(false);
        }
        this.framing = { kind: 'none' };
        return new Uint8Array(0);
      }
    }
    const piece = yield* this.some(this.chunkLeft);
    if (typeof piece !== 'object') return piece;
    this.chunkLeft -= piece.length;
    if (this.chunkLeft === 0) yield* this.line(false);
    return this.counted(piece);
  }

  private counted(piece: Uint8Array): Uint8Array {
    this.bodyBytes += piece.length;
    return piece;
  }

  /** What has been kept back, else what comes next; `cut` at the end of the stream. */
  private *some(most = Number.MAX_SAFE_INTEGER): Operation<Uint8Array | ReadFailure> {
    if (this.buffer.length === 0) {
      const failure = yield* this.fill();
      if (failure !== undefined) return failure;
    }
    const bytes = this.buffer;
    this.buffer = bytes.subarray(most);
    return bytes.subarray(0, most);
  }

  private *line(first: boolean): Operation<{ readonly text: string } | ReadFailure> {
    for (;;) {
      const bytes = this.buffer;
      const cut = bytes.indexOf(10);
      if (cut >= 0) {
        this.buffer = bytes.subarray(cut + 1);
        return { text: new TextReader().read(bytes.subarray(0, cut)).replace(/\r$/, '') };
      }
      const failure = yield* this.fill();
      if (failure === 'cut' && first) return this.buffer.length === 0 ? 'empty' : 'malformed';
      if (failure !== undefined) return failure;
    }
  }

  private *fill(): Operation<ReadFailure | undefined> {
    if (this.ended) return 'cut';
    const piece = yield* receiveSome(this.sys, this.socket, this.until());
    if (typeof piece === 'string') return piece;
    if (piece.length === 0) {
      this.ended = true;
      return 'cut';
    }
    const before = this.buffer;
    const joined = new Uint8Array(before.length + piece.length);
    joined.set(before);
    joined.set(piece, before.length);
    this.buffer = joined;
    return undefined;
  }
}
