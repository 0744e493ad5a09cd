// sleep, usleep and time: virtual time passes. Busybox 1.35.

import { MICROSECOND, NEVER, type Operation, SECOND } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { usage } from '../../usage.js';

const SUFFIX_SECONDS: ReadonlyMap<string, number> = new Map([['', 1], ['s', 1], ['m', 60], ['h', 3600], ['d', 86400]]);

/** `1.5`, `2m`, `inf`; undefined when it is none. */
export function readDuration(word: string): number | undefined {
  if (word === 'inf' || word === 'infinity') return NEVER;
  const match = /^(\d+)(?:\.(\d{1,9})\d*)?([smhd]?)$/.exec(word);
  if (match === null) return undefined;
  return (Number(match[1]) * SECOND + Number((match[2] ?? '').padEnd(9, '0'))) * SUFFIX_SECONDS.get(match[3]!)!;
}

/** The sum of its arguments; `inf` for ever. */
export function* sleep(sys: Sys, argv: readonly string[]): Operation<number> {
  if (argv.length < 2) return usage(sys, 'sleep');
  let waitNs = 0;
  for (const word of argv.slice(1)) {
    const duration = readDuration(word);
    if (duration === undefined) {
      sys.stderr(`sleep: invalid number '${word}'\n`);
      return 1;
    }
    waitNs = duration === NEVER ? NEVER : waitNs + duration;
  }
  yield* sys.sleep(waitNs);
  return 0;
}

export function* usleep(sys: Sys, argv: readonly string[]): Operation<number> {
  if (!/^\d+$/.test(argv[1] ?? '')) return usage(sys, 'usleep');
  yield* sys.sleep(Number(argv[1]) * MICROSECOND);
  return 0;
}

export function* time(sys: Sys, argv: readonly string[]): Operation<number> {
  const command = argv.slice(argv[1] === '-p' ? 2 : 1);
  if (command.length === 0) return usage(sys, 'time');
  if (!sys.has(command[0]!)) {
    sys.stderr(`time: can't execute '${command[0]!}': No such file or directory\n`);
    return 127;
  }
  const begun = sys.now();
  const status = yield* sys.run(command);
  const hundredths = Math.floor((sys.now() - begun) / (SECOND / 100));
  const shown = `${Math.floor(hundredths / 100) % 60}.${String(hundredths % 100).padStart(2, '0')}`;
  sys.stderr(`real\t${Math.floor(hundredths / 6000)}m ${shown}s\nuser\t0m 0.00s\nsys\t0m 0.00s\n`);
  return status;
}
