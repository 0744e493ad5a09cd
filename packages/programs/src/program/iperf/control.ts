// The control connection: states of one byte each, and lengths with JSON behind them.

import type { TcpSocket } from '@netreel/kernel';
import { NEVER, type Operation } from '@netreel/sim';
import { read32, write32 } from '@netreel/wire';
import type { Sys } from '../../contract.js';
import { TextReader, bytesOf } from '../stream/text-bytes.js';
import { sendAll } from '../stream/stream.js';

export const STATE = { start: 1, running: 2, end: 4, parameters: 9, createStreams: 10, serverTerminated: 11,
  clientTerminated: 12, results: 13, display: 14, done: 16, denied: 255 } as const;

/** Letters of a cookie, and the zero behind them. */
export const COOKIE_BYTES = 37;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';
/** No report is longer. */
const TEXT_MOST_BYTES = 1_000_000;

export function newCookie(sys: Sys): Uint8Array {
  const cookie = new Uint8Array(COOKIE_BYTES);
  for (let i = 0; i < COOKIE_BYTES - 1; i++) cookie[i] = LETTERS.charCodeAt(sys.random.below(LETTERS.length));
  return cookie;
}

/** Reads in pieces of the length that is wanted. */
export class Control {
  /** The other side is gone, or talks nonsense. */
  broken = false;

  constructor(private readonly sys: Sys, readonly socket: TcpSocket) {
    socket.noDelay = true;
  }

  *tell(state: number): Operation<void> {
    yield* sendAll(this.sys, this.socket, Uint8Array.of(state));
  }

  /** What has come already. */
  takeState(): number | undefined {
    const piece = this.socket.receive(1);
    if (piece?.length === 0 || this.socket.takeError() !== undefined) this.broken = true;
    return piece?.[0];
  }

  /** The next state; undefined when there is none any more. */
  *state(): Operation<number | undefined> {
    return (yield* this.read(1))?.[0];
  }

  *sendJson(value: unknown): Operation<void> {
    const text = bytesOf(JSON.stringify(value));
    const message = new Uint8Array(4 + text.length);
    write32(message, 0, text.length);
    message.set(text, 4);
    yield* sendAll(this.sys, this.socket, message);
  }

  /** Undefined when it is none. */
  *readJson(): Operation<unknown> {
    const head = yield* this.read(4);
    const length = head === undefined ? 0 : read32(head, 0);
    const text = length > TEXT_MOST_BYTES ? undefined : yield* this.read(length);
    try {
      return text === undefined ? undefined : JSON.parse(new TextReader().read(text)) as unknown;
    } catch {
      return undefined;
    }
  }

  *read(count: number): Operation<Uint8Array | undefined> {
    const bytes = new Uint8Array(count);
    for (let at = 0; at < count;) {
      if (!this.socket.readable()) yield* this.sys.waitReadable([this.socket], NEVER);
      if (!this.socket.readable()) continue;
      const piece = this.socket.receive(count - at);
      if (piece === undefined || piece.length === 0) {
        this.broken = true;
        return undefined;
      }
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }
}
