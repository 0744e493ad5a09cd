// curl: transfers over HTTP. Words and exit statuses of curl 7.88.

import { type Operation, SECOND } from '@netreel/sim';
import type { Sys } from '../../../contract.js';
import { absolutePath } from '../../../files.js';
import { makeFolders } from '../../files/tree.js';
import { readFile } from '../../text/input.js';
import { type CurlOptions, HELP, VERSION, readCurlOptions } from './options.js';
import { formatReport } from './report.js';
import { EXIT, Transfer } from './transfer.js';

const TRY = "curl: try 'curl --help' or 'curl --manual' for more information\n";
/** The first pause before another try; it doubles each time. */
const RETRY_SECONDS = 1;
const RETRY_SECONDS_MAX = 600;

export function* curl(sys: Sys, argv: readonly string[]): Operation<number> {
  const options = readCurlOptions(argv);
  if (typeof options === 'string') {
    sys.stderr(`curl: ${options}\n${TRY}`);
    return EXIT.usage;
  }
  if (options.flags.has('h') || options.flags.has('V')) {
    sys.stdout(options.flags.has('h') ? HELP : VERSION);
    return 0;
  }
  if (options.urls.length === 0) {
    sys.stderr(argv.length === 1 ? TRY : `curl: no URL specified!\n${TRY}`);
    return EXIT.usage;
  }
  const body = yield* readBody(sys, options);
  let status = 0;
  for (const [place, url] of options.urls.entries()) {
    status = yield* transfer(sys, options, url, options.outputs[place], body);
  }
  return status;
}

function* transfer(sys: Sys, options: CurlOptions, url: string, to: CurlOptions['outputs'][number] | undefined,
  body: string | undefined): Operation<number> {
  const { flags, values } = options;
  const complain = (status: number, text: string): number => {
    if (!flags.has('s') || flags.has('S')) sys.stderr(`curl: (${status}) ${text}\n`);
    return status;
  };
  const name = to === undefined ? undefined : to === 'remote' ? url.replace(/^\w+:\/\//, '').split(/[?#]/)[0]!
    .split('/').slice(1).pop() ?? '' : to.file;
  if (name === '') {
    sys.stderr('curl: Remote file name has no length!\n');
    return complain(EXIT.write, 'Failed writing received data to disk/application');
  }
  const folder = values.get('+dir');
  const shown = name === undefined || folder === undefined ? name : `${folder}/${name}`;
  const path = shown === undefined || shown === '-' ? undefined : absolutePath(sys.cwd, shown);
  const metered = !flags.has('s') && !flags.has('+nometer') && (path !== undefined || !sys.isTerminal(1));
  const tries = Number(values.get('+retry') ?? 0) + 1;
  for (let attempt = 1; ; attempt++) {
    let kept = '';
    const one = new Transfer(sys, options, metered, body, (text) => {
      if (path === undefined) sys.stdout(text);
      else kept += text;
    });
    one.fileName = shown;
    let status = yield* one.run(url);
    if (path !== undefined && (status === 0 || kept !== '')) {
      if (flags.has('+dirs')) makeFolders(sys.files, path.slice(0, path.lastIndexOf('/')) || '/');
      if (path !== '/dev/null' && sys.files.write(path, kept) !== undefined) {
        status = one.exitCode = EXIT.write;
        one.message = 'Failure writing output to destination';
      }
    }
    const refused = status === EXIT.connect && flags.has('+connrefused');
    const again = attempt < tries && (one.transient || refused || (status !== 0 && flags.has('+allerrors')));
    if (!again) {
      if (status !== 0) complain(status, one.message ?? '');
      if (values.has('w')) sys.stdout(formatReport(values.get('w')!, one, sys.now()));
      return status;
    }
    const doubled = RETRY_SECONDS << (attempt - 1 < 10 ? attempt - 1 : 10);
    const seconds = Number(values.get('+delay') ?? (doubled < RETRY_SECONDS_MAX ? doubled : RETRY_SECONDS_MAX));
    if (!flags.has('s')) {
      sys.stderr(`Warning: Problem ${refused ? 'connection refused' : one.exitCode === EXIT.timeout ? 'timeout'
        : 'HTTP error'}. Will retry in ${seconds} second${seconds === 1 ? '' : 's'}. ${tries - attempt} `
        + `${tries - attempt === 1 ? 'retry' : 'retries'} left.\n`);
    }
    yield* sys.sleep(seconds * SECOND);
  }
}

/** What is sent: pieces of -d joined by &, or the file of -T. */
function* readBody(sys: Sys, options: CurlOptions): Operation<string | undefined> {
  const file = options.values.get('T');
  if (file !== undefined) return yield* contentOf(sys, file);
  if (options.data.length === 0) return undefined;
  const pieces: string[] = [];
  for (const [option, text] of options.data) {
    if (option === '+raw' || !text.startsWith('@')) {
      pieces.push(option === '+encode' ? encoded(text) : text);
      continue;
    }
    const content = yield* contentOf(sys, text.slice(1));
    pieces.push(option === 'd' ? content.replace(/[\r\n]/g, '') : content);
  }
  return pieces.join(options.data.some(([option]) => option === '+json') ? '' : '&');
}

function* contentOf(sys: Sys, name: string): Operation<string> {
  if (name === '-') return yield* sys.readAll();
  const content = readFile(sys, name);
  return typeof content === 'string' ? content : '';
}

/** `name=value`: the value is written as addresses need it. */
function encoded(text: string): string {
  const cut = text.indexOf('=');
  const value = cut < 0 ? text : text.slice(cut + 1);
  const safe = [...value].map((char) => (/[A-Za-z0-9._~-]/.test(char) ? char
    : `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)).join('');
  return cut <= 0 ? safe : `${text.slice(0, cut + 1)}${safe}`;
}
