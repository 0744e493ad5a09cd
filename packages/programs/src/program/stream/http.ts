// HTTP as far as small clients and servers speak it. RFC 9112 (messages), RFC 3986 (addresses).

import type { Errno, TcpSocket } from '@netreel/kernel';
import type { Operation, SimTime } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { receiveSome, sendAll } from './stream.js';
import { TextReader, bytesOf } from './text-bytes.js';

export interface HttpAddress {
  readonly host: string; readonly port: number; readonly path: string;
  /** As it was written: with the port unless that is the usual one. */
  readonly named: string;
}

/** `http://web:8080/index.html`; the scheme may be left out. Undefined for other schemes. */
export function parseAddress(text: string): HttpAddress | undefined {
  const match = /^(?:(\w+):\/\/)?([^/:?#]+)(?::(\d+))?([/?][^#]*)?/.exec(text);
  if (match === null || (match[1] !== undefined && match[1] !== 'http')) return undefined;
  const port = match[3] === undefined ? 80 : Number(match[3]);
  const path = match[4] ?? '/';
  return { host: match[2]!, port, path: path.startsWith('/') ? path : `/${path}`,
    named: port === 80 ? match[2]! : `${match[2]!}:${port}` };
}

export interface HttpAnswer { readonly statusLine: string; readonly status: number; readonly head: string;
  readonly body: string }

/** Sends one request and reads the answer to its end. */
export function* request(sys: Sys, socket: TcpSocket, lines: readonly string[], until: () => SimTime):
  Operation<HttpAnswer | Errno | 'timeout' | 'malformed'> {
  const refused = yield* sendAll(sys, socket, bytesOf(`${lines.join('\r\n')}\r\n\r\n`));
  if (refused !== undefined) return refused;
  const reader = new TextReader();
  let text = '';
  for (;;) {
    const piece = yield* receiveSome(sys, socket, until());
    if (typeof piece === 'string') return piece;
    text += reader.read(piece);
    const answer = parseAnswer(text, piece.length === 0, lines[0]!.startsWith('HEAD '));
    if (answer !== undefined) return answer;
    if (piece.length === 0) return 'malformed';
  }
}

/** Undefined while something is missing. */
function parseAnswer(text: string, ended: boolean, headOnly: boolean): HttpAnswer | undefined {
  const cut = text.indexOf('\r\n\r\n');
  if (cut < 0) return undefined;
  const head = text.slice(0, cut);
  const statusLine = head.split('\r\n')[0]!;
  const status = /^HTTP\/\d\.\d (\d{3})/.exec(statusLine);
  if (status === null) return undefined;
  const body = text.slice(cut + 4);
  const length = /^content-length: *(\d+)/im.exec(head);
  const complete = headOnly || ended || (length !== null && bytesOf(body).length >= Number(length[1]));
  return complete ? { statusLine, status: Number(status[1]), head, body: headOnly ? '' : body } : undefined;
}

/** What a server found. */
export interface HttpPage { readonly status: 200 | 404 | 501; readonly body: string }

const REASONS = { 200: 'OK', 404: 'Not Found', 501: 'Not Implemented' } as const;

/** Takes requests off the front of `text`, answers each, and says what is left and whether the connection ends. */
export function answerRequests(text: string, server: string, find: (path: string) => HttpPage,
  log: (requestLine: string, status: number) => void = () => undefined):
  { readonly reply: string; readonly rest: string; readonly close: boolean } {
  let reply = '';
  let rest = text;
  for (;;) {
    const cut = /\r?\n\r?\n/.exec(rest);
    if (cut === null) return { reply, rest, close: false };
    const head = rest.slice(0, cut.index);
    rest = rest.slice(cut.index + cut[0].length);
    const [method, target] = head.split(/[ \r\n]/);
    const page: HttpPage = method === 'GET' || method === 'HEAD' ? find((target ?? '/').split('?')[0]!)
      : { status: 501, body: errorPage(501) };
    log(head.split(/\r?\n/)[0]!, page.status);
    const close = /^connection: *close/im.test(head) || !/ HTTP\/1\.1\r?$/m.test(head);
    reply += `HTTP/1.1 ${page.status} ${REASONS[page.status]}\r\nServer: ${server}\r\nContent-Type: text/html\r\n` +
      `Content-Length: ${bytesOf(page.body).length}\r\nConnection: ${close ? 'close' : 'keep-alive'}\r\n\r\n` +
      (method === 'HEAD' ? '' : page.body);
    if (close) return { reply, rest, close };
  }
}

/** The page of a failure. */
export function errorPage(status: 404 | 501): string {
  const title = `${status} ${REASONS[status]}`;
  return `<html>\n<head><title>${title}</title></head>\n<body>\n<h1>${title}</h1>\n</body>\n</html>\n`;
}
