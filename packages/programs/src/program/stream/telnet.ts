// telnet of busybox 1.35: a connection to type at. Options that the other side offers are refused (RFC 854).

import type { TcpSocket } from '@netreel/kernel';
import type { Operation } from '@netreel/sim';
import { formatIpv4 } from '@netreel/wire';
import type { Sys } from '../../contract.js';
import { resolve } from '../../dns/resolver.js';
import { busyboxOptions, errorText, usage } from '../../usage.js';
import { connectTo, receiveSome } from './stream.js';
import { feed } from './talk.js';
import { TextReader } from './text-bytes.js';

const TELNET_PORT = 23;
const [IAC, DONT, DO, WONT, WILL] = [255, 254, 253, 252, 251];

export function* telnet(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'a', 'l', { permute: false });
  if (typeof parsed === 'number') return parsed;
  const [host, port] = parsed.rest;
  if (host === undefined) return usage(sys, 'telnet');
  const fail = (text: string): number => {
    sys.stderr(`telnet: ${text}\n`);
    return 1;
  };
  const known: Readonly<Record<string, number>> = { http: 80, smtp: 25, ssh: 22, telnet: 23 };
  const number = port === undefined ? TELNET_PORT : /^\d{1,5}$/.test(port) ? Number(port) : known[port];
  if (number === undefined || number > 65535) return fail(`bad port '${port!}'`);
  const found = yield* resolve(sys, host);
  if (!found.ok) return fail(`bad address '${host}'`);
  const address = found.addresses[0]!;
  const socket = yield* connectTo(sys, address, number);
  if (typeof socket === 'string') {
    return fail(`can't connect to remote host (${formatIpv4(address)}): ${errorText(socket === 'timeout' ? 'ETIMEDOUT'
      : socket)}`);
  }
  sys.stdout(`Connected to ${host}\n`);
  return yield* converse(sys, socket);
}

/** Until either side has no more to say. */
function* converse(sys: Sys, socket: TcpSocket): Operation<number> {
  let over = false;
  let wake: (() => void) | undefined;
  const typed = { get onReadable() { return wake; }, set onReadable(call) { wake = call; }, readable: () => over };
  feed(sys, socket, 'telnet', false, () => {
    over = true;
    wake?.();
  });
  const reader = new TextReader();
  const filter = new OptionFilter(socket);
  for (;;) {
    yield* sys.waitReadable([socket, typed], Number.MAX_SAFE_INTEGER);
    if (socket.readable()) {
      const piece = yield* receiveSome(sys, socket);
      if (typeof piece === 'string' || piece.length === 0) {
        sys.stdout('Connection closed by foreign host\r\n');
        return 1;
      }
      sys.stdout(reader.read(filter.plain(piece)));
    } else if (over) {
      return 0;
    }
  }
}

/** Takes commands out of the stream and says no to each option. */
class OptionFilter {
  private command: number[] = [];

  constructor(private readonly socket: TcpSocket) {}

  plain(piece: Uint8Array): Uint8Array {
    const text: number[] = [];
    for (const byte of piece) {
      const [first, verb] = this.command;
      if (first === undefined) {
        if (byte === IAC) this.command = [byte];
        else text.push(byte);
      } else if (verb === undefined) {
        if (byte === IAC) text.push(byte);
        this.command = byte >= WILL! && byte !== IAC ? [first, byte] : [];
      } else {
        if (verb === DO) this.socket.send(Uint8Array.of(IAC!, WONT!, byte));
        if (verb === WILL) this.socket.send(Uint8Array.of(IAC!, DONT!, byte));
        this.command = [];
      }
    }
    return Uint8Array.from(text);
  }
}
