// Complaints that all programs share: how they are called, and what the kernel refused.

import type { Errno } from '@netreel/kernel';
import type { Sys } from './contract.js';
import { FILES_USAGES } from './usage/files.js';
import { NETWORK_USAGES } from './usage/network.js';
import { SYSTEM_USAGES } from './usage/system.js';
import { TEXT_USAGES } from './usage/text.js';

const USAGES: Readonly<Record<string, string>> = { ...NETWORK_USAGES, ...FILES_USAGES, ...TEXT_USAGES,
  ...SYSTEM_USAGES };

/** Says how a program of busybox is called, or the given words; the exit status of a wrong call. */
export function usage(sys: Sys, name: string, exitCode = 1): number {
  sys.stderr(`BusyBox v1.35.0 (Debian 1:1.35.0-4+deb12u1+b1) multi-call binary.\n\nUsage: ${USAGES[name] ?? name}\n`);
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

export interface ParsedOptions {
  readonly flags: ReadonlySet<string>;
  /** The last one of each. */
  readonly values: ReadonlyMap<string, string>;
  /** All of them, in their order. */
  readonly repeated: ReadonlyMap<string, readonly string[]>;
  readonly rest: readonly string[];
}

export interface OptionStyle {
  /** Options may follow other words; default yes. */
  readonly permute?: boolean;
  /** Letters by long name. */
  readonly long?: Readonly<Record<string, string>>;
  /** Exit status of a wrong call; default 1. */
  readonly exitCode?: number;
}

/** The options of a busybox program; or, when they are wrong or help was asked for, the exit status after saying so. */
export function busyboxOptions(sys: Sys, argv: readonly string[], plain: string, valued: string,
  style: OptionStyle = {}): ParsedOptions | number {
  const name = argv[0]!.slice(argv[0]!.lastIndexOf('/') + 1);
  if (argv.length === 2 && argv[1] === '--help') return usage(sys, name, 0);
  const parsed = parseOptions(argv, plain, valued, style.permute ?? true, style.long);
  if (typeof parsed !== 'string') return parsed;
  sys.stderr(`${name}: ${parsed}\n`);
  return usage(sys, name, style.exitCode ?? 1);
}

/** getopt_long(3) as the C library of busybox permutes it: options may follow other words. A string says what is
 * wrong. */
export function parseOptions(argv: readonly string[], plain: string, valued: string, permute = true,
  long: Readonly<Record<string, string>> = {}): ParsedOptions | string {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const repeated = new Map<string, string[]>();
  const rest: string[] = [];
  const set = (option: string, value: string): void => {
    values.set(option, value);
    repeated.set(option, [...repeated.get(option) ?? [], value]);
  };
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === '--') return { flags, values, repeated, rest: [...rest, ...argv.slice(at + 1)] };
    if (!word.startsWith('-') || word === '-') {
      if (!permute) return { flags, values, repeated, rest: argv.slice(at) };
      rest.push(word);
      continue;
    }
    if (word.startsWith('--')) {
      const [, name, value] = /^--([^=]*)(?:=([^]*))?$/.exec(word)!;
      const option = long[name!];
      if (option === undefined) return `unrecognized option '${word}'`;
      if (plain.includes(option)) {
        flags.add(option);
        continue;
      }
      const given = value ?? argv[++at];
      if (given === undefined) return `option '--${name!}' requires an argument`;
      set(option, given);
      continue;
    }
    for (let letter = 1; letter < word.length; letter++) {
      const option = word[letter]!;
      if (plain.includes(option)) {
        flags.add(option);
      } else if (valued.includes(option)) {
        const value = letter + 1 < word.length ? word.slice(letter + 1) : argv[++at];
        if (value === undefined) return `option requires an argument -- '${option}'`;
        set(option, value);
        break;
      } else {
        return `invalid option -- '${option}'`;
      }
    }
  }
  return { flags, values, repeated, rest };
}
