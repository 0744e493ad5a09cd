// httpd of busybox 1.35: the files of one directory; every connection ends with its answer.

import type { Operation } from '@netreel/sim';
import { type Address, type Ipv4, formatAddress, parseIpv4 } from '@netreel/wire';
import { calendarAt, httpDate } from '../../calendar.js';
import type { Sys } from '../../contract.js';
import { absolutePath } from '../../files.js';
import { type ParsedOptions, busyboxOptions } from '../../usage.js';
import { serve } from '../service/serve.js';
import { bytesOf } from '../stream/text-bytes.js';
import { type HttpReply, type HttpRequest, REASONS, contentType, entityTag, pathOfTarget,
  serveRequests } from './server.js';

const EXPLANATIONS: Readonly<Record<number, string>> = { 400: 'Unsupported method',
  403: '', 404: 'The requested URL was not found', 501: 'The requested method is not recognized' };

export function* httpd(sys: Sys, argv: readonly string[]): Operation<number> {
  const loud = argv.reduce((count, word) => count + (/^-[a-z]*v/.test(word) ? word.split('v').length - 1 : 0), 0);
  const parsed = busyboxOptions(sys, argv, 'ifv', 'cpurhdem');
  if (typeof parsed === 'number') return parsed;
  const folder = parsed.values.get('h') ?? '.';
  const root = absolutePath(sys.cwd, folder);
  const fail = (text: string): number => {
    sys.stderr(`httpd: ${text}\n`);
    return 1;
  };
  if (sys.files.stat(root)?.kind !== 'folder') {
    return fail(`can't change directory to '${folder}': No such file or directory`);
  }
  const place = readPlace(parsed);
  if (place === undefined) return fail(`bad address '${parsed.values.get('p')!}'`);
  const site = new Site(sys, root, loud);
  const service = { ...place, greeting: undefined,
    answer: (text: string, socket: { readonly remoteAddress: Address; readonly remotePort: number }) =>
      site.answer(text, clientName(socket.remoteAddress, socket.remotePort)),
    refused: (reason: string) => `httpd: bind: ${reason}` };
  if (parsed.flags.has('f')) return yield* serve(sys, service, [], [], 'stderr');
  // It goes to the background: what started it goes on once the port is known to be free.
  const probe = sys.tcpListener();
  const refused = probe.bind(place.address, place.port);
  probe.close();
  if (refused !== undefined) return fail('bind: Address already in use');
  sys.detach((child) => serve(child, service, [], [], 'stderr'), argv);
  return 0;
}

/** It listens for both families: an IPv4 client is shown as IPv6 maps it. */
function clientName(address: Address, port: number): string {
  return `[${typeof address === 'number' ? '::ffff:' : ''}${formatAddress(address)}]:${port}`;
}

function readPlace({ values }: ParsedOptions): { readonly address: Ipv4; readonly port: number } | undefined {
  const text = values.get('p') ?? '80';
  const cut = text.lastIndexOf(':');
  const address = cut < 0 ? 0 : parseIpv4(text.slice(0, cut));
  const port = text.slice(cut + 1);
  return address === undefined || !/^\d{1,5}$/.test(port) || Number(port) > 65535 ? undefined
    : { address, port: Number(port) };
}

class Site {
  constructor(private readonly sys: Sys, private readonly root: string, private readonly loud: number) {}

  answer(text: string, client: string): { readonly reply: string; readonly rest: string; readonly close: boolean } {
    return serveRequests(text, (request) => {
      const url = /^GET$|^HEAD$/.test(request.method) ? pathOfTarget(request.target) : undefined;
      if (this.loud > 1 && url !== undefined) this.sys.stderr(`${client}: url:${request.target}\n`);
      return this.logged(client, this.reply(request));
    }, () => this.logged(client, this.failure(400)),
    (status, request) => `HTTP/1.${request?.version === '0.9' ? 0 : 1} ${status} ${REASONS[status] ?? ''}`);
  }

  private logged(client: string, reply: HttpReply): HttpReply {
    if (this.loud > 0) this.sys.stderr(`${client}: response:${reply.status}\n`);
    return reply;
  }

  private reply({ method, target }: HttpRequest): HttpReply {
    const path = pathOfTarget(target);
    if (path === undefined) return this.failure(400);
    if (method !== 'GET' && method !== 'HEAD') return this.failure(501);
    const whole = this.root === '/' ? path : `${this.root}${path}`;
    const { files } = this.sys;
    if (files.stat(whole)?.kind === 'folder' && !path.endsWith('/')) {
      return { status: 302, fields: [...this.head('text/html'), ['Location', `${path}/`]], body: '', close: true };
    }
    const name = path.endsWith('/') ? `${whole}index.html` : whole;
    const body = files.read(name);
    if (body === undefined) return this.failure(404);
    const kept = files.stat(name)!;
    return { status: 200, body, close: true, fields: [...this.head(contentType(name, 'application/octet-stream')),
      ['Accept-Ranges', 'bytes'], ['Last-Modified', httpDate(kept.modifiedAt)],
      ['ETag', entityTag(this.sys, name, (at) => calendarAt(at).unixSeconds)],
      ['Content-Length', String(bytesOf(body).length)]] };
  }

  private head(type: string): (readonly [string, string])[] {
    return [['Date', httpDate(this.sys.now())], ['Connection', 'close'], ['Content-type', type]];
  }

  private failure(status: number): HttpReply {
    const title = `${status} ${REASONS[status]!}`;
    return { status, close: true, fields: this.head('text/html'), body: `<HTML><HEAD><TITLE>${title}</TITLE></HEAD>\n`
      + `<BODY><H1>${title}</H1>\n${EXPLANATIONS[status] ?? ''}\n</BODY></HTML>\n` };
  }
}
