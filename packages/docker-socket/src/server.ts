// A Docker socket: listens, reads requests, hands them to an engine and its answers back.

import { chmodSync, rmSync } from 'node:fs';
import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { AddressInfo, Socket } from 'node:net';
import type { ApiRequest } from '@netreel/docker-api';
import { HttpAnswer } from './answer.js';
import { type Body, type BodyFlaw, bodyOf, readBody } from './body.js';
import type { EngineDoor } from './door.js';
import { HijackedAnswer } from './hijack.js';
import { type Target, readTarget } from './target.js';
import { engineHeaders } from './versions.js';

/** Where a socket is: a path, or a port. Beyond loopback a port is for clients with a certificate only. */
export type Place =
  | { readonly path: string }
  | { readonly host: string; readonly port: number; readonly tls?: TlsFiles };

/** PEM texts. */
export interface TlsFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const SOCKET_MODE = 0o660;
/** As much as Go's server takes. */
const HEADERS_BYTES_MAX = 1024 * 1024;
const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'];
/** What takes the connection over. */
const HIJACKS = /^\/(containers\/[^/]+\/attach|exec\/[^/]+\/start)$/;

export class DockerSocket {
  private readonly connections = new Set<Socket>();
  private readonly headers: { readonly [name: string]: string };

  private constructor(private readonly server: Server, private readonly place: Place, private readonly door: EngineDoor,
    private readonly apiVersion: string) {
    this.headers = engineHeaders(apiVersion);
  }

  static async listen(place: Place, door: EngineDoor, apiVersion: string): Promise<DockerSocket> {
    const settings = { maxHeaderSize: HEADERS_BYTES_MAX, requestTimeout: 0, keepAliveTimeout: 0 };
    const server = 'tls' in place && place.tls !== undefined
      ? createTlsServer({ ...settings, ...place.tls, requestCert: true, rejectUnauthorized: true })
      : createServer(settings);
    const socket = new DockerSocket(server, place, door, apiVersion);
    socket.attend();
    await socket.open();
    return socket;
  }

  /** The port, when it listens on one. */
  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Hangs up on everybody and goes. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => { this.server.close(() => resolve()); });
    this.hangUp();
    await closed;
    if ('path' in this.place) rmSync(this.place.path, { force: true });
  }

  /** Ends all connections, and goes on listening. */
  hangUp(): void {
    for (const connection of this.connections) connection.destroy();
  }

  private attend(): void {
    const { server } = this;
    server.on('connection', (connection: Socket) => {
      this.connections.add(connection);
      connection.on('close', () => this.connections.delete(connection));
    });
    server.on('request', (request, response) => { void this.answer(request, response); });
    server.on('upgrade', (request, connection, head) => { this.upgrade(request, connection, head); });
    // A body that is waited for may come.
    server.on('checkContinue', (request, response) => {
      response.writeContinue();
      void this.answer(request, response);
    });
    server.on('clientError', (error: NodeJS.ErrnoException, connection: Duplex) => refuseBadly(error, connection));
  }

  private async open(): Promise<void> {
    const { place, server } = this;
    if ('path' in place) rmSync(place.path, { force: true });
    // Never open to others, not even for a moment.
    const mask = process.umask(0o777 & ~SOCKET_MODE);
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen('path' in place ? place.path : { host: place.host, port: place.port }, () => {
          server.removeListener('error', reject);
          resolve();
        });
      });
    } finally {
      process.umask(mask);
    }
    if ('path' in place) chmodSync(place.path, SOCKET_MODE);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(this.headers)) response.setHeader(name, value);
    const target = this.targetOf(request, response);
    if (target === undefined) return;
    const answer = new HttpAnswer(response, target.path);
    const hijacks = request.method === 'POST' && HIJACKS.test(target.path);
    if (hijacks && target.path.startsWith('/containers/')) {
      // The old way: no word of an upgrade. The body is input all the same; the answer ends with the connection.
      this.takeOver(request, response, target);
      return;
    }
    const body = await readBody(request, target.path);
    if (body === undefined) return;
    if (isFlaw(body)) {
      answer.answered({ status: body.status, body: { message: body.message } });
      return;
    }
    if (hijacks) response.shouldKeepAlive = false;
    const call = this.door.call(requestOf(request, target, body), answer);
    response.on('close', () => { if (!response.writableFinished) call.abandon(); });
    response.on('error', () => response.destroy());
  }

  private targetOf(request: IncomingMessage, response: ServerResponse): Target | undefined {
    const target = readTarget(request.url!, this.apiVersion);
    if (!('status' in target)) {
      if (METHODS.includes(request.method!)) return target;
      new HttpAnswer(response, '').answered({ status: 404, body: { message: 'page not found' } });
    } else if (target.status === 301) {
      response.writeHead(301, { Location: target.location, 'Content-Length': 0 });
      response.end();
    } else {
      new HttpAnswer(response, '').answered({ status: target.status, body: { message: target.message } });
    }
    request.resume();
    return undefined;
  }

  private takeOver(request: IncomingMessage, response: ServerResponse, target: Target): void {
    response.shouldKeepAlive = false;
    response.useChunkedEncodingByDefault = false;
    const answer = new HttpAnswer(response, target.path);
    const call = this.door.call(requestOf(request, target, { body: null }), answer);
    request.setEncoding('utf8');
    request.on('data', (text: string) => call.given(text));
    const framed = ['transfer-encoding', 'content-length'].some((name) => request.headers[name] !== undefined);
    // Without a framed body the client may still send, or only listen: its input is open until it goes.
    request.on('end', () => { if (framed) call.inputEnded(); });
    response.on('close', () => { if (!response.writableFinished) call.abandon(); });
    response.on('error', () => response.destroy());
  }

  private upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    const answer = new HijackedAnswer(connection, this.headers, true);
    const target = readTarget(request.url!, this.apiVersion);
    connection.on('error', () => connection.destroy());
    if ('status' in target || !HIJACKS.test(target.path) || request.method !== 'POST') {
      const message = 'status' in target && target.status === 400 ? target.message : 'page not found';
      answer.answered({ status: 'status' in target && target.status === 400 ? 400 : 404, body: { message } });
      return;
    }
    readAhead(connection, head, Number(request.headers['content-length'] ?? 0), (bytes, rest) => {
      const body = bodyOf(bytes, request.headers['content-type'] ?? '', false);
      if (isFlaw(body)) {
        answer.answered({ status: body.status, body: { message: body.message } });
        return;
      }
      answer.listenFor(this.door.call(requestOf(request, target, body), answer), rest);
    });
  }
}

/** The body of a request that asked for an upgrade lies before the stream itself. */
function readAhead(connection: Duplex, head: Buffer, size: number, done: (body: Buffer, rest: Buffer) => void): void {
  if (!(size >= 0 && size <= HEADERS_BYTES_MAX)) {
    connection.destroy();
    return;
  }
  let held = head;
  const whole = (): boolean => {
    if (held.length < size) return false;
    connection.removeListener('data', more);
    done(held.subarray(0, size), held.subarray(size));
    return true;
  };
  const more = (bytes: Buffer): void => {
    held = Buffer.concat([held, bytes]);
    whole();
  };
  if (whole()) return;
  connection.on('data', more);
  connection.on('end', () => { if (held.length < size) connection.destroy(); });
}

function requestOf(request: IncomingMessage, target: Target, body: Body): ApiRequest {
  const { path, query, version, repeated } = target;
  return { method: request.method as ApiRequest['method'], path, query, ...body,
    ...(version === '' ? {} : { version }), ...(Object.keys(repeated).length === 0 ? {} : { repeated }) };
}

function isFlaw(body: Body | BodyFlaw): body is BodyFlaw {
  return 'status' in body;
}

/** What is no HTTP gets the plain words that Go's server has for it. */
function refuseBadly(error: NodeJS.ErrnoException, connection: Duplex): void {
  if (error.code === 'ECONNRESET' || !connection.writable) {
    connection.destroy();
    return;
  }
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const text = `${status} ${STATUS_CODES[status]}`;
  connection.end(`HTTP/1.1 ${text}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${text}`);
}
