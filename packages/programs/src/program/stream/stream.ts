// Waiting for connections: to come about, to take what is to be sent, to bring something.

import type { Errno, TcpSocket } from '@netreel/kernel';
import { NEVER, type Operation, type SimTime } from '@netreel/sim';
import type { Ipv4 } from '@netreel/wire';
import type { Sys } from '../../contract.js';
import { writableOf } from './writable.js';

/** A connection, or why there is none; from a socket that is bound already if one is given. */
export function* connectTo(sys: Sys, address: Ipv4, port: number, until: SimTime = NEVER, socket = sys.tcpSocket()):
  Operation<TcpSocket | Errno | 'timeout'> {
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
