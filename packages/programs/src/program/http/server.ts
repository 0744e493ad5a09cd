// Serving pages: requests off a connection, answers onto it. RFC 9112; each server says the rest in its own words.

import type { Sys } from '../../contract.js';
import { bytesOf } from '../stream/text-bytes.js';

export interface HttpRequest {
  readonly line: string;
  readonly method: string;
  readonly target: string;
  readonly version: string;
  /** The first value of a field, by its name in lower case. */
  readonly field: (name: string) => string | undefined;
  readonly body: string;
}

export interface HttpReply {
  readonly status: number;
  readonly fields: readonly (readonly [string, string])[];
  readonly body: string;
  readonly close: boolean;
}

export const REASONS: Readonly<Record<number, string>> = { 200: 'OK', 301: 'Moved Permanently', 302: 'Found',
  304: 'Not Modified', 400: 'Bad Request', 403: 'Forbidden', 404: 'Not Found', 405: 'Method Not Allowed',
  408: 'Request Timeout', 413: 'Request Entity Too Large', 414: 'Request-URI Too Large', 500: 'Internal Server Error',
  501: 'Not Implemented', 505: 'HTTP Version Not Supported' };

/** What one turn of a conversation gives. */
export interface Served { readonly reply: string; readonly rest: string; readonly close: boolean }

/** Heads that are longer are refused. */
const HEAD_MAX = 32 * 1024;

/** Takes whole requests off the front of `text` and answers each; `malformed` answers what is none. */
export function serveRequests(text: string, answer: (request: HttpRequest) => HttpReply,
  malformed: (line: string) => HttpReply, statusLine: (status: number, request: HttpRequest | undefined) => string):
  Served {
  let reply = '';
  let rest = text;
  for (;;) {
    rest = rest.replace(/^(?:\r?\n)+/, '');
    const cut = /\r?\n\r?\n/.exec(rest);
    if (cut === null && rest.length <= HEAD_MAX) return { reply, rest, close: false };
    const head = cut === null ? rest : rest.slice(0, cut.index);
    const request = cut === null ? undefined : readRequest(head, rest.slice(cut.index + cut[0].length));
    if (request === 'more') return { reply, rest, close: false };
    if (request === undefined) {
      return { reply: reply + written(malformed(head.split(/\r?\n/)[0]!), undefined, statusLine), rest: '',
        close: true };
    }
    rest = request.rest;
    const answered = answer(request.request);
    reply += written(answered, request.request, statusLine);
    if (answered.close) return { reply, rest, close: true };
  }
}

function readRequest(head: string, after: string): { readonly request: HttpRequest; readonly rest: string } | 'more'
  | undefined {
  const [line, ...fields] = head.split(/\r?\n/);
  const match = /^([A-Za-z]+) (\S+)(?: HTTP\/(\d\.\d))?$/.exec(line!);
  if (match === null) return undefined;
  const byName = new Map<string, string>();
  for (const field of fields) {
    const cut = field.indexOf(':');
    if (cut > 0 && !byName.has(field.slice(0, cut).toLowerCase())) {
      byName.set(field.slice(0, cut).toLowerCase(), field.slice(cut + 1).trim());
    }
  }
  const length = Number(byName.get('content-length') ?? 0);
  // Bodies are texts here; their length counts bytes.
  const bytes = length > 0 ? bytesOf(after).length : 0;
  if (length > bytes) return 'more';
  const taken = length === bytes ? after : after.slice(0, length);
  return { request: { line: line!, method: match[1]!, target: match[2]!, version: match[3] ?? '0.9', body:
    length > 0 ? taken : '', field: (name) => byName.get(name) }, rest: length > 0 ? after.slice(taken.length)
      : after };
}

function written({ fields, body, status }: HttpReply, request: HttpRequest | undefined,
  statusLine: (status: number, request: HttpRequest | undefined) => string): string {
  const head = [statusLine(status, request), ...fields.map(([name, value]) => `${name}: ${value}`)].join('\r\n');
  return `${head}\r\n\r\n${request?.method === 'HEAD' ? '' : body}`;
}

/** Whether the client wants to go on with this connection (section 9.3). */
export function wantsToStay(request: HttpRequest): boolean {
  const connection = request.field('connection') ?? '';
  return request.version === '1.1' ? !/close/i.test(connection) : /keep-alive/i.test(connection);
}

const TYPES: readonly (readonly [RegExp, string])[] = [[/\.html?$/, 'text/html'], [/\.css$/, 'text/css'],
  [/\.js$/, 'application/javascript'], [/\.json$/, 'application/json'], [/\.txt$/, 'text/plain'],
  [/\.png$/, 'image/png'], [/\.jpe?g$/, 'image/jpeg'], [/\.gif$/, 'image/gif'], [/\.svg$/, 'image/svg+xml'],
  [/\.xml$/, 'text/xml'], [/\.ico$/, 'image/x-icon']];

export function contentType(path: string, otherwise: string): string {
  return TYPES.find(([expression]) => expression.test(path))?.[1] ?? otherwise;
}

/** A path of a request without its question and without what leads out of the tree; undefined when it does. */
export function pathOfTarget(target: string): string | undefined {
  const plain = target.split(/[?#]/)[0]!.replace(/%([0-9a-fA-F]{2})/g, (_all, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)));
  const parts: string[] = [];
  for (const part of plain.split('/').slice(1)) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '.') {
      parts.push(part);
    }
  }
  return plain.startsWith('/')
    ? `/${parts.filter((part, place) => part !== '' || place === parts.length - 1).join('/')}`
    : undefined;
}

/** When a file changed, and how long it is, as `6592a5b0-3`. */
export function entityTag(sys: Sys, path: string, seconds: (at: number) => number): string {
  const stat = sys.files.stat(path)!;
  return `"${seconds(stat.modifiedAt).toString(16)}-${stat.sizeBytes.toString(16)}"`;
}
