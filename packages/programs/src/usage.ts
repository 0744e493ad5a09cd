// Complaints that all programs share.

import type { Errno } from '@netreel/kernel';
import type { Sys } from './contract.js';

/** Says how a program is called; the exit status of a wrong call. */
export function usage(sys: Sys, text: string, exitCode = 1): number {
  sys.stderr(`BusyBox v1.35.0 (Debian 1:1.35.0-4+deb12u1+b1) multi-call binary.\n\nUsage: ${text}\n`);
  return exitCode;
}

const ERRNO_TEXTS: Readonly<Record<Errno, string>> = {
  EADDRINUSE: 'Address already in use', EADDRNOTAVAIL: 'Cannot assign requested address',
    ENETUNREACH: 'Network is unreachable',
  EHOSTUNREACH: 'No route to host', ECONNREFUSED: 'Connection refused', EMSGSIZE: 'Message too long',
    EINVAL: 'Invalid argument',
  EACCES: 'Permission denied', ENETDOWN: 'Network is down', EBADF: 'Bad file descriptor',
  ECONNRESET: 'Connection reset by peer', ETIMEDOUT: 'Connection timed out', EPIPE: 'Broken pipe',
  ENOTCONN: 'Socket not connected', EISCONN: 'Socket is connected',
};

/** As strerror(3) says it. */
export function errorText(errno: Errno): string {
  return ERRNO_TEXTS[errno];
}

/** Options of one letter, those in `valued` with a value behind them, until the first word that is none. */
export interface ParsedOptions {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly rest: readonly string[];
}

/** getopt(3) as the C library of busybox permutes it: options may follow other words. A string says what is wrong. */
export function parseOptions(argv: readonly string[], plain: string, valued: string, permute = true): ParsedOptions
  | string {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const rest: string[] = [];
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === '--') return { flags, values, rest: [...rest, ...argv.slice(at + 1)] };
    if (!word.startsWith('-') || word === '-') {
      if (!permute) return { flags, values, rest: argv.slice(at) };
      rest.push(word);
      continue;
    }
    for (let letter = 1; letter < word.length; letter++) {
      const option = word[letter]!;
      if (plain.includes(option)) {
        flags.add(option);
      } else if (valued.includes(option)) {
        const value = letter + 1 < word.length ? word.slice(letter + 1) : argv[++at];
        if (value === undefined) return `option requires an argument -- '${option}'`;
        values.set(option, value);
        break;
      } else {
        return `invalid option -- '${option}'`;
      }
    }
  }
  return { flags, values, rest };
}
