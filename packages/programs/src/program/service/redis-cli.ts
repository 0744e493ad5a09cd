// redis-cli: one command of its arguments, or commands from standard input. Output of Redis 7.0's.

import type { TcpSocket } from '@netreel/kernel';
import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { resolve } from '../../dns/resolver.js';
import { errorText } from '../../usage.js';
import { connectTo, receiveSome, sendAll } from '../stream/stream.js';
import { TextReader, bytesOf } from '../stream/text-bytes.js';
import { type Reply, encodeCommand, takeCommand, takeReply } from './resp.js';

export function* redisCli(sys: Sys, argv: readonly string[]): Operation<number> {
  const options = new Map([['-h', '127.0.0.1'], ['-p', '6379']]);
  let at = 1;
  let raw = !sys.isTerminal(1);
  for (; at < argv.length && argv[at]!.startsWith('-'); at++) {
    const word = argv[at]!;
    if (word === '-h' || word === '-p' || word === '-n' || word === '-a') options.set(word, argv[++at] ?? '');
    else if (word === '--raw') raw = true;
    else if (word === '--no-raw') raw = false;
    else if (word === '-v' || word === '--version') {
      sys.stdout('redis-cli 7.0.10\n');
      return 0;
    } else if (word !== '--no-auth-warning' && word !== '-e') {
      sys.stderr(`Unrecognized option or bad number of args for: '${word}'\n`);
      return 1;
    }
  }
  const [host, port] = [options.get('-h')!, Number(options.get('-p'))];
  const found = yield* resolve(sys, host);
  const socket = found.ok ? yield* connectTo(sys, found.addresses[0]!, port) : undefined;
  if (socket === undefined || typeof socket === 'string') {
    sys.stderr(`Could not connect to Redis at ${host}:${port}: ${socket === undefined ? 'Name or service not known'
      : socket === 'timeout' ? 'Connection timed out' : errorText(socket)}\n`);
    return 1;
  }
  const client = new Client(sys, socket);
  if (at < argv.length) return yield* client.tell(argv.slice(at), raw);
  const prompts = sys.isTerminal(0);
  for (;;) {
    if (prompts) sys.stdout(`${host}:${port}> `);
    const line = yield* sys.readLine();
    if (line === undefined || /^\s*(?:quit|exit)\s*$/i.test(line)) return 0;
    const command = takeCommand(`${line}\n`);
    if (typeof command !== 'object' || command.value.length === 0) continue;
    if ((yield* client.tell(command.value, raw)) !== 0) return 1;
  }
}

class Client {
  private text = '';
  private readonly reader = new TextReader();

  constructor(private readonly sys: Sys, private readonly socket: TcpSocket) {}

  *tell(words: readonly string[], raw: boolean): Operation<number> {
    const { sys, socket } = this;
    const refused = yield* sendAll(sys, socket, bytesOf(encodeCommand(words)));
    for (;;) {
      const taken = refused === undefined ? takeReply(this.text) : undefined;
      if (typeof taken === 'object') {
        this.text = taken.rest;
        sys.stdout(`${raw ? plain(taken.value) : decorated(taken.value, '')}\n`);
        return 0;
      }
      const piece = refused ?? (yield* receiveSome(sys, socket));
      if (typeof piece === 'string' || piece.length === 0 || typeof taken === 'string') {
        sys.stderr('Error: Server closed the connection\n');
        return 1;
      }
      this.text += this.reader.read(piece);
    }
  }
}

function plain(reply: Reply): string {
  switch (reply.kind) {
    case 'nil': return '';
    case 'number': return String(reply.value);
    case 'list': return reply.items.map(plain).join('\n');
    default: return reply.text;
  }
}

/** With types and quotes, as a terminal gets it. */
function decorated(reply: Reply, indent: string): string {
  switch (reply.kind) {
    case 'nil': return '(nil)';
    case 'number': return `(integer) ${reply.value}`;
    case 'status': return reply.text;
    case 'error': return `(error) ${reply.text}`;
    case 'bulk': return `"${reply.text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"`;
    case 'list': {
      if (reply.items.length === 0) return '(empty array)';
      const width = String(reply.items.length).length;
      return reply.items.map((item, place) => {
        const mark = `${String(place + 1).padStart(width)}) `;
        return `${place === 0 ? '' : indent}${mark}${decorated(item, indent + ' '.repeat(mark.length))}`;
      }).join('\n');
    }
  }
}
