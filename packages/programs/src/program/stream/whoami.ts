// A web server that answers any request with the address that it came from.

import { formatAddress } from '@netreel/wire';
import type { Program } from '../../contract.js';
import { type Answer, serve } from '../service/serve.js';

/** On port 80, until it is told to stop. */
export const whoami: Program = (sys) => serve(sys, {
  port: 80,
  answer: (text, socket) => answers(text, `${formatAddress(socket.remoteAddress)}\n`),
  refused: (reason) => `whoami: bind: ${reason}`,
}, ['SIGTERM', 'SIGINT']);

/** Takes whole requests off the front of `text`, whatever they ask for, and answers each with the same body. */
function answers(text: string, body: string): Answer {
  let reply = '';
  let rest = text;
  for (;;) {
    const cut = /\r?\n\r?\n/.exec(rest);
    if (cut === null) return { reply, rest, close: false };
    const head = rest.slice(0, cut.index);
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    const next = cut.index + cut[0].length + length;
    if (rest.length < next) return { reply, rest, close: false };
    rest = rest.slice(next);
    const close = /^connection: *close/im.test(head) || !/ HTTP\/1\.1\r?$/m.test(head);
    reply += `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nConnection: ${close ? 'close' : 'keep-alive'}` +
      `\r\n\r\n${head.startsWith('HEAD ') ? '' : body}`;
    if (close) return { reply, rest, close };
  }
}
