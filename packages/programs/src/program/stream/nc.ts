// nc of busybox 1.35: standard input to a connection, the connection to standard output.

import type { TcpSocket } from '@netreel/kernel';
import { NEVER, type Operation, SECOND } from '@netreel/sim';
import { formatIpv4, parseIpv4 } from '@netreel/wire';
import type { Sys } from '../../contract.js';
import { resolve } from '../../dns/resolver.js';
import { errorText, parseOptions, usage } from '../../usage.js';
import { connectTo, receiveSome, sendAll } from './stream.js';
import { TextReader, bytesOf } from './text-bytes.js';

export function* nc(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = parseOptions(argv, 'l', 'pwes');
  if (typeof parsed === 'string') sys.stderr(`nc: ${parsed}\n`);
  if (typeof parsed === 'string') return usage(sys, NC_USAGE);
  const { flags, values, rest } = parsed;
  const words = values.get('e')?.split(' ');
  if (flags.has('l')) {
    const again = argv.some((word) => /^-\w*l\w*l/.test(word));
    return yield* serve(sys, Number(values.get('p') ?? rest.at(-1) ?? 0), again, words);
  }
  const [host, port] = rest;
  if (host === undefined || port === undefined || !/^\d+$/.test(port)) return usage(sys, NC_USAGE);
  const until = values.has('w') ? sys.now() + Number(values.get('w')) * SECOND : NEVER;
  const found = yield* resolve(sys, host);
  if (!found.ok) return fail(sys, `bad address '${host}'`);
  const address = found.addresses[0]!;
  const local = sys.tcpSocket();
  const source = parseIpv4(values.get('s') ?? '0.0.0.0');
  if (source === undefined) return fail(sys, `bad address '${values.get('s') ?? ''}'`);
  if (values.has('s') || values.has('p')) {
    const refused = local.bind(source, Number(values.get('p') ?? 0));
    if (refused !== undefined) return fail(sys, `bind: ${errorText(refused)}`);
  }
  const socket = yield* connectTo(sys, address, Number(port), until, local);
  if (socket === 'timeout') return fail(sys, 'timed out');
  if (typeof socket === 'string') {
    return fail(sys, `can't connect to remote host (${formatIpv4(address)}): ${errorText(socket)}`);
  }
  return yield* talk(sys, socket, words);
}

const NC_USAGE = 'nc [-l] [-p PORT] [-s ADDR] [-w SEC] [-e PROG] [IPADDR PORT]';

function fail(sys: Sys, text: string): number {
  sys.stderr(`nc: ${text}\n`);
  return 1;
}

/** `-l` one connection, `-ll` one after the other. */
function* serve(sys: Sys, port: number, again: boolean, words: readonly string[] | undefined): Operation<number> {
  const listener = sys.tcpListener();
  const refused = listener.bind(0, port) ?? listener.listen(1);
  if (refused !== undefined) return fail(sys, `bind: ${errorText(refused)}`);
  for (;;) {
    yield* sys.waitReadable([listener], NEVER);
    if (listener.takeError() !== undefined) return 1;
    const socket = listener.accept();
    if (socket === undefined) continue;
    sys.own(socket);
    if (!again) listener.close();
    const exitCode = yield* talk(sys, socket, words);
    socket.close();
    sys.disown(socket);
    if (!again) return exitCode;
  }
}

/** Until the other side ends; the end of standard input is only told to it. */
function* talk(sys: Sys, socket: TcpSocket, words: readonly string[] | undefined): Operation<number> {
  if (words !== undefined) return yield* runFor(sys, socket, words);
  sys.fork(function* feed(child: Sys): Operation<number> {
    for (;;) {
      const text = yield* child.readSome();
      if (text === undefined) break;
      if ((yield* sendAll(child, socket, bytesOf(text))) !== undefined) return 1;
    }
    socket.shutdown();
    return 0;
  }, ['nc']);
  const reader = new TextReader();
  for (;;) {
    const piece = yield* receiveSome(sys, socket);
    if (typeof piece === 'string') return fail(sys, `read: ${errorText(piece === 'timeout' ? 'ETIMEDOUT' : piece)}`);
    if (piece.length === 0) return 0;
    sys.stdout(reader.read(piece));
  }
}

/** `-e`: a program's output goes to the other side. */
function* runFor(sys: Sys, socket: TcpSocket, words: readonly string[]): Operation<number> {
  let output = '';
  const exitCode = yield* sys.run(words, { input: '', stdout: (text) => { output += text; } });
  yield* sendAll(sys, socket, bytesOf(output));
  return exitCode;
}
