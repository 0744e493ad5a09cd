// An answer that takes the connection over: attach and exec start. Bytes go both ways, and each way ends by itself.

import type { Duplex } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { AnswerHead, ApiAnswer, OutputChunk } from '@netreel/docker-api';
import { UNREAD_BYTES_MAX, bytesOf } from './answer.js';
import type { CallListener, OpenedCall } from './door.js';
import { encodeFrame } from './frame.js';

/** Input is taken in no larger pieces than that, so that no single record holds all of a file. */
const INPUT_CHARS_MAX = 64 * 1024;

export class HijackedAnswer implements CallListener {
  private framed = false;
  private begunAlready = false;
  private over = false;

  /** `upgrade`: the client asked for it in HTTP's words, and is told so. */
  constructor(private readonly connection: Duplex, private readonly headers: { readonly [name: string]: string },
    private readonly upgrade: boolean) {}

  /** What the client sends goes into its call. `early` came together with the request. */
  listenFor(call: OpenedCall, early: Buffer): void {
    const { connection } = this;
    const decoder = new StringDecoder('utf8');
    const give = (text: string): void => {
      for (let at = 0; at < text.length; at += INPUT_CHARS_MAX) call.given(text.slice(at, at + INPUT_CHARS_MAX));
    };
    if (early.length > 0) give(decoder.write(early));
    connection.on('data', (bytes: Buffer) => { if (!this.over) give(decoder.write(bytes)); });
    connection.on('end', () => {
      if (this.over) return;
      give(decoder.end());
      call.inputEnded();
    });
    connection.on('close', () => {
      if (!this.over) call.abandon();
      this.over = true;
    });
    connection.on('error', () => connection.destroy());
    connection.resume();
  }

  begun({ framing, type }: AnswerHead): void {
    this.begunAlready = true;
    this.framed = framing === 'frames';
    const status = this.upgrade ? '101 UPGRADED' : '200 OK';
    const upgrade = this.upgrade ? { Connection: 'Upgrade', Upgrade: 'tcp' } : {};
    this.connection.write(headText(status, { 'Content-Type': type, ...upgrade, ...this.headers }));
  }

  piece(chunk: OutputChunk): void {
    if (this.over) return;
    this.connection.write(this.framed ? encodeFrame(chunk) : chunk.text);
    if (this.connection.writableLength > UNREAD_BYTES_MAX) this.connection.destroy();
  }

  answered(answer: ApiAnswer): void {
    this.over = true;
    if (!this.begunAlready) {
      // Refused before it began: an answer as any other, and the last on this connection.
      const { bytes, headers } = bytesOf(answer, 'POST', '');
      this.connection.write(headText(`${answer.status} ${reason(answer.status)}`,
        { ...this.headers, ...headers, Connection: 'close' }));
      this.connection.write(bytes);
    }
    this.connection.end();
    // A client that never closes its own side would hold the connection for good.
    this.connection.resume();
  }

  lost(): void {
    this.over = true;
    this.connection.destroy();
  }
}

function headText(status: string, headers: { readonly [name: string]: string | number }): string {
  const lines = Object.entries(headers).filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`;
}

const REASONS: ReadonlyMap<number, string> = new Map([[200, 'OK'], [304, 'Not Modified'], [400, 'Bad Request'],
  [403, 'Forbidden'], [404, 'Not Found'], [409, 'Conflict'], [500, 'Internal Server Error'],
  [501, 'Not Implemented'], [503, 'Service Unavailable']]);

function reason(status: number): string {
  return REASONS.get(status) ?? 'Error';
}
