// Standard input to a connection, the connection to standard output; or a program at one end of it.

import type { Errno, TcpSocket } from '@netreel/kernel';
import { NEVER, type Operation, type SimTime } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { Pipe } from '../../pipe.js';
import { receiveSome, sendAll } from './stream.js';
import { TextReader, bytesOf } from './text-bytes.js';

/** How a conversation came to its end: the other side closed it, or an error; or nothing came for too long. */
export type Ending = 'closed' | 'timeout' | Errno;

/** Sends what is read, in a process of its own beside this one. At the end of input the other side is told so, if it
 * is to be. */
export function feed(sys: Sys, socket: TcpSocket, name: string, tellsEnd: boolean,
  ended: () => void = () => undefined): void {
  sys.fork(function* feeder(child: Sys): Operation<number> {
    for (;;) {
      const text = yield* child.readSome();
      if (text === undefined) break;
      if ((yield* sendAll(child, socket, bytesOf(text))) !== undefined) return 1;
    }
    if (tellsEnd) socket.shutdown();
    ended();
    return 0;
  }, [name]);
}

/** Shows what comes until there is no more. */
export function* showAll(sys: Sys, socket: TcpSocket, until: () => SimTime = () => NEVER): Operation<Ending> {
  const reader = new TextReader();
  for (;;) {
    const piece = yield* receiveSome(sys, socket, until());
    if (typeof piece === 'string') return piece;
    if (piece.length === 0) return 'closed';
    sys.stdout(reader.read(piece));
  }
}

/** A program whose input and output are the connection. */
export function* serveProgram(sys: Sys, socket: TcpSocket, words: readonly string[]): Operation<number> {
  const input = new Pipe();
  const output: string[] = [];
  let wake: (() => void) | undefined;
  let over = false;
  const child = sys.spawn(words, { stdin: input,
    stdout: (text) => {
      output.push(text);
      wake?.();
    },
    ended: () => {
      over = true;
      wake?.();
    } });
  if (child === undefined) return 127;
  const news = { get onReadable() { return wake; }, set onReadable(call) { wake = call; },
    readable: () => output.length > 0 || over };
  const reader = new TextReader();
  let reading = true;
  for (;;) {
    yield* sys.waitReadable(reading ? [socket, news] : [news], NEVER);
    const text = output.splice(0).join('');
    if (text !== '' && (yield* sendAll(sys, socket, bytesOf(text))) !== undefined) return 1;
    if (over && output.length === 0) return yield* child.wait();
    if (!reading || !socket.readable()) continue;
    const piece = socket.receive();
    if (piece !== undefined && piece.length > 0) input.write(reader.read(piece));
    else if (piece?.length === 0 || socket.takeError() !== undefined) {
      reading = false;
      input.end();
    }
  }
}
