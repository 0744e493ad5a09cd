// cat: files one behind the other.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { readFile } from './input.js';

export function* cat(sys: Sys, argv: readonly string[]): Operation<number> {
  const names = argv.slice(1).filter((word) => word === '-' || !word.startsWith('-'));
  let exitCode = 0;
  for (const name of names.length === 0 ? ['-'] : names) {
    if (name === '-') {
      // Piece by piece, so that what a terminal or a slow writer sends comes out at once.
      for (let text = yield* sys.readSome(); text !== undefined; text = yield* sys.readSome()) sys.stdout(text);
      continue;
    }
    const text = readFile(sys, name);
    if (typeof text === 'string') {
      sys.stdout(text);
    } else {
      sys.stderr(text.reason === 'Is a directory' ? `cat: read error: ${text.reason}\n`
        : `cat: can't open '${name}': ${text.reason}\n`);
      exitCode = 1;
    }
  }
  return exitCode;
}
