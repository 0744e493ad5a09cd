// nginx: serves the files of its root, logs each request, heeds its signals. Words of nginx 1.23.

import { type Operation } from '@netreel/sim';
import { formatAddress } from '@netreel/wire';
import { calendarAt, httpDate } from '../../calendar.js';
import type { Sys } from '../../contract.js';
import { serve } from '../service/serve.js';
import { logTime } from '../stream/log-time.js';
import { bytesOf } from '../stream/text-bytes.js';
import { type HttpReply, type HttpRequest, REASONS, contentType, entityTag, pathOfTarget, serveRequests,
  wantsToStay } from './server.js';

const WELCOME = '<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n</head>\n<body>\n' +
  '<h1>Welcome to nginx!</h1>\n</body>\n</html>\n';
const ROOT = '/usr/share/nginx/html';
const PID_FILE = '/var/run/nginx.pid';
const SIGNALS = { stop: 'SIGTERM', quit: 'SIGQUIT', reload: 'SIGHUP', reopen: 'SIGUSR1' } as const;
const DEFAULT_VERSION = '1.23.4';

export function* nginx(sys: Sys, argv: readonly string[]): Operation<number> {
  const version = sys.env.get('NGINX_VERSION') ?? DEFAULT_VERSION;
  let test = false;
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at]!;
    const value = argv[at + 1];
    if (word === '-v' || word === '-V') {
      sys.stderr(`nginx version: nginx/${version}\n`);
      return 0;
    }
    if (word === '-t' || word === '-T' || word === '-q') {
      test = true;
    } else if (word === '-s') {
      return signal(sys, value);
    } else if (['-g', '-c', '-p', '-e'].includes(word)) {
      if (value === undefined)
        return emergency(sys, `option "${word}" requires ${word === '-g' ? 'parameter' : 'file name'}`);
      at++;
    } else {
      return emergency(sys, `invalid option: "${word.replace(/^-(.).*$/, '$1')}"`);
    }
  }
  if (test) {
    sys.stderr('nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n'
      + 'nginx: configuration file /etc/nginx/nginx.conf test is successful\n');
    return 0;
  }
  sys.files.write(PID_FILE, `${sys.pid}\n`);
  const site = new Site(sys, version);
  return yield* serve(sys, { port: 80, answer: (text, socket) => site.answer(text, formatAddress(socket.remoteAddress)),
    refused: (reason) => `nginx: [emerg] bind() to 0.0.0.0:80 failed (98: ${reason})` },
  ['SIGQUIT', 'SIGTERM', 'SIGINT'], ['SIGHUP', 'SIGUSR1', 'SIGUSR2']);
}

function emergency(sys: Sys, text: string): number {
  sys.stderr(`nginx: ${text}\n`);
  return 1;
}

/** `nginx -s stop` asks the one that runs. */
function signal(sys: Sys, name: string | undefined): number {
  if (name === undefined) return emergency(sys, 'option "-s" requires parameter');
  const wanted = (SIGNALS as Readonly<Record<string, (typeof SIGNALS)[keyof typeof SIGNALS]>>)[name];
  if (wanted === undefined) return emergency(sys, `invalid option: "-s ${name}"`);
  const pid = Number((sys.files.read(PID_FILE) ?? '').trim());
  if (pid > 0 && sys.kill(pid, wanted)) return 0;
  sys.stderr(pid === 0 ? `nginx: [error] open() "${PID_FILE}" failed (2: No such file or directory)\n`
    : `nginx: [error] kill(${pid}, ${wanted === 'SIGTERM' ? 15 : 3}) failed (3: No such process)\n`);
  return 1;
}

class Site {
  constructor(private readonly sys: Sys, private readonly version: string) {}

  answer(text: string, client: string): { readonly reply: string; readonly rest: string; readonly close: boolean } {
    const malformed = (line: string): HttpReply => {
      this.log(client, line, 400);
      return { ...this.failure(400), close: true };
    };
    return serveRequests(text, (request) => {
      const reply = this.reply(request);
      this.log(client, request.line, reply.status);
      return reply;
    }, malformed, (status) => `HTTP/1.1 ${status} ${REASONS[status] ?? ''}`);
  }

  private log(client: string, line: string, status: number): void {
    this.sys.stdout(`${client} - - [${logTime(this.sys.now())}] "${line}" ${status}\n`);
  }

  private reply(request: HttpRequest): HttpReply {
    const stays = wantsToStay(request);
    const path = pathOfTarget(request.target);
    if (request.version === '1.1' && request.field('host') === undefined) return { ...this.failure(400), close: true };
    if (path === undefined) return this.failure(400, true);
    if (request.method !== 'GET' && request.method !== 'HEAD') return this.failure(405, !stays);
    const { files } = this.sys;
    if (files.stat(ROOT + path)?.kind === 'folder' && !path.endsWith('/')) {
      const host = request.field('host') ?? 'localhost';
      return this.failure(301, !stays, [['Location', `http://${host}${path}/`]]);
    }
    const name = path.endsWith('/') ? `${path}index.html` : path;
    const body = files.read(ROOT + name)
      ?? (name === '/index.html' && files.stat(ROOT) === undefined ? WELCOME : undefined);
    if (body === undefined) {
      return this.failure(path.endsWith('/') && files.stat(ROOT + path)?.kind === 'folder' ? 403 : 404, !stays);
    }
    const kept = files.stat(ROOT + name);
    const fields: (readonly [string, string])[] = [...this.head(contentType(name, 'application/octet-stream')),
      ['Content-Length', String(bytesOf(body).length)], ['Last-Modified', httpDate(kept?.modifiedAt ?? 0)],
      ['Connection', stays ? 'keep-alive' : 'close'],
      ...(kept === undefined ? []
        : [['ETag', entityTag(this.sys, ROOT + name, (at) => calendarAt(at).unixSeconds)] as const]),
      ['Accept-Ranges', 'bytes']];
    return { status: 200, fields, body, close: !stays };
  }

  private head(type: string): (readonly [string, string])[] {
    return [['Server', `nginx/${this.version}`], ['Date', httpDate(this.sys.now())], ['Content-Type', type]];
  }

  private failure(status: number, close = true, more: readonly (readonly [string, string])[] = []): HttpReply {
    const title = `${status} ${status === 405 ? 'Not Allowed' : REASONS[status]!}`;
    const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n`
      + `<hr><center>nginx/${this.version}</center>\r\n</body>\r\n</html>\r\n`;
    return { status, body, close, fields: [...this.head('text/html'), ['Content-Length', String(body.length)],
      ['Connection', close ? 'close' : 'keep-alive'], ...more] };
  }
}
