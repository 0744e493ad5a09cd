// How BIND's programs ask: one question after the other, the first server as often as they may, each further one once,
// and every failure told in the words of its network library.

import type { Errno } from '@netreel/kernel';
import type { Operation } from '@netreel/sim';
import { type DnsMessage, type Ipv4, decodeDns, encodeDns, formatIpv4, read16, write16 } from '@netreel/wire';
import type { Sys } from '../contract.js';
import { connectTo, receiveSome, sendAll } from '../program/stream/stream.js';

const LENGTH_BYTES = 2;

export interface NamedServer { readonly name: string; readonly address: Ipv4 }

export interface Asking {
  readonly name: string;
  readonly type: string;
  readonly recursive: boolean;
  readonly overTcp: boolean;
  readonly port: number;
  readonly timeoutNs: number;
  readonly tries: number;
  /** Takes a shortened answer as it is. */
  readonly takesTruncated: boolean;
}

export interface Asked {
  readonly message: DnsMessage;
  readonly payload: Uint8Array;
  readonly server: NamedServer;
  readonly overTcp: boolean;
  readonly tookNs: number;
}

/** A failure before anything was sent, or on the way. */
type Outcome = Asked | { readonly failure: 'setup' | 'communication' };

/** The first answer; or how the last server failed. What goes wrong on the way is `told`, a line each. */
export function* askServers(sys: Sys, servers: readonly NamedServer[], asking: Asking,
  told: (line: string) => void): Operation<Outcome> {
  let last: Outcome = { failure: 'communication' };
  let triesLeft = asking.tries;
  for (const server of servers) {
    do {
      last = yield* askOnce(sys, server, asking, told);
      if (!('failure' in last)) return last;
      triesLeft--;
    } while (triesLeft > 0 && last.failure === 'communication');
  }
  return last;
}

function* askOnce(sys: Sys, server: NamedServer, asking: Asking, told: (line: string) => void): Operation<Outcome> {
  if (asking.overTcp) return yield* askStream(sys, server, asking, told);
  const reply = yield* askDatagram(sys, server, asking, told);
  if ('failure' in reply || !reply.message.truncated || asking.takesTruncated) return reply;
  told(';; Truncated, retrying in TCP mode.');
  return yield* askStream(sys, server, asking, told);
}

function* askDatagram(sys: Sys, server: NamedServer, asking: Asking, told: (line: string) => void):
  Operation<Outcome> {
  const place = `${formatIpv4(server.address)}#${asking.port}`;
  const socket = sys.udpSocket();
  const refused = socket.connect(server.address, asking.port);
  if (refused !== undefined) {
    socket.close();
    told(`;; UDP setup with ${place}(${server.name}) for ${asking.name} failed: ${networkText(refused)}.`);
    return { failure: 'setup' };
  }
  const id = sys.random.below(0x1_0000);
  const begun = sys.now();
  let error: Errno | 'timed out' | undefined = socket.sendTo(server.address, asking.port, questionOf(id, asking));
  while (error === undefined) {
    const ready = yield* sys.waitReadable([socket], begun + asking.timeoutNs);
    error = socket.takeError();
    for (let datagram = socket.receive(); datagram !== undefined; datagram = socket.receive()) {
      const message = answerTo(id, datagram.payload);
      if (message === undefined) continue;
      socket.close();
      return { message, payload: datagram.payload, server, overTcp: false, tookNs: sys.now() - begun };
    }
    if (error === undefined && !ready && sys.now() >= begun + asking.timeoutNs) error = 'timed out';
  }
  socket.close();
  told(`;; communications error to ${place}: ${networkText(error)}`);
  return { failure: 'communication' };
}

function* askStream(sys: Sys, server: NamedServer, asking: Asking, told: (line: string) => void):
  Operation<Outcome> {
  const place = `${formatIpv4(server.address)}#${asking.port}`;
  const until = sys.now() + asking.timeoutNs;
  const begun = sys.now();
  const socket = yield* connectTo(sys, server.address, asking.port, until);
  if (typeof socket === 'string') {
    told(`;; Connection to ${place}(${server.name}) for ${asking.name} failed: ${networkText(socket)}.`);
    return { failure: 'setup' };
  }
  const id = sys.random.below(0x1_0000);
  const question = questionOf(id, asking);
  const framed = new Uint8Array(LENGTH_BYTES + question.length);
  write16(framed, 0, question.length);
  framed.set(question, LENGTH_BYTES);
  let error: Errno | 'timeout' | 'end of file' | undefined = yield* sendAll(sys, socket, framed);
  let taken = new Uint8Array(0);
  while (error === undefined) {
    const piece = yield* receiveSome(sys, socket, until);
    if (typeof piece === 'string') error = piece;
    else if (piece.length === 0) error = 'end of file';
    else taken = joined(taken, piece);
    const end = taken.length < LENGTH_BYTES ? Infinity : LENGTH_BYTES + read16(taken, 0);
    if (taken.length < end) continue;
    const payload = taken.slice(LENGTH_BYTES, end);
    const message = answerTo(id, payload);
    if (message === undefined) {
      error = 'end of file';
      break;
    }
    socket.close();
    return { message, payload, server, overTcp: true, tookNs: sys.now() - begun };
  }
  socket.close();
  told(`;; communications error to ${place}: ${networkText(error ?? 'end of file')}`);
  return { failure: 'communication' };
}

function questionOf(id: number, { name, type, recursive }: Asking): Uint8Array {
  const plain = name.length > 1 && name.endsWith('.') ? name.slice(0, -1) : name;
  return encodeDns({ id, response: false, authoritative: false, truncated: false, recursionDesired: recursive,
    recursionAvailable: false, rcode: 'NOERROR', questions: [{ name: plain, type }], answers: [] });
}

function answerTo(id: number, payload: Uint8Array): DnsMessage | undefined {
  const message = decodeDns(payload);
  return message.ok && message.packet.response && message.packet.id === id ? message.packet : undefined;
}

function joined(before: Uint8Array, piece: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(before.length + piece.length);
  both.set(before);
  both.set(piece, before.length);
  return both;
}

/** What went wrong, as BIND's network library names it. */
function networkText(error: Errno | 'timed out' | 'timeout' | 'end of file'): string {
  switch (error) {
    case 'ECONNREFUSED': return 'connection refused';
    case 'ENETUNREACH': return 'network unreachable';
    case 'EHOSTUNREACH': return 'host unreachable';
    case 'ENETDOWN': return 'network down';
    case 'ECONNRESET': return 'connection reset';
    case 'EADDRNOTAVAIL': return 'address not available';
    case 'EADDRINUSE': return 'address in use';
    case 'EACCES': return 'permission denied';
    case 'timeout': case 'timed out': case 'ETIMEDOUT': return 'timed out';
    case 'end of file': return 'end of file';
    default: return 'unexpected error';
  }
}

