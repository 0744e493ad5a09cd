// nc of busybox 1.35.

import { NEVER, type Operation, SECOND } from '@netreel/sim';
import { formatIpv4, parseIpv4 } from '@netreel/wire';
import type { Sys } from '../../contract.js';
import { resolve } from '../../dns/resolver.js';
import { busyboxOptions, errorText, usage } from '../../usage.js';
import { connectTo } from './stream.js';
import { feed, serveProgram, showAll } from './talk.js';

export function* nc(sys: Sys, argv: readonly string[]): Operation<number> {
  // What stands behind -e is the program and its own words.
  const cut = argv.findIndex((word) => /^-[a-z]*e$/.test(word));
  const words = cut < 0 ? undefined : argv.slice(cut + 1);
  const own = cut < 0 ? argv : [...argv.slice(0, cut), ...(argv[cut] === '-e' ? [] : [argv[cut]!.slice(0, -1)])];
  const parsed = busyboxOptions(sys, own, 'lnv', 'pwisf');
  if (typeof parsed === 'number') return parsed;
  const { flags, values, rest } = parsed;
  for (const option of ['p', 'w', 'i'] as const) {
    const value = values.get(option);
    if (value !== undefined && !/^\d+$/.test(value)) return fail(sys, `invalid number '${value}'`);
  }
  const until = values.has('w') ? sys.now() + Number(values.get('w')) * SECOND : NEVER;
  if (flags.has('l')) {
    const again = own.some((word) => /^-\w*l\w*l/.test(word)) || own.filter((word) => word === '-l').length > 1;
    return yield* listen(sys, { address: parseIpv4(values.get('s') ?? rest[0] ?? '') ?? 0,
      port: Number(values.get('p') ?? 0), again, until }, words);
  }
  const [host, port = '0'] = rest;
  if (host === undefined || rest.length > 2) return usage(sys, 'nc');
  if (!/^\d+$/.test(port) || Number(port) > 65535) return fail(sys, `bad port '${port}'`);
  const found = yield* resolve(sys, host);
  if (!found.ok) return fail(sys, `bad address '${host}'`);
  const address = found.addresses[0]!;
  const source = parseIpv4(values.get('s') ?? '0.0.0.0');
  if (source === undefined) return fail(sys, `bad address '${values.get('s')!}'`);
  const local = sys.tcpSocket();
  const bound = values.has('s') || values.has('p') ? local.bind(source, Number(values.get('p') ?? 0)) : undefined;
  if (bound !== undefined) return fail(sys, `bind: ${errorText(bound)}`);
  const socket = yield* connectTo(sys, address, Number(port), until, local);
  if (socket === 'timeout') return fail(sys, 'timed out');
  if (typeof socket === 'string') {
    return fail(sys, `can't connect to remote host (${formatIpv4(address)}): ${errorText(socket)}`);
  }
  if (words !== undefined) return yield* serveProgram(sys, socket, words);
  feed(sys, socket, 'nc', true);
  const ending = yield* showAll(sys, socket);
  return ending === 'closed' ? 0 : fail(sys, `read: ${errorText(ending === 'timeout' ? 'ETIMEDOUT' : ending)}`);
}

function fail(sys: Sys, text: string): number {
  sys.stderr(`nc: ${text}\n`);
  return 1;
}

interface Listening { readonly address: number; readonly port: number; readonly again: boolean; readonly until: number }

/** `-l` one connection, `-ll` one after the other. */
function* listen(sys: Sys, { address, port, again, until }: Listening, words: readonly string[] | undefined):
  Operation<number> {
  const listener = sys.tcpListener();
  const refused = listener.bind(address, port) ?? listener.listen(1);
  if (refused !== undefined) return fail(sys, `bind: ${errorText(refused)}`);
  for (;;) {
    yield* sys.waitReadable([listener], until);
    if (listener.takeError() !== undefined) return 1;
    const socket = listener.accept();
    if (socket === undefined) {
      if (sys.now() >= until) return fail(sys, 'timed out');
      continue;
    }
    sys.own(socket);
    if (!again) listener.close();
    if (words === undefined) feed(sys, socket, 'nc', true);
    const exitCode = words === undefined ? (yield* showAll(sys, socket)) === 'closed' ? 0 : 1
      : yield* serveProgram(sys, socket, words);
    socket.close();
    sys.disown(socket);
    if (!again) return exitCode;
  }
}
