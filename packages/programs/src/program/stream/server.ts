// Servers that images start with: nginx and httpd (pages), redis-server (PONG), mysqld (a greeting). Each stays until
// it is told to stop.

import type { TcpSocket } from '@netreel/kernel';
import { NEVER, type Operation } from '@netreel/sim';
import { formatAddress } from '@netreel/wire';
import type { Program, Signal, Sys } from '../../contract.js';
import { absolutePath } from '../../files.js';
import { errorText, parseOptions, usage } from '../../usage.js';
import { type HttpPage, answerRequests, errorPage } from './http.js';
import { logTime } from './log-time.js';
import { TextReader, bytesOf } from './text-bytes.js';

/** What to send back, what is left for later, whether the conversation ends. */
export interface Answer { readonly reply: string; readonly rest: string; readonly close: boolean }

export interface Service {
  readonly port: number;
  readonly greeting?: string;
  readonly answer: (text: string, socket: TcpSocket) => Answer;
  /** What it says when it cannot have the port; images send their logs to standard output. */
  readonly refused: (reason: string) => string;
}

class Conversation {
  text = '';
  readonly reader = new TextReader();
  constructor(readonly socket: TcpSocket) {}
}

const BACKLOG = 511;

/** Serves until one of the signals comes. */
export function* serve(sys: Sys, service: Service, stopSignals: readonly Signal[]): Operation<number> {
  let stopped = false;
  for (const signal of stopSignals) sys.catchSignal(signal, () => { stopped = true; });
  const listener = sys.tcpListener();
  const refused = listener.bind(0, service.port) ?? listener.listen(BACKLOG);
  if (refused !== undefined) {
    sys.stdout(`${service.refused(errorText(refused))}\n`);
    return 1;
  }
  const open = new Set<Conversation>();
  while (!stopped) {
    yield* sys.waitReadable([listener, ...[...open].map(({ socket }) => socket)], NEVER);
    for (let socket = listener.accept(); socket !== undefined; socket = listener.accept()) {
      open.add(new Conversation(sys.own(socket)));
      if (service.greeting !== undefined) socket.send(bytesOf(service.greeting));
    }
    // With its namespace gone there is nobody left to serve.
    if (listener.takeError() !== undefined) return 1;
    for (const conversation of open) {
      if (!conversation.socket.readable() || !converse(conversation, service)) continue;
      conversation.socket.close();
      sys.disown(conversation.socket);
      open.delete(conversation);
    }
  }
  return 0;
}

/** Reads what came and answers; true at the end. Answers are small beside a send buffer. */
function converse(conversation: Conversation, service: Service): boolean {
  const { socket, reader } = conversation;
  for (;;) {
    const piece = socket.receive();
    if (piece === undefined) return socket.takeError() !== undefined;
    if (piece.length === 0) return true;
    const { reply, rest, close } = service.answer(conversation.text + reader.read(piece), socket);
    conversation.text = rest;
    if (reply !== '' && typeof socket.send(bytesOf(reply)) === 'string') return true;
    if (close) return true;
  }
}

const NGINX_PAGE = '<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n</head>\n<body>\n' +
  '<h1>Welcome to nginx!</h1>\n</body>\n</html>\n';
const NGINX_ROOT = '/usr/share/nginx/html';

export function* nginx(sys: Sys): Operation<number> {
  const find = (path: string): HttpPage => {
    const name = path.endsWith('/') ? `${path}index.html` : path;
    const body = sys.files.read(NGINX_ROOT + name) ?? (name === '/index.html' ? NGINX_PAGE : undefined);
    return body === undefined ? { status: 404, body: errorPage(404) } : { status: 200, body };
  };
  const answer = (text: string, socket: TcpSocket): Answer =>
    answerRequests(text, 'nginx/1.23.4', find, (line, status) => {
      sys.stdout(`${formatAddress(socket.remoteAddress)} - - [${logTime(sys.now())}] "${line}" ${status}\n`);
    });
  return yield* serve(sys, { port: 80, answer,
    refused: (reason) => `nginx: [emerg] bind() to 0.0.0.0:80 failed (98: ${reason})` },
  ['SIGQUIT', 'SIGTERM', 'SIGINT']);
}

/** httpd of busybox, in the foreground: the files of one directory. */
export function* httpd(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = parseOptions(argv, 'fv', 'ph');
  if (typeof parsed === 'string') {
    sys.stderr(`httpd: ${parsed}\n`);
    return usage(sys, 'httpd [-fv] [-p PORT] [-h HOME]');
  }
  const root = absolutePath(sys.cwd, parsed.values.get('h') ?? '.');
  const find = (path: string): HttpPage => {
    const name = path.endsWith('/') ? `${path}index.html` : path;
    const body = /(^|\/)\.\.(\/|$)/.test(name) ? undefined : sys.files.read(absolutePath(root, `.${name}`));
    return body === undefined ? { status: 404, body: errorPage(404) } : { status: 200, body };
  };
  return yield* serve(sys, { port: Number(parsed.values.get('p') ?? 80),
    answer: (text) => answerRequests(text, 'httpd', find), refused: (reason) => `httpd: bind: ${reason}` },
  ['SIGTERM', 'SIGINT']);
}

/** One command a line, or as an array of bulk strings (RESP). */
function answerRedis(text: string): Answer {
  let reply = '';
  const lines = text.split('\r\n').join('\n').split('\n');
  const rest = lines.pop()!;
  for (const line of lines) {
    // The words of a RESP array come on lines of their own, each after its length.
    if (line === '' || /^[*$]\d+$/.test(line)) continue;
    const [command] = line.trim().split(/\s+/);
    if (/^ping$/i.test(command!)) reply += '+PONG\r\n';
    else if (/^quit$/i.test(command!)) return { reply: `${reply}+OK\r\n`, rest: '', close: true };
    else reply += `-ERR unknown command '${command!}'\r\n`;
  }
  return { reply, rest, close: false };
}

export const redisServer: Program = (sys) => serve(sys, { port: 6379, answer: answerRedis,
  refused: (reason) => `Could not create server TCP listening socket *:6379: bind: ${reason}` },
['SIGTERM', 'SIGINT']);

export const mysqld: Program = (sys) => serve(sys, { port: 3306, greeting: 'mysql 5.7.8\n',
  answer: () => ({ reply: '', rest: '', close: false }),
  refused: (reason) => `Can't start server: Bind on TCP/IP port: ${reason}` }, ['SIGTERM']);
