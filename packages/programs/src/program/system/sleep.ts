// sleep: the sum of its arguments in virtual time.

import { NEVER, type Operation, SECOND } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { usage } from '../../usage.js';

const SUFFIX_SECONDS: ReadonlyMap<string, number> = new Map([['', 1], ['s', 1], ['m', 60], ['h', 3600], ['d', 86400]]);

/** The sum of its arguments; `inf` for ever. */
export function* sleep(sys: Sys, argv: readonly string[]): Operation<number> {
  if (argv.length < 2) return usage(sys, 'sleep [N]...');
  let waitNs = 0;
  for (const word of argv.slice(1)) {
    if (word === 'inf' || word === 'infinity') {
      waitNs = NEVER;
      continue;
    }
    const match = /^(\d+)(?:\.(\d{1,9})\d*)?([smhd]?)$/.exec(word);
    if (match === null) {
      sys.stderr(`sleep: invalid number '${word}'\n`);
      return 1;
    }
    const unit = SUFFIX_SECONDS.get(match[3]!)!;
    waitNs += (Number(match[1]) * SECOND + Number((match[2] ?? '').padEnd(9, '0'))) * unit;
  }
  yield* sys.sleep(waitNs);
  return 0;
}
