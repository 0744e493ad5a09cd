// wget of busybox 1.35: one file over HTTP. Texts of the cases that fetch pages, and of busybox where no case has them.

import { type Operation, SECOND } from '@netreel/sim';
import { formatIpv4 } from '@netreel/wire';
import type { Sys } from '../../contract.js';
import { resolve } from '../../dns/resolver.js';
import { absolutePath } from '../../files.js';
import { errorText, parseOptions, usage } from '../../usage.js';
import { type HttpAnswer, parseAddress, request } from './http.js';
import { connectTo } from './stream.js';

const TIMEOUT_SECONDS = 900;

export function* wget(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = parseOptions(argv, 'cqS', 'OTU');
  if (typeof parsed === 'string') sys.stderr(`wget: ${parsed}\n`);
  const url = typeof parsed === 'string' ? undefined : parsed.rest[0];
  if (typeof parsed === 'string' || url === undefined) return usage(sys, 'wget [-cqS] [-O FILE] [-T SEC] URL...');
  const { flags, values } = parsed;
  const fail = (text: string): number => {
    sys.stderr(`wget: ${text}\n`);
    return 1;
  };
  const address = parseAddress(url);
  if (address === undefined) return fail(`not an http or ftp url: ${url}`);
  const seconds = Number(values.get('T') ?? TIMEOUT_SECONDS);
  const deadline = (): number => sys.now() + seconds * SECOND;
  const found = yield* resolve(sys, address.host);
  if (!found.ok) return fail(`bad address '${address.host}'`);
  const shown = formatIpv4(found.addresses[0]!);
  if (!flags.has('q')) sys.stderr(`Connecting to ${address.named} (${shown}:${address.port})\n`);
  const socket = yield* connectTo(sys, found.addresses[0]!, address.port, deadline());
  if (socket === 'timeout') return fail('download timed out');
  if (typeof socket === 'string') return fail(`can't connect to remote host (${shown}): ${errorText(socket)}`);
  const answer = yield* request(sys, socket, [`GET ${address.path} HTTP/1.1`, `Host: ${address.named}`,
    `User-Agent: ${values.get('U') ?? 'Wget'}`, 'Connection: close'], deadline);
  socket.close();
  if (answer === 'timeout') return fail('download timed out');
  if (answer === 'malformed') return fail('error getting response');
  if (typeof answer === 'string') return fail(`error getting response: ${errorText(answer)}`);
  if (flags.has('S')) sys.stderr(`${answer.head.split('\r\n').map((line) => `  ${line}`).join('\n')}\n`);
  if (answer.status !== 200) return fail(`server returned error: ${answer.statusLine}`);
  return save(sys, answer, values.get('O') ?? fileName(address.path), flags.has('q'));
}

function fileName(path: string): string {
  const name = path.split('?')[0]!.split('/').pop()!;
  return name === '' ? 'index.html' : name;
}

function save(sys: Sys, answer: HttpAnswer, name: string, quiet: boolean): number {
  const piped = name === '-';
  if (!quiet) sys.stderr(piped ? 'writing to stdout\n' : `saving to '${name}'\n`);
  if (piped) {
    sys.stdout(answer.body);
  } else {
    const refused = sys.files.write(absolutePath(sys.cwd, name), answer.body);
    if (refused !== undefined) {
      sys.stderr(`wget: can't open '${name}': ${refused}\n`);
      return 1;
    }
  }
  if (!quiet) sys.stderr(piped ? 'written to stdout\n' : `'${name}' saved\n`);
  return 0;
}
