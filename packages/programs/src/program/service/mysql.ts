// mysqld: greets with a protocol 10 handshake and lets nobody in; mysqladmin ping asks whether it does. MySQL 5.7;
// Client/Server Protocol, Connection Phase. The stand-in of the test bed, 5.7.8, greets in plain words.

import type { TcpSocket } from '@netreel/kernel';
import { type Operation, SECOND } from '@netreel/sim';
import { formatAddress } from '@netreel/wire';
import type { Sys } from '../../contract.js';
import { resolve } from '../../dns/resolver.js';
import { connectTo, receiveSome } from '../stream/stream.js';
import { bytesOf } from '../stream/text-bytes.js';
import { type Answer, serve } from './serve.js';

const DEFAULT_PORT = 3306;
const DEFAULT_VERSION = '5.7.44';
const PLAIN_VERSION = '5.7.8';
const PROTOCOL = 10;
const CAPABILITIES = 0xc1ff_f7ff;
const LATIN1 = 8;
const AUTOCOMMIT = 2;
const SCRAMBLE_BYTES = 20;
const PLUGIN = 'mysql_native_password';
const ACCESS_DENIED = 1045;
const PATIENCE_NS = 10 * SECOND;

export function* mysqld(sys: Sys): Operation<number> {
  const version = sys.env.get('MYSQL_VERSION')?.split('-')[0] ?? DEFAULT_VERSION;
  let connections = 0;
  const answer = (_text: string, socket: TcpSocket, raw: Uint8Array): Answer =>
    ({ reply: accessDenied(raw, formatAddress(socket.remoteAddress)), rest: '', close: true });
  const refused = (reason: string): string => `Can't start server: Bind on TCP/IP port: ${reason}`;
  if (version === PLAIN_VERSION) {
    return yield* serve(sys, { port: DEFAULT_PORT, refused, closesAfterGreeting: true,
      greeting: () => `mysql ${version}\n`, answer }, ['SIGTERM']);
  }
  return yield* serve(sys, { port: DEFAULT_PORT, refused, answer,
    greeting: () => handshake(version, ++connections, sys) }, ['SIGTERM']);
}

/** HandshakeV10. */
function handshake(version: string, connection: number, sys: Sys): Uint8Array {
  const scramble = Array.from({ length: SCRAMBLE_BYTES }, () => 33 + sys.random.below(90));
  const little = (value: number, bytes: number): number[] => Array.from({ length: bytes }, (_byte, place) =>
    (value >>> (8 * place)) & 255);
  return packet(0, [PROTOCOL, ...bytesOf(version), 0, ...little(connection, 4), ...scramble.slice(0, 8), 0,
    ...little(CAPABILITIES & 0xffff, 2), LATIN1, ...little(AUTOCOMMIT, 2), ...little(CAPABILITIES >>> 16, 2),
    SCRAMBLE_BYTES + 1, ...new Array<number>(10).fill(0), ...scramble.slice(8), 0, ...bytesOf(PLUGIN), 0]);
}

function packet(sequence: number, payload: readonly number[]): Uint8Array {
  const { length } = payload;
  return Uint8Array.from([length & 255, (length >> 8) & 255, length >> 16, sequence, ...payload]);
}

/** ERR_Packet about a HandshakeResponse41, whose user stands behind 32 bytes. */
function accessDenied(response: Uint8Array, client: string): Uint8Array {
  const from = 4 + 32;
  const end = response.indexOf(0, from);
  const user = end < 0 ? '' : String.fromCharCode(...response.subarray(from, end));
  const password = end >= 0 && (response[end + 1] ?? 0) > 0 ? 'YES' : 'NO';
  const text = `Access denied for user '${user}'@'${client}' (using password: ${password})`;
  return packet(((response[3] ?? 0) + 1) & 255,
    [0xff, ACCESS_DENIED & 255, ACCESS_DENIED >> 8, ...bytesOf(`#28000${text}`)]);
}

export function* mysqladmin(sys: Sys, argv: readonly string[]): Operation<number> {
  let host = '127.0.0.1';
  let port = DEFAULT_PORT;
  let command: string | undefined;
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === '-h' || word === '-P') {
      if (word === '-h') host = argv[++at] ?? host;
      else port = Number(argv[++at]);
    } else if (/^(?:-h.|--host=)/.test(word)) host = word.replace(/^-h|^--host=/, '');
    else if (/^(?:-P.|--port=)/.test(word)) port = Number(word.replace(/^-P|^--port=/, ''));
    else if (word === '-u') at++;
    else if (!word.startsWith('-')) command ??= word;
  }
  if (command === undefined) {
    sys.stdout('mysqladmin  Ver 8.42 Distrib 5.7.44, for Linux on x86_64\n'
      + 'Usage: mysqladmin [OPTIONS] command command....\n');
    return 1;
  }
  if (command !== 'ping') {
    sys.stderr(`mysqladmin: Unknown command: '${command}'\n`);
    return 1;
  }
  const found = yield* resolve(sys, host);
  const socket = found.ok ? yield* connectTo(sys, found.addresses[0]!, port, sys.now() + PATIENCE_NS) : undefined;
  const greeting = socket === undefined || typeof socket === 'string' ? undefined
    : yield* receiveSome(sys, socket, sys.now() + PATIENCE_NS);
  if (greeting !== undefined && typeof greeting !== 'string' && greeting.length > 0) {
    sys.stdout('mysqld is alive\n');
    return 0;
  }
  const reason = socket === 'ECONNREFUSED' ? 111 : socket === 'EHOSTUNREACH' ? 113 : 110;
  const cause = !found.ok ? `Unknown MySQL server host '${host}' (0)`
    : `Can't connect to MySQL server on '${host}' (${reason})`;
  sys.stderr(`mysqladmin: connect to server at '${host}' failed\nerror: '${cause}'\n`
    + `Check that mysqld is running on ${host} and that the port is ${port}.\n`
    + `You can check this by doing 'telnet ${host} ${port}'\n`);
  return 1;
}
