// An answer over a connection that stays HTTP: whole, or in chunks.

import { Buffer } from 'node:buffer';
import type { ServerResponse } from 'node:http';
import type { AnswerHead, ApiAnswer, OutputChunk } from '@netreel/docker-api';
import type { CallListener } from './door.js';
import { encodeFrame } from './frame.js';
import { PING_HEADERS } from './versions.js';

/** A client that does not read what it asked for is hung up on once this much waits for it. */
export const UNREAD_BYTES_MAX = 64 * 1024 * 1024;

const JSON_TYPE = 'application/json';

export class HttpAnswer implements CallListener {
  private framed = false;

  constructor(private readonly response: ServerResponse, private readonly path: string) {}

  begun({ status, framing, type }: AnswerHead): void {
    this.framed = framing === 'frames';
    this.response.writeHead(status, type === '' ? {} : { 'Content-Type': type });
    this.response.flushHeaders();
  }

  piece(chunk: OutputChunk): void {
    const { response } = this;
    response.write(this.framed ? encodeFrame(chunk) : chunk.text);
    if (response.writableLength > UNREAD_BYTES_MAX) response.destroy();
  }

  answered(answer: ApiAnswer): void {
    const { response } = this;
    if (response.headersSent) {
      response.end(answer.body === null ? undefined : `${JSON.stringify(answer.body)}\n`);
      return;
    }
    const body = bytesOf(answer, this.response.req.method ?? '', this.path);
    const more = this.path === '/_ping' ? PING_HEADERS : {};
    response.writeHead(answer.status, { ...more, ...answer.headers, ...body.headers });
    response.end(response.req.method === 'HEAD' ? undefined : body.bytes);
  }

  lost(): void {
    this.response.destroy();
  }
}

/** What is sent of an answer that comes whole. */
export function bytesOf({ status, body, output, content }: ApiAnswer, method: string,
  path: string): { readonly bytes: Buffer; readonly headers: { readonly [name: string]: string | number } } {
  const sized = (bytes: Buffer, type: string) =>
    ({ bytes, headers: { 'Content-Type': type, 'Content-Length': bytes.length } });
  if (content !== undefined) return sized(Buffer.from(content.base64, 'base64'), content.type);
  if (path === '/_ping') return sized(Buffer.from(status === 200 ? 'OK' : ''), 'text/plain; charset=utf-8');
  if (output !== undefined && output.length > 0) {
    return sized(Buffer.from(output.map(({ text }) => text).join('')), JSON_TYPE);
  }
  // Whoever asked for a document gets one, though there is nothing to tell: `docker diff` reads null. Logs are none.
  const isDocument = body !== null || (method === 'GET' && status === 200 && !path.endsWith('/logs'));
  if (isDocument) return sized(Buffer.from(`${JSON.stringify(body)}\n`), JSON_TYPE);
  const bare = status === 204 || status === 304;
  return { bytes: Buffer.alloc(0), headers: bare ? {} : { 'Content-Length': 0 } };
}
