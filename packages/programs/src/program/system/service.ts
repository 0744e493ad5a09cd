// Entry points of images, which become their arguments.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';

export function* entrypoint(sys: Sys, argv: readonly string[]): Operation<number> {
  const command = argv.slice(1);
  if (command.length === 0) return 0;
  if (!sys.has(command[0]!)) {
    sys.stderr(`${argv[0]!}: exec: line 2: ${command[0]!}: not found\n`);
    return 127;
  }
  return yield* sys.exec(command);
}
