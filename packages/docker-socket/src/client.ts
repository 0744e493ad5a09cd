// The other side of a Docker socket: makes calls, hears answers in pieces, sends input.

import { type IncomingMessage, request as openRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { ApiAnswer, ApiRequest, OutputChunk } from '@netreel/docker-api';
import type { Json } from '@netreel/sim';
import { FrameReader } from './frame.js';

/** How the answer of a call comes in pieces. */
export interface HeardStreams {
  /** Pieces are bytes as they are; else each has its stream in front. */
  readonly bare: boolean;
  /** The connection is to carry input. */
  readonly duplex: boolean;
  readonly piece: (chunk: OutputChunk) => void;
}

/** A call that was sent. */
export interface SentCall {
  /** Kept once the engine has begun to answer. */
  readonly begun: Promise<void>;
  readonly answer: Promise<ApiAnswer>;
  given(bytes: Buffer): void;
  inputEnded(): void;
  hangUp(): void;
}

export class DockerClient {
  constructor(private readonly socketPath: string, private readonly apiVersion: string) {}

  send(asked: ApiRequest, streams?: HeardStreams): SentCall {
    const { method, path, query, body, content } = asked;
    const bytes = content !== undefined ? Buffer.from(content, 'base64')
      : body === null ? undefined : Buffer.from(JSON.stringify(body));
    const encoded = path.split('/').map(encodeURIComponent).join('/');
    const words = new URLSearchParams(query).toString();
    const headers: { [name: string]: string | number } = {};
    if (bytes !== undefined) {
      headers['Content-Type'] = content === undefined ? 'application/json' : 'application/x-tar';
      headers['Content-Length'] = bytes.length;
    }
    if (streams?.duplex === true) Object.assign(headers, { Connection: 'Upgrade', Upgrade: 'tcp' });
    const sent = openRequest({ socketPath: this.socketPath, method, headers, agent: false,
      path: `/v${this.apiVersion}${encoded}${words === '' ? '' : `?${words}`}` });
    const connection = new Promise<Duplex | undefined>((resolve) => {
      sent.on('upgrade', (_response, socket) => resolve(socket));
      sent.on('response', () => resolve(undefined));
      sent.on('error', () => resolve(undefined));
    });
    const answer = new Promise<ApiAnswer>((resolve, reject) => {
      sent.on('error', reject);
      sent.on('response', (response) => { wholeAnswer(response, streams).then(resolve, reject); });
      sent.on('upgrade', (_response, socket, head) => {
        const heard = new Hearing(streams!);
        heard.take(head);
        socket.on('data', (more: Buffer) => heard.take(more));
        socket.on('error', reject);
        socket.on('close', () => resolve({ status: 200, body: null, output: [] }));
      });
    });
    answer.catch(() => undefined);
    sent.end(bytes);
    return { begun: connection.then(() => undefined), answer,
      given: (more) => { void connection.then((socket) => socket?.write(more)); },
      inputEnded: () => { void connection.then((socket) => socket?.end()); },
      hangUp: () => sent.destroy() };
  }
}

/** Pieces out of bytes. */
class Hearing {
  private readonly frames = new FrameReader();
  private readonly decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };

  constructor(private readonly streams: HeardStreams) {}

  take(bytes: Buffer): void {
    const pieces = this.streams.bare ? [{ stream: 'stdout' as const, bytes }] : this.frames.take(bytes);
    for (const piece of pieces) {
      const text = this.decoders[piece.stream].write(piece.bytes);
      if (text !== '') this.streams.piece({ stream: piece.stream, text });
    }
  }
}

async function wholeAnswer(response: IncomingMessage, streams: HeardStreams | undefined): Promise<ApiAnswer> {
  const status = response.statusCode!;
  const held: Buffer[] = [];
  const heard = streams === undefined || status >= 400 ? undefined : new Hearing(streams);
  for await (const bytes of response as AsyncIterable<Buffer>) {
    if (heard === undefined) held.push(bytes);
    else heard.take(bytes);
  }
  const headers = Object.fromEntries(Object.entries(response.headers)
    .map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value ?? '']));
  const type = response.headers['content-type'] ?? '';
  if (/^application\/(x-)?(tar|octet-stream)/.test(type)) {
    return { status, body: null, headers, content: { type, base64: Buffer.concat(held).toString('base64') } };
  }
  const text = Buffer.concat(held).toString('utf8');
  return { status, headers, body: documentsIn(text), output: text === '' ? [] : [{ stream: 'stdout', text }] };
}

/** One document, or a list of those that stand one a line. */
function documentsIn(text: string): Json {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  try {
    return lines.length === 0 ? null : lines.length === 1 ? JSON.parse(lines[0]!) as Json
      : lines.map((line) => JSON.parse(line) as Json);
  } catch {
    return text;
  }
}
