// postgres: answers the start of a conversation and lets nobody in. PostgreSQL protocol 3.0, Message Flow, Start-up.

import type { TcpSocket } from '@netreel/kernel';
import { type Operation, SECOND } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { resolve } from '../../dns/resolver.js';
import { connectTo, receiveSome, sendAll } from '../stream/stream.js';
import { bytesOf } from '../stream/text-bytes.js';
import { type Answer, serve } from './serve.js';

const DEFAULT_PORT = 5432;
const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const CANCEL_REQUEST = 80_877_102;
const PROTOCOL_3 = 3;
const SASL = 10;
const MECHANISM = 'SCRAM-SHA-256';
const STARTUP_BYTES_MAX = 10_000;

export function* postgres(sys: Sys): Operation<number> {
  const sessions = new Map<TcpSocket, Session>();
  return yield* serve(sys, { port: DEFAULT_PORT, left: (socket) => { sessions.delete(socket); },
    answer: (_text, socket, raw) => {
      let session = sessions.get(socket);
      if (session === undefined) sessions.set(socket, session = new Session());
      return session.received(raw);
    },
    refused: (reason) => `LOG:  could not bind IPv4 address "0.0.0.0": ${reason}\n`
      + `HINT:  Is another postmaster already running on port ${DEFAULT_PORT}? If not, wait a few seconds and retry.\n`
      + 'FATAL:  could not create any TCP/IP sockets' }, ['SIGTERM', 'SIGINT', 'SIGQUIT']);
}

class Session {
  private bytes: number[] = [];
  private user: string | undefined = undefined;

  received(raw: Uint8Array): Answer {
    this.bytes.push(...raw);
    const reply: number[] = [];
    for (;;) {
      // Before a session has begun messages have no type in front.
      const head = this.user === undefined ? 0 : 1;
      const length = this.bytes.length < head + 4 ? 0 : int32(this.bytes, head);
      if (length > STARTUP_BYTES_MAX || (length !== 0 && length < 4)) return end(reply);
      if (length === 0 || this.bytes.length < head + length) {
        return { reply: Uint8Array.from(reply), rest: '', close: false };
      }
      const message = this.bytes.splice(0, head + length);
      const answer = this.user === undefined ? this.start(message) : this.proof();
      reply.push(...answer.bytes);
      if (answer.close) return end(reply);
    }
  }

  private start(message: readonly number[]): { readonly bytes: readonly number[]; readonly close: boolean } {
    const code = message.length < 8 ? 0 : int32(message, 4);
    if (code === SSL_REQUEST || code === GSS_REQUEST) return { bytes: [78], close: false };
    if (code === CANCEL_REQUEST) return { bytes: [], close: true };
    if (code >>> 16 !== PROTOCOL_3) {
      return { close: true, bytes: failure('0A000', `unsupported frontend protocol ${code >>> 16}.${code & 0xffff}: `
        + 'server supports 3.0 to 3.0') };
    }
    const words = String.fromCharCode(...message.slice(8)).split('\0');
    const place = words.findIndex((word, index) => index % 2 === 0 && word === 'user');
    if (place < 0)
      return { close: true, bytes: failure('28000', 'no PostgreSQL user name specified in startup packet') };
    this.user = words[place + 1] ?? '';
    return { close: false, bytes: [82, ...big(8 + MECHANISM.length + 2), ...big(SASL), ...bytesOf(MECHANISM), 0, 0] };
  }

  /** Whatever the client proves, it is not believed. */
  private proof(): { readonly bytes: readonly number[]; readonly close: boolean } {
    return { close: true, bytes: failure('28P01', `password authentication failed for user "${this.user!}"`) };
  }
}

function end(reply: readonly number[]): Answer {
  return { reply: Uint8Array.from(reply), rest: '', close: true };
}

function failure(code: string, text: string): number[] {
  const fields = [...bytesOf(`SFATAL\0VFATAL\0C${code}\0M${text}\0`), 0];
  return [69, ...big(4 + fields.length), ...fields];
}

function big(value: number): number[] {
  return [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

function int32(bytes: readonly number[], at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

/** pg_isready: whether a server answers the start of a conversation. */
export function* pgIsReady(sys: Sys, argv: readonly string[]): Operation<number> {
  const option = (letter: string): string | undefined => (argv.includes(letter) ? argv[argv.indexOf(letter) + 1]
    : undefined);
  const host = option('-h') ?? '127.0.0.1';
  const port = Number(option('-p') ?? DEFAULT_PORT);
  const until = sys.now() + Number(option('-t') ?? 3) * SECOND;
  const found = yield* resolve(sys, host);
  const socket = found.ok ? yield* connectTo(sys, found.addresses[0]!, port, until) : undefined;
  let ready = false;
  if (socket !== undefined && typeof socket !== 'string') {
    yield* sendAll(sys, socket, Uint8Array.from([...big(8), ...big(SSL_REQUEST)]));
    const answer = yield* receiveSome(sys, socket, until);
    ready = typeof answer !== 'string' && answer[0] === 78;
  }
  if (!argv.includes('-q')) sys.stdout(`${host}:${port} - ${ready ? 'accepting connections' : 'no response'}\n`);
  return ready ? 0 : 2;
}
