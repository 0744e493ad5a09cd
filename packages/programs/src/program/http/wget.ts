// wget of busybox 1.35: files over HTTP.

import { type Operation, SECOND } from '@netreel/sim';
import { formatIpv4 } from '@netreel/wire';
import type { Sys } from '../../contract.js';
import { resolve } from '../../dns/resolver.js';
import { absolutePath } from '../../files.js';
import { type ParsedOptions, busyboxOptions, errorText, usage } from '../../usage.js';
import { connectTo, sendAll } from '../stream/stream.js';
import { TextReader, bytesOf } from '../stream/text-bytes.js';
import { type HttpAddress, followed, parseAddress } from './address.js';
import { AnswerReader, type HttpHead } from './answer.js';

const TIMEOUT_SECONDS = 900;
const REDIRECTIONS_MAX = 5;
const BAR = '*'.repeat(32);

export function* wget(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'cqS#nN', 'OoTUPYHDt', { long: { spider: '#', header: 'H',
    'post-data': 'D', 'user-agent': 'U', quiet: 'q', continue: 'c', 'output-document': 'O', 'no-check-certificate': 'N',
    timeout: 'T', 'server-response': 'S', 'directory-prefix': 'P', tries: 't' } });
  if (typeof parsed === 'number') return parsed;
  if (parsed.rest.length === 0) return usage(sys, 'wget');
  const seconds = parsed.values.get('T');
  if (seconds !== undefined && !/^\d+$/.test(seconds)) return complain(sys, `invalid number '${seconds}'`);
  for (const url of parsed.rest) {
    const status = yield* new Download(sys, parsed).run(url);
    if (status !== 0) return status;
  }
  return 0;
}

function complain(sys: Sys, text: string): number {
  sys.stderr(`wget: ${text}\n`);
  return 1;
}

class Download {
  private readonly quiet: boolean;

  constructor(private readonly sys: Sys, private readonly parsed: ParsedOptions) {
    this.quiet = parsed.flags.has('q');
  }

  *run(url: string): Operation<number> {
    const { sys } = this;
    let address = parseAddress(url);
    let from = url;
    for (let redirections = 0; ; redirections++) {
      const supported = address !== undefined && (address.scheme === 'http' || address.scheme === 'https');
      if (!supported) return complain(sys, `not an http or ftp url: ${from}`);
      const outcome: number | HttpAddress = yield* this.fetch(address!, redirections === 0);
      if (typeof outcome === 'number') return outcome;
      if (redirections >= REDIRECTIONS_MAX) return complain(sys, 'too many redirections');
      address = outcome;
      from = outcome.text;
    }
  }

  /** The exit status, or where to look instead. */
  private *fetch(address: HttpAddress, first: boolean): Operation<number | HttpAddress> {
    const { sys, parsed: { flags, values } } = this;
    const seconds = Number(values.get('T') ?? TIMEOUT_SECONDS);
    const deadline = (): number => sys.now() + seconds * SECOND;
    const found = yield* resolve(sys, address.host);
    if (!found.ok) return complain(sys, `bad address '${address.host}'`);
    const shown = formatIpv4(found.addresses[0]!);
    if (first && !this.quiet) sys.stderr(`Connecting to ${address.named} (${shown}:${address.port})\n`);
    const socket = yield* connectTo(sys, found.addresses[0]!, address.port, deadline());
    if (socket === 'timeout') return complain(sys, 'download timed out');
    if (typeof socket === 'string')
      return complain(sys, `can't connect to remote host (${shown}): ${errorText(socket)}`);
    try {
      if (address.scheme === 'https') return this.noTls();
      const refused = yield* sendAll(sys, socket, bytesOf(this.request(address)));
      if (refused !== undefined) return complain(sys, `error getting response: ${errorText(refused)}`);
      const reader = new AnswerReader(sys, socket, deadline);
      const head = yield* reader.head(flags.has('#'));
      if (head === 'timeout') return complain(sys, 'download timed out');
      if (head === 'empty' || head === 'cut' || head === 'malformed') return complain(sys, 'error getting response');
      if (typeof head === 'string') return complain(sys, `error getting response: ${errorText(head)}`);
      if (flags.has('S')) this.showHead(head);
      const location = head.field('location');
      if ([301, 302, 303, 307, 308].includes(head.status) && location !== undefined) {
        return followed(address, location) ?? complain(sys, `not an http or ftp url: ${location}`);
      }
      if (head.status !== 200 && head.status !== 206) return complain(sys, `server returned error: ${head.statusLine}`);
      if (!flags.has('#')) return yield* this.save(reader, address);
      if (!this.quiet) sys.stderr('remote file exists\n');
      return 0;
    } finally {
      socket.close();
    }
  }

  private noTls(): number {
    this.sys.stderr('wget: note: TLS certificate validation not implemented\n');
    return complain(this.sys, 'TLS is not there: only http is spoken here');
  }

  private request(address: HttpAddress): string {
    const { values, repeated, flags } = this.parsed;
    const data = values.get('D');
    const named = new Set((repeated.get('H') ?? []).map((header) => header.split(':')[0]!.toLowerCase()));
    const lines = [`${flags.has('#') ? 'HEAD' : data === undefined ? 'GET' : 'POST'} ${address.path} HTTP/1.1`,
      ...(named.has('host') ? [] : [`Host: ${address.named}`]),
      ...(named.has('user-agent') ? [] : [`User-Agent: ${values.get('U') ?? 'Wget'}`]),
      'Connection: close', ...repeated.get('H') ?? []];
    if (data === undefined) return `${lines.join('\r\n')}\r\n\r\n`;
    if (!named.has('content-type')) lines.push('Content-Type: application/x-www-form-urlencoded');
    return `${lines.join('\r\n')}\r\nContent-Length: ${bytesOf(data).length}\r\n\r\n${data}`;
  }

  private showHead(head: HttpHead): void {
    // Of a failed or moved page no more than the first line is looked at.
    const lines = head.status === 200 || head.status === 206 ? [...head.lines, ''] : head.lines.slice(0, 1);
    this.sys.stderr(lines.map((line) => `  ${line}\n`).join(''));
  }

  private *save(reader: AnswerReader, address: HttpAddress): Operation<number> {
    const { sys, parsed: { values, flags } } = this;
    const name = values.get('O') ?? `${values.has('P') ? `${values.get('P')!}/` : ''}${fileName(address.path)}`;
    const piped = name === '-';
    const path = absolutePath(sys.cwd, name);
    if (!piped && !values.has('O') && !flags.has('c') && sys.files.stat(path) !== undefined) {
      return complain(sys, `can't open '${name}': File exists`);
    }
    const refused = piped ? undefined : sys.files.write(path, '');
    if (refused !== undefined) return complain(sys, `can't open '${name}': ${refused}`);
    if (!this.quiet) sys.stderr(piped ? 'writing to stdout\n' : `saving to '${name}'\n`);
    const begun = sys.now();
    const text = new TextReader();
    let kept = '';
    for (;;) {
      const piece = yield* reader.piece();
      if (piece === 'timeout') return complain(sys, 'download timed out');
      if (typeof piece === 'string') return complain(sys, 'connection closed prematurely');
      if (piece.length === 0) break;
      if (piped) sys.stdout(text.read(piece));
      else kept += text.read(piece);
    }
    if (!piped) sys.files.write(path, kept);
    if (this.quiet) return 0;
    sys.stderr(this.progress(piped ? '-' : fileName(name), reader.bodyBytes, sys.now() - begun));
    sys.stderr(piped ? 'written to stdout\n' : `'${name}' saved\n`);
    return 0;
  }

  /** The bar as it stands at the end. */
  private progress(name: string, bytes: number, tookNs: number): string {
    const seconds = Math.floor(tookNs / SECOND);
    const clock = `${Math.floor(seconds / 3600)}:${String(Math.floor(seconds / 60) % 60).padStart(2, '0')}:`
      + String(seconds % 60).padStart(2, '0');
    return `${name.slice(0, 20).padEnd(20)} 100% |${BAR}| ${shortSize(bytes)}  ${clock} ETA\n`;
  }
}


/** Five columns: `12345`, `1220k`. */
function shortSize(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= 100_000) {
    amount = Math.floor(amount / 1024);
    unit++;
  }
  return `${String(amount).padStart(5)}${['', 'k', 'M', 'G'][unit]!}`;
}

function fileName(path: string): string {
  const name = path.split('?')[0]!.split('/').pop()!;
  return name === '' ? 'index.html' : name;
}
