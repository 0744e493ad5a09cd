// cat: files one behind the other. Busybox 1.35.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { busyboxOptions } from '../../usage.js';
import { readFile } from '../text/input.js';

export function* cat(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'nbvteAu', '');
  if (typeof parsed === 'number') return parsed;
  const shown = new Decoration(parsed.flags);
  let exitCode = 0;
  for (const name of parsed.rest.length === 0 ? ['-'] : parsed.rest) {
    if (name === '-') {
      // Piece by piece, so that what a terminal or a slow writer sends comes out at once.
      for (let text = yield* sys.readSome(); text !== undefined; text = yield* sys.readSome()) {
        sys.stdout(shown.of(text));
      }
      continue;
    }
    const text = readFile(sys, name);
    if (typeof text === 'string') {
      sys.stdout(shown.of(text));
    } else {
      sys.stderr(text.reason === 'Is a directory' ? `cat: read error: ${text.reason}\n`
        : `cat: can't open '${name}': ${text.reason}\n`);
      exitCode = 1;
    }
  }
  return exitCode;
}

/** Line numbers and visible control characters. */
class Decoration {
  private line = 0;
  private atStart = true;

  constructor(private readonly flags: ReadonlySet<string>) {}

  of(text: string): string {
    if (this.flags.size === 0) return text;
    const has = (letters: string): boolean => [...letters].some((letter) => this.flags.has(letter));
    let shown = '';
    for (const line of text.split(/(?<=\n)/)) {
      const whole = line.endsWith('\n');
      const plain = whole ? line.slice(0, -1) : line;
      const numbered = this.atStart && (has('n') || (has('b') && plain !== ''));
      if (numbered) shown += `${String(++this.line).padStart(6)}\t`;
      const tabs = has('tA') ? plain.replaceAll('\t', '^I') : plain;
      const visible = has('vteA') ? tabs.replace(/[\0-\x08\x0a-\x1f\x7f]/g,
        (char) => `^${String.fromCharCode(char.charCodeAt(0) ^ 64)}`) : tabs;
      shown += `${visible}${whole ? `${has('eA') ? '$' : ''}\n` : ''}`;
      this.atStart = whole;
    }
    return shown;
  }
}
