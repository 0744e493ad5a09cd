import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiRequest } from '@netreel/docker-api';
import type { CallListener, EngineDoor } from './door.js';
import { DockerSocket } from './server.js';

/** An engine of make-believe: notes what comes in, and answers by a function. */
class Script implements EngineDoor {
  readonly requests: ApiRequest[] = [];
  readonly log: string[] = [];
  constructor(private readonly answer: (request: ApiRequest, listener: CallListener) => void) {}
  call(asked: ApiRequest, listener: CallListener) {
    this.requests.push(asked);
    setImmediate(() => this.answer(asked, listener));
    return {
      given: (text: string) => {
        this.log.push(`given ${text}`);
        if (text === 'echo\n') setImmediate(() => listener.piece({ stream: 'stdout', text }));
      },
      inputEnded: () => {
        this.log.push('ended');
        setImmediate(() => listener.answered({ status: 200, body: null }));
      },
      abandon: () => { this.log.push('abandoned'); },
    };
  }
}

const folder = mkdtempSync(join(tmpdir(), 'netreel-socket-'));
afterAll(() => rmSync(folder, { recursive: true }));
let opened = 0;
const open: DockerSocket[] = [];
afterEach(async () => { for (const socket of open.splice(0)) await socket.close(); });

async function listen(door: EngineDoor): Promise<string> {
  const path = join(folder, `${++opened}.sock`);
  open.push(await DockerSocket.listen({ path }, door, '1.41'));
  return path;
}

interface Reply {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

function send(socketPath: string, method: string, path: string, body?: string | Buffer,
  headers: { [name: string]: string } = { 'Content-Type': 'application/json' }): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, method, path, headers: body === undefined ? {} : headers }, (response) => {
      let text = '';
      response.on('data', (bytes: Buffer) => { text += bytes.toString('latin1'); });
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    });
    asked.on('error', reject);
    // The server may hang up while the client's end is still being told.
    asked.on('socket', (socket) => socket.on('error', () => undefined));
    asked.end(body);
  });
}

/** All that comes back for bytes as they are; with `ends` the client closes its side at once. */
function raw(path: string, bytes: string, ends: boolean): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ path, allowHalfOpen: true });
    let text = '';
    socket.on('data', (more) => { text += more.toString('latin1'); });
    socket.on('error', () => resolve(text));
    socket.on('end', () => { socket.end(); resolve(text); });
    socket.write(bytes);
    if (ends) socket.end();
  });
}

const EXEC = (body: string, more = ''): string => 'POST /v1.41/exec/e/start HTTP/1.1\r\nHost: docker\r\n' +
  `Connection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n` +
  body + more;

const streams = (framing: 'frames' | 'bytes') => (_request: ApiRequest, listener: CallListener): void =>
  listener.begun({ status: 200, framing, duplex: true, type: 'application/vnd.docker.raw-stream' });

describe('a Docker socket', () => {
  it('is nobody else\'s, and gone when it is closed', async () => {
    const path = await listen(new Script(() => undefined));
    expect(statSync(path).mode & 0o777).toBe(0o660);
    await open.pop()!.close();
    expect(() => statSync(path)).toThrow();
  });

  it('answers with Docker\'s headers and a document that ends in a newline', async () => {
    const path = await listen(new Script((_, listener) => listener.answered({ status: 200, body: [] })));
    const reply = await send(path, 'GET', '/v1.24/containers/json?all=1');
    expect(reply).toMatchObject({ status: 200, text: '[]\n', headers: { 'api-version': '1.41', 'ostype': 'linux',
      'content-type': 'application/json', 'server': 'Docker/20.10.24 (linux)' } });
  });

  it('sends pieces as they come, and the document at their end', async () => {
    const path = await listen(new Script((_, listener) => {
      listener.begun({ status: 200, framing: 'bytes', duplex: false, type: 'application/json' });
      listener.piece({ stream: 'stdout', text: '{"a":1}\n' });
      listener.answered({ status: 200, body: { b: 2 } });
    }));
    expect(await send(path, 'GET', '/events')).toMatchObject({ text: '{"a":1}\n{"b":2}\n',
      headers: { 'transfer-encoding': 'chunked' } });
  });

  it('takes archives as they are, and documents as JSON only', async () => {
    const script = new Script((_, listener) => listener.answered({ status: 200, body: null }));
    const path = await listen(script);
    const bytes = Buffer.from([0, 255, 128]);
    await send(path, 'PUT', '/containers/c/archive?path=/', bytes, { 'Content-Type': 'application/x-tar' });
    expect(script.requests[0]).toMatchObject({ content: bytes.toString('base64'), body: null });
    const refusals = [await send(path, 'POST', '/containers/create', '{"a": tru}'),
      await send(path, 'POST', '/containers/create', '{"a": '),
      await send(path, 'POST', '/containers/create', 'x', { 'Content-Type': 'text/plain' })];
    expect(refusals.map(({ status, text }) => `${status} ${(JSON.parse(text) as { message: string }).message}`))
      .toEqual(["400 invalid character '}' in literal true (expecting 'e')", '400 unexpected EOF',
        "400 Content-Type specified (text/plain) must be 'application/json'"]);
    expect(script.requests).toHaveLength(1);
  });

  it('refuses a document beyond measure without keeping it', async () => {
    const path = await listen(new Script(() => undefined));
    const reply = await send(path, 'POST', '/containers/create', Buffer.alloc(17 * 1024 * 1024, 0x20));
    expect(reply.status).toBe(413);
  });

  it('has no page for verbs and upgrades that Docker does not know', async () => {
    const script = new Script(() => undefined);
    const path = await listen(script);
    expect(await send(path, 'PATCH', '/info')).toMatchObject({ status: 404, text: '{"message":"page not found"}\n' });
    expect(await raw(path, 'GET /info HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n', false))
      .toMatch(/^HTTP\/1.1 404 Not Found\r\n/);
    expect(script.requests).toEqual([]);
  });

  it('says plainly of what is no HTTP that it is not', async () => {
    const path = await listen(new Script(() => undefined));
    expect(await raw(path, 'hello\r\n\r\n', false)).toMatch(/^HTTP\/1.1 400 Bad Request\r\n.*400 Bad Request$/s);
    expect(await raw(path, `GET / HTTP/1.1\r\nHost: d\r\nX: ${'x'.repeat(1_100_000)}\r\n\r\n`, false))
      .toMatch(/^HTTP\/1.1 431 /);
  });

  it('lets a client wait for leave to send its body', async () => {
    const script = new Script((_, listener) => listener.answered({ status: 200, body: null }));
    const path = await listen(script);
    const socket = connect(path);
    const heard: string[] = [];
    const done = new Promise<void>((resolve) => socket.on('data', (bytes) => {
      heard.push(bytes.toString().split('\r\n')[0]!);
      if (heard.length === 1) socket.write('{"a":1}');
      else resolve();
    }));
    socket.write('POST /containers/create HTTP/1.1\r\nHost: d\r\nExpect: 100-continue\r\n' +
      'Content-Type: application/json\r\nContent-Length: 7\r\n\r\n');
    await done;
    socket.destroy();
    expect(heard).toEqual(['HTTP/1.1 100 Continue', 'HTTP/1.1 200 OK']);
    expect(script.requests[0]!.body).toEqual({ a: 1 });
  });
});

describe('a connection that is taken over', () => {
  it('goes both ways, and ends when the client has no more to say', async () => {
    const script = new Script(streams('frames'));
    const path = await listen(script);
    const text = await raw(path, EXEC('{"Tty":false}', 'echo\n'), true);
    expect(text).toMatch(/^HTTP\/1.1 101 UPGRADED\r\nContent-Type: application\/vnd.docker.raw-stream\r\n/);
    expect(text.slice(text.indexOf('\r\n\r\n') + 4)).toBe('\x01\0\0\0\0\0\0\x05echo\n');
    expect(script.requests[0]!.body).toEqual({ Tty: false });
    expect(script.log).toEqual(['given echo\n', 'ended']);
  });

  it('gives a terminal its bytes as they are', async () => {
    const text = await raw(await listen(new Script(streams('bytes'))), EXEC('{}', 'echo\n'), true);
    expect(text.slice(text.indexOf('\r\n\r\n') + 4)).toBe('echo\n');
  });

  it('is answered as ever when the engine refuses', async () => {
    const path = await listen(new Script((_, listener) => listener.answered({ status: 404, body: { message: 'no' } })));
    expect(await raw(path, EXEC('{}'), false)).toMatch(/^HTTP\/1.1 404 Not Found\r\n.*\r\n\r\n\{"message":"no"\}\n$/s);
  });

  it('is abandoned when its client goes away', async () => {
    const script = new Script(streams('bytes'));
    const path = await listen(script);
    const socket: Socket = connect(path);
    await new Promise<void>((resolve) => {
      socket.on('data', () => resolve());
      socket.write(EXEC('{}'));
    });
    socket.destroy();
    for (let look = 0; look < 100 && !script.log.includes('abandoned') && !script.log.includes('ended'); look++) {
      await new Promise((resolve) => { setTimeout(resolve, 5); });
    }
    expect(script.log.length).toBeGreaterThan(0);
  });
});
