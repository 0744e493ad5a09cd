// One transfer of curl: resolve, connect, ask, follow, read. Words and exit statuses of curl 7.88.

import type { TcpSocket } from '@netreel/kernel';
import { MILLISECOND, NEVER, type Operation, SECOND } from '@netreel/sim';
import { type Ipv4, formatIpv4, parseIpv4 } from '@netreel/wire';
import type { Sys } from '../../../contract.js';
import { resolve } from '../../../dns/resolver.js';
import { errorText } from '../../../usage.js';
import { connectTo, sendAll } from '../../stream/stream.js';
import { TextReader, bytesOf } from '../../stream/text-bytes.js';
import { type HttpAddress, followed, parseAddress } from '../address.js';
import { AnswerReader, type HttpHead, type ReadFailure } from '../answer.js';
import { Meter } from './meter.js';
import type { CurlOptions } from './options.js';
import { requestText } from './request.js';

/** Exit statuses of curl(1). */
export const EXIT = { scheme: 1, usage: 2, url: 3, resolve: 6, connect: 7, partial: 18, http: 22, write: 23, read: 26,
  timeout: 28, tls: 35, redirects: 47, empty: 52, send: 55, receive: 56, malformed: 8 } as const;
const REDIRECTS_MAX = 50;
const SHOW_NS = SECOND;

export class Transfer {
  head: HttpHead | undefined = undefined;
  socket: TcpSocket | undefined = undefined;
  received = 0;
  sent = 0;
  headBytes = 0;
  requestBytes = 0;
  redirects = 0;
  connects = 0;
  redirectUrl: string | undefined = undefined;
  method = 'GET';
  url = '';
  exitCode = 0;
  message: string | undefined = undefined;
  fileName: string | undefined = undefined;
  readonly startedAt: number;
  resolvedAt = 0;
  connectedAt = 0;
  firstByteAt = 0;
  private readonly until: number;
  private readonly meter: Meter | undefined;
  private connection: { readonly host: string; readonly port: number; readonly number: number } | undefined = undefined;

  constructor(private readonly sys: Sys, private readonly options: CurlOptions, metered: boolean,
    private readonly body: string | undefined, private readonly output: (text: string) => void) {
    this.startedAt = sys.now();
    const limit = options.values.get('m');
    this.until = limit === undefined ? NEVER : this.startedAt + secondsOf(limit);
    this.meter = metered ? new Meter((text) => sys.stderr(text), options.flags.has('#')) : undefined;
  }

  *run(url: string): Operation<number> {
    const status = yield* this.follow(url);
    this.exitCode = status;
    this.socket?.close();
    return status;
  }

  /** Whether trying again may help: what a server or the way to it may get over. */
  get transient(): boolean {
    return this.exitCode === EXIT.timeout || this.exitCode === EXIT.resolve
      || [408, 429, 500, 502, 503, 504].includes(this.head?.status ?? 0);
  }

  private *follow(url: string): Operation<number> {
    const { flags, values } = this.options;
    let address = parseAddress(url);
    if (address === undefined) return this.fail(EXIT.url, 'URL using bad/illegal format or missing URL');
    const most = Number(values.get('+redirs') ?? REDIRECTS_MAX);
    for (;;) {
      this.url = flags.has('L') && this.redirects > 0 ? address.text : address.text;
      if (address.scheme !== 'http' && address.scheme !== 'https') {
        return this.fail(EXIT.scheme, `Protocol "${address.scheme}" not supported or disabled in libcurl`);
      }
      const status: number | undefined = yield* this.exchange(address);
      if (status !== undefined) return status;
      const next: HttpAddress | undefined = this.redirectUrl === undefined ? undefined : parseAddress(this.redirectUrl);
      if (!flags.has('L') || next === undefined) return this.exitCode;
      if (this.redirects >= most) return this.fail(EXIT.redirects, `Maximum (${most}) redirects followed`);
      this.redirects++;
      this.redirectUrl = undefined;
      this.say(`Issue another request to this URL: '${next.text}'`);
      address = next;
    }
  }

  /** Undefined when it went well. */
  private *exchange(address: HttpAddress): Operation<number | undefined> {
    const { sys, options } = this;
    const failed = yield* this.connect(address);
    if (failed !== undefined) return failed;
    if (address.scheme === 'https') {
      this.meterEnd();
      return this.fail(EXIT.tls, 'OpenSSL/3.0.19: error:0A00010B:SSL routines::wrong version number');
    }
    const request = requestText(options, address, this.body, this.redirects > 0 ? this.head?.status : undefined);
    this.method = request.method;
    const socket = this.socket!;
    this.showLines('>', request.head.split('\r\n').slice(0, -2));
    const refused = yield* sendAll(sys, socket, bytesOf(request.head + request.body));
    if (refused !== undefined) return this.fail(EXIT.send, `Send failure: ${errorText(refused)}`);
    this.requestBytes += bytesOf(request.head).length;
    this.sent += bytesOf(request.body).length;
    if (request.body !== '' && options.flags.has('v') && !sys.isTerminal(1)) {
      sys.stderr(`} [${bytesOf(request.body).length} bytes data]\n`);
    }
    return yield* this.answer(address, new AnswerReader(sys, socket, () => this.nextLook()), request.method);
  }

  private *answer(address: HttpAddress, reader: AnswerReader, method: string): Operation<number | undefined> {
    const { options, sys } = this;
    const { flags } = options;
    const head = yield* this.patient(reader, () => reader.head(method === 'HEAD'));
    if (typeof head === 'string') return this.broken(head, reader);
    this.firstByteAt = sys.now();
    this.head = head;
    this.headBytes += reader.headBytes;
    this.showLines('<', [...head.lines, '']);
    const location = head.field('location');
    const moved = head.status >= 300 && head.status < 400 && location !== undefined;
    if (moved) this.redirectUrl = followed(address, location)?.text;
    if (flags.has('i') || flags.has('I')) this.output([...head.lines, '', ''].join('\r\n'));
    if (flags.has('f') && head.status >= 400) {
      this.meterEnd(reader);
      return this.fail(EXIT.http, `The requested URL returned error: ${head.status}`);
    }
    const ignored = moved && flags.has('L');
    if (ignored && flags.has('v')) this.say('Ignoring the response-body');
    const text = new TextReader();
    for (let first = true; ; first = false) {
      const piece: Uint8Array | ReadFailure = yield* this.patient(reader, () => reader.piece());
      if (typeof piece === 'string') return this.broken(piece, reader);
      if (piece.length === 0) break;
      if (!ignored) this.received = reader.bodyBytes;
      if (first && flags.has('v') && !sys.isTerminal(1)) sys.stderr(`{ [${piece.length} bytes data]\n`);
      if (!ignored) this.output(text.read(piece));
    }
    this.meterEnd(reader);
    if (/close/i.test(head.field('connection') ?? '') || head.version === '1.0') {
      this.say(`Closing connection ${this.connection!.number}`);
      this.socket!.close();
      this.connection = undefined;
    } else {
      this.say(`Connection #${this.connection!.number} to host ${address.host} left intact`);
    }
    return undefined;
  }

  /** Repeats a read that was only broken off to show the meter. */
  private *patient<T>(reader: AnswerReader, read: () => Operation<T | ReadFailure>): Operation<T | ReadFailure> {
    for (;;) {
      this.showMeter(reader);
      const result = yield* read();
      if (result !== 'timeout' || this.sys.now() >= this.until) return result;
    }
  }

  private nextLook(): number {
    const next = this.meter === undefined ? NEVER : this.sys.now() + SHOW_NS;
    return next < this.until ? next : this.until;
  }

  private *connect(address: HttpAddress): Operation<number | undefined> {
    const { sys, options } = this;
    if (this.connection?.host === address.host && this.connection.port === address.port) {
      this.say(`Re-using existing connection #${this.connection.number} with host ${address.host}`);
      return undefined;
    }
    this.socket?.close();
    this.showMeter();
    const found = yield* this.resolve(address);
    if (found === undefined) {
      this.say(`Could not resolve host: ${address.host}`);
      this.meterEnd();
      return this.fail(EXIT.resolve, `Could not resolve host: ${address.host}`);
    }
    this.resolvedAt = sys.now();
    const limit = options.values.get('+connect');
    const patience = limit === undefined ? NEVER : this.startedAt + secondsOf(limit);
    for (const target of found) {
      this.say(`  Trying ${formatIpv4(target)}:${address.port}...`);
      const socket = yield* connectTo(sys, target, address.port, patience < this.until ? patience : this.until);
      if (socket === 'timeout') {
        this.meterEnd();
        const late = this.sys.now() >= this.until;
        return this.fail(EXIT.timeout, late ? `Connection timed out after ${this.elapsedMs()} milliseconds`
          : `${this.failedTo(address)}: Timeout was reached`);
      }
      if (typeof socket !== 'string') {
        this.socket = socket;
        this.connectedAt = sys.now();
        const { host, port } = address;
        this.connection = { host, port, number: this.connects++ };
        this.say(`Connected to ${host} (${formatIpv4(target)}) port ${port} (#${this.connection.number})`);
        return undefined;
      }
      this.say(`connect to ${formatIpv4(target)} port ${address.port} failed: ${errorText(socket)}`);
    }
    const text = `${this.failedTo(address)}: Couldn't connect to server`;
    this.say(text);
    this.say(`Closing connection ${this.connects}`);
    this.meterEnd();
    return this.fail(EXIT.connect, text);
  }

  private failedTo({ host, port }: HttpAddress): string {
    return `Failed to connect to ${host} port ${port} after ${this.elapsedMs()} ms`;
  }

  private *resolve(address: HttpAddress): Operation<readonly Ipv4[] | undefined> {
    for (const entry of this.options.resolves) {
      const [host, port, target] = entry.split(':');
      const known = parseIpv4(target ?? '');
      const meant = (host === address.host || host === '*') && Number(port) === address.port;
      if (known !== undefined && meant) return [known];
    }
    const found = yield* resolve(this.sys, address.host, this.options.flags.has('4') ? 'inet' : 'any');
    return found.ok ? found.addresses : undefined;
  }

  private broken(failure: ReadFailure, reader: AnswerReader): number {
    this.meterEnd(reader);
    switch (failure) {
      case 'timeout':
        return this.fail(EXIT.timeout, `Operation timed out after ${this.elapsedMs()} milliseconds with `
          + `${reader.bodyBytes}${reader.length === undefined ? '' : ` out of ${reader.length}`} bytes received`);
      case 'empty': return this.fail(EXIT.empty, 'Empty reply from server');
      case 'malformed': return this.fail(EXIT.scheme, 'Received HTTP/0.9 when not allowed');
      case 'cut':
        return this.fail(EXIT.partial, reader.length === undefined
          ? 'transfer closed with outstanding read data remaining'
          : `transfer closed with ${reader.length - reader.bodyBytes} bytes remaining to read`);
      default: return this.fail(EXIT.receive, `Recv failure: ${errorText(failure)}`);
    }
  }

  private fail(status: number, text: string): number {
    this.message = text;
    return status;
  }

  private elapsedMs(): number {
    return Math.floor((this.sys.now() - this.startedAt) / MILLISECOND);
  }

  private say(text: string): void {
    if (this.options.flags.has('v')) this.sys.stderr(`* ${text}\n`);
  }

  private showLines(mark: string, lines: readonly string[]): void {
    if (this.options.flags.has('v')) this.sys.stderr(lines.map((line) => `${mark} ${line}\r\n`).join(''));
  }

  private showMeter(reader?: AnswerReader): void {
    this.meter?.show(this.sys.now(), this.startedAt, reader?.bodyBytes ?? 0, reader?.length);
  }

  private meterEnd(reader?: AnswerReader): void {
    this.meter?.end(this.sys.now(), this.startedAt, reader?.bodyBytes ?? 0, reader?.length);
  }
}

function secondsOf(text: string): number {
  const [whole, part] = text.split('.');
  return Number(whole) * SECOND + Number((part ?? '').slice(0, 3).padEnd(3, '0')) * MILLISECOND;
}
