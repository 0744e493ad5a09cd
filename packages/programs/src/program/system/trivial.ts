// Programs of a line or two.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { busyboxOptions, usage } from '../../usage.js';

export function* succeed(): Operation<number> {
  return 0;
}

export function* fail(): Operation<number> {
  return 1;
}

export function* whoami(sys: Sys, argv: readonly string[]): Operation<number> {
  if (argv.length > 1) return usage(sys, 'whoami');
  sys.stdout('root\n');
  return 0;
}

export function* pwd(sys: Sys): Operation<number> {
  sys.stdout(`${sys.cwd}\n`);
  return 0;
}

/** Everybody is root here. */
export function* id(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'ugGnr', '');
  if (typeof parsed === 'number') return parsed;
  const user = parsed.rest[0];
  if (user !== undefined && user !== 'root') {
    sys.stderr(`id: unknown user ${user}\n`);
    return 1;
  }
  const { flags } = parsed;
  if (flags.has('u') || flags.has('g') || flags.has('G')) sys.stdout(flags.has('n') ? 'root\n' : '0\n');
  else sys.stdout('uid=0(root) gid=0(root)\n');
  return 0;
}

export function* yes(sys: Sys, argv: readonly string[]): Operation<number> {
  const line = `${argv.length > 1 ? argv.slice(1).join(' ') : 'y'}\n`;
  for (;;) {
    sys.stdout(line.repeat(LINES_A_ROUND));
    // So that a reader who has enough can end it, and time goes on where nobody reads.
    yield* sys.sleep(ROUND_NS);
  }
}

const LINES_A_ROUND = 512;
const ROUND_NS = 1_000_000;

export function* clear(sys: Sys): Operation<number> {
  sys.stdout('\x1b[H\x1b[J');
  return 0;
}

export function* mktemp(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'dqtu', 'p');
  if (typeof parsed === 'number') return parsed;
  const template = parsed.rest[0] ?? `${parsed.values.get('p') ?? sys.env.get('TMPDIR') ?? '/tmp'}/tmp.XXXXXX`;
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
  const path = template.replace(/X{6,}$/, (marks) => [...marks].map(() => letters[sys.random.below(52)]!).join(''));
  const refused = path === template ? 'Invalid argument'
    : parsed.flags.has('d') ? sys.files.makeFolder(path) : sys.files.write(path, '');
  if (refused !== undefined) {
    sys.stderr(`mktemp: can't create temp file '${template}': ${refused}\n`);
    return 1;
  }
  sys.files.setMode(path, parsed.flags.has('d') ? 0o700 : 0o600);
  sys.stdout(`${path}\n`);
  return 0;
}
