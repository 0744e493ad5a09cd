// which: where a program would be started from.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';

export function* which(sys: Sys, argv: readonly string[]): Operation<number> {
  let exitCode = 0;
  for (const name of argv.slice(1)) {
    const file = sys.locate(name);
    if (file !== undefined) sys.stdout(`${file}\n`);
    else exitCode = 1;
  }
  return exitCode;
}
