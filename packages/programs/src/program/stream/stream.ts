// Waiting for connections: to come about, to take what is to be sent, to bring something.

import type { Errno, TcpSocket } from '@netreel/kernel';
import { NEVER, type Operation, type SimTime } from '@netreel/sim';
import type { Ipv4 } from '@netreel/wire';
import type { Sys } from '../../contract.js';

/** A socket as something to wait for until it can be written. */
function writableOf(socket: TcpSocket): { onReadable: (() => void) | undefined; readable(): boolean } {
  return {
    get onReadable() { return socket.onWritable; },
    set onReadable(wake) { socket.onWritable = wake; },
    readable: () => socket.writable(),
  };
}

/** A connection, or why there is none. */
export function* connectTo(sys: Sys, address: Ipv4, port: number, until: SimTime = NEVER):
  Operation<TcpSocket | Errno | 'timeout'> {
  const socket = sys.tcpSocket();
  const refusal = socket.connect(address, port);
  if (refusal !== undefined) return refusal;
  const waiting = writableOf(socket);
  while (!socket.writable()) {
    if (sys.now() >= until) {
      socket.close();
      return 'timeout';
    }
    yield* sys.waitReadable([waiting], until);
  }
  return socket.takeError() ?? socket;
}

/** Sends all of it, waiting for room. */
export function* sendAll(sys: Sys, socket: TcpSocket, bytes: Uint8Array): Operation<Errno | undefined> {
  const waiting = writableOf(socket);
  for (let sent = 0; sent < bytes.length;) {
    const count = socket.send(bytes.subarray(sent));
    if (typeof count === 'string') return count;
    sent += count;
    if (count === 0) yield* sys.waitReadable([waiting], NEVER);
  }
  return undefined;
}

/** The next piece; empty at the end; or an error. */
export function* receiveSome(sys: Sys, socket: TcpSocket, until: SimTime = NEVER):
  Operation<Uint8Array | Errno | 'timeout'> {
  for (;;) {
    const piece = socket.receive();
    if (piece !== undefined) return piece;
    const error = socket.takeError();
    if (error !== undefined) return error;
    if (sys.now() >= until) return 'timeout';
    yield* sys.waitReadable([socket], until);
  }
}

/** UTF-8. */
export function bytesOf(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x1_0000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return Uint8Array.from(bytes);
}

/** Turns pieces of UTF-8 into text; a character that is cut in two waits for its rest. */
export class TextReader {
  private rest: number[] = [];

  read(piece: Uint8Array): string {
    const bytes = this.rest.length === 0 ? piece : Uint8Array.of(...this.rest, ...piece);
    this.rest = [];
    const parts: string[] = [];
    for (let at = 0; at < bytes.length;) {
      const first = bytes[at]!;
      const length = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
      if (at + length > bytes.length) {
        this.rest = [...bytes.subarray(at)];
        break;
      }
      let code = length === 1 ? first : first & (0xff >> (length + 1));
      for (let i = 1; i < length; i++) code = (code << 6) | (bytes[at + i]! & 63);
      parts.push(String.fromCodePoint(code > 0x10_ffff ? 0xfffd : code));
      at += length;
    }
    return parts.join('');
  }
}
