// uname, nproc, free, uptime and sysctl: the machine below. Busybox 1.35. The simulated host has two processors and
// two gibibytes of memory.

import { type Operation, SECOND } from '@netreel/sim';
import { calendarAt, clockText } from '../../calendar.js';
import type { Sys } from '../../contract.js';
import { busyboxOptions, usage } from '../../usage.js';

export const KERNEL_RELEASE = '5.15.0-netreel';
export const KERNEL_VERSION = '#1 SMP PREEMPT_DYNAMIC';
export const MEMORY = { totalKb: 2_097_152, freeKb: 1_572_864, sharedKb: 1024, cacheKb: 262_144,
  availableKb: 1_782_579 };

export function* uname(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'amnrspvio', '', { long: { all: 'a' } });
  if (typeof parsed === 'number') return parsed;
  if (parsed.rest.length > 0) return usage(sys, 'uname');
  const { flags } = parsed;
  const parts: readonly (readonly [string, string])[] = [['s', 'Linux'], ['n', sys.hostname], ['r', KERNEL_RELEASE],
    ['v', KERNEL_VERSION], ['m', 'x86_64'], ['o', 'GNU/Linux']];
  const shown = flags.has('a') ? parts : flags.size === 0 ? parts.slice(0, 1)
    : parts.filter(([letter]) => flags.has(letter)
    || (letter === 'm' && (flags.has('p') || flags.has('i'))));
  sys.stdout(`${shown.map(([, text]) => text).join(' ')}\n`);
  return 0;
}

export function* nproc(sys: Sys): Operation<number> {
  sys.stdout('2\n');
  return 0;
}

export function* free(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'bkmgth', '');
  if (typeof parsed === 'number') return parsed;
  const unit = parsed.flags.has('m') ? 1024 : parsed.flags.has('g') ? 1_048_576 : 1;
  const column = (kilobytes: number): string => String(parsed.flags.has('b') ? kilobytes * 1024
    : Math.floor(kilobytes / unit)).padStart(12);
  const { totalKb, freeKb, sharedKb, cacheKb, availableKb } = MEMORY;
  sys.stdout('              total        used        free      shared  buff/cache   available\n'
    + `Mem:   ${column(totalKb)}${column(totalKb - freeKb - cacheKb)}${column(freeKb)}${column(sharedKb)}`
    + `${column(cacheKb)}${column(availableKb)}\nSwap:  ${column(0)}${column(0)}${column(0)}\n`);
  return 0;
}

export function* uptime(sys: Sys): Operation<number> {
  const minutes = Math.floor(sys.now() / (60 * SECOND));
  const [hours, days] = [Math.floor(minutes / 60), Math.floor(minutes / 1440)];
  const up = hours % 24 > 0 ? `${String(hours % 24).padStart(2)}:${String(minutes % 60).padStart(2, '0')}`
    : `${minutes % 60} min`;
  sys.stdout(` ${clockText(calendarAt(sys.now()))} up ${days > 0 ? `${days} day${days === 1 ? '' : 's'}, ` : ''}${up},`
    + '  0 users,  load average: 0.00, 0.00, 0.00\n');
  return 0;
}

export function* sysctl(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'neaqw', 'p');
  if (typeof parsed === 'number') return parsed;
  const { flags } = parsed;
  let exitCode = 0;
  const keys = flags.has('a') ? keysBelow(sys, '/proc/sys') : parsed.rest;
  for (const word of keys) {
    const [key, value] = word.split('=');
    const path = `/proc/sys/${key!.trim().replaceAll('.', '/')}`;
    const text = sys.files.read(path);
    if (text === undefined) {
      exitCode = 1;
      if (!flags.has('e')) sys.stderr(`sysctl: error: '${key!}' is an unknown key\n`);
      continue;
    }
    if (value !== undefined) {
      const refused = sys.files.write(path, `${value}\n`);
      if (refused !== undefined) {
        exitCode = 1;
        sys.stderr(`sysctl: error setting key '${key!}': ${refused}\n`);
        continue;
      }
    }
    const shown = value ?? text.replace(/\n$/, '');
    if (!flags.has('q')) sys.stdout(flags.has('n') ? `${shown}\n` : `${key!} = ${shown}\n`);
  }
  return exitCode;
}

function keysBelow(sys: Sys, folder: string): string[] {
  return (sys.files.list(folder) ?? []).flatMap((name) => {
    const path = `${folder}/${name}`;
    return sys.files.list(path) === undefined ? [path.slice('/proc/sys/'.length).replaceAll('/', '.')]
      : keysBelow(sys, path);
  });
}
