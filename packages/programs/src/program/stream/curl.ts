// curl, in small: -s (quiet), -S (but tell errors), -o FILE, -I (head only), -m SECONDS. Words of curl 7.88.

import { NEVER, type Operation, SECOND } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { resolve } from '../../dns/resolver.js';
import { absolutePath } from '../../files.js';
import { parseOptions } from '../../usage.js';
import { parseAddress, request } from './http.js';
import { connectTo } from './stream.js';

/** Exit statuses of curl(1). */
const EXIT = { usage: 2, scheme: 1, resolve: 6, connect: 7, write: 23, timeout: 28, empty: 52, receive: 56 } as const;

export function* curl(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = parseOptions(argv, 'sSI', 'om');
  const url = typeof parsed === 'string' ? undefined : parsed.rest[0];
  if (typeof parsed === 'string' || url === undefined) {
    sys.stderr("curl: try 'curl --help' or 'curl --manual' for more information\n");
    return EXIT.usage;
  }
  const { flags, values } = parsed;
  const fail = (status: number, text: string): number => {
    if (!flags.has('s') || flags.has('S')) sys.stderr(`curl: (${status}) ${text}\n`);
    return status;
  };
  const address = parseAddress(url);
  if (address === undefined) {
    return fail(EXIT.scheme, `Protocol "${url.split(':')[0]!}" not supported or disabled in libcurl`);
  }
  const begun = sys.now();
  const until = values.has('m') ? begun + Number(values.get('m')) * SECOND : NEVER;
  const elapsed = (): string => `${Math.floor((sys.now() - begun) * 1000 / SECOND)}`;
  const found = yield* resolve(sys, address.host);
  if (!found.ok) return fail(EXIT.resolve, `Could not resolve host: ${address.host}`);
  const socket = yield* connectTo(sys, found.addresses[0]!, address.port, until);
  if (socket === 'timeout') return fail(EXIT.timeout, `Connection timed out after ${elapsed()} milliseconds`);
  if (typeof socket === 'string') {
    return fail(EXIT.connect,
      `Failed to connect to ${address.host} port ${address.port} after ${elapsed()} ms: Couldn't connect to server`);
  }
  const answer = yield* request(sys, socket, [`${flags.has('I') ? 'HEAD' : 'GET'} ${address.path} HTTP/1.1`,
    `Host: ${address.named}`, 'User-Agent: curl/7.88.1', 'Accept: */*'], () => until);
  socket.close();
  if (answer === 'timeout') return fail(EXIT.timeout, `Operation timed out after ${elapsed()} milliseconds`);
  if (answer === 'malformed') return fail(EXIT.empty, 'Empty reply from server');
  if (typeof answer === 'string') return fail(EXIT.receive, 'Recv failure: Connection reset by peer');
  const text = flags.has('I') ? `${answer.head}\r\n\r\n` : answer.body;
  const name = values.get('o');
  if (name === undefined || name === '-') sys.stdout(text);
  else if (sys.files.write(absolutePath(sys.cwd, name), text) !== undefined) {
    return fail(EXIT.write, 'Failure writing output to destination');
  }
  return 0;
}
