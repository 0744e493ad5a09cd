// echo and printf.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';

export function* echo(sys: Sys, argv: readonly string[]): Operation<number> {
  sys.stdout(echoed(argv));
  return 0;
}

/** -n, -e and -E in any mixture, as long as a word consists of them alone. */
export function echoed(argv: readonly string[]): string {
  let at = 1;
  let newline = true;
  let escapes = false;
  for (; /^-[neE]+$/.test(argv[at] ?? ''); at++) {
    for (const option of argv[at]!.slice(1)) {
      if (option === 'n') newline = false;
      else escapes = option === 'e';
    }
  }
  const text = argv.slice(at).join(' ');
  const { out, stopped } = escapes ? unescaped(text) : { out: text, stopped: false };
  return newline && !stopped ? `${out}\n` : out;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'], ['b', '\b'], ['e', '\x1b'], ['f', '\f'], ['n', '\n'], ['r', '\r'], ['t', '\t'], ['v', '\v'],
    ['\\', '\\'], ['"', '"'],
]);

/** Backslash sequences; `\c` stops everything behind it. */
export function unescaped(text: string): { readonly out: string; readonly stopped: boolean } {
  let out = '';
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== '\\' || at + 1 === text.length) {
      out += text[at]!;
      continue;
    }
    const next = text[at + 1]!;
    const number = /^(?:x([0-9a-fA-F]{1,2})|0?([0-7]{1,3}))/.exec(text.slice(at + 1));
    if (next === 'c') return { out, stopped: true };
    if (ESCAPES.has(next)) {
      out += ESCAPES.get(next)!;
      at++;
    } else if (number !== null) {
      out += String.fromCharCode(number[1] !== undefined ? Number.parseInt(number[1], 16)
        : Number.parseInt(number[2]!, 8) & 255);
      at += number[0].length;
    } else {
      out += '\\';
    }
  }
  return { out, stopped: false };
}

export function* printf(sys: Sys, argv: readonly string[]): Operation<number> {
  const format = argv[1];
  if (format === undefined) {
    sys.stderr('printf: missing operand\n');
    return 1;
  }
  const words = argv.slice(2);
  // The format is used again as long as words are left.
  do {
    const before = words.length;
    sys.stdout(formatted(format, words));
    if (words.length === before) break;
  } while (words.length > 0);
  return 0;
}

function formatted(format: string, words: string[]): string {
  const { out } = unescaped(format);
  return out.replace(/%(?:%|([-0+ ]*)(\d*)(?:\.(\d+))?([sdiuxXocb]))/g,
    (whole, flags: string, width: string, precision: string, kind: string) => {
    if (whole === '%%') return '%';
    const word = words.shift() ?? '';
    const number = Number(word === '' ? 0 : word);
    const integer = Number.isNaN(number) ? 0 : Math.trunc(number);
    const text = kind === 's' ? word.slice(0, precision === undefined ? undefined : Number(precision))
      : kind === 'b' ? unescaped(word).out : kind === 'c' ? word.slice(0, 1)
        : kind === 'x' ? integer.toString(16) : kind === 'X' ? integer.toString(16).toUpperCase() : kind === 'o'
          ? integer.toString(8) : String(integer);
    return flags.includes('-') ? text.padEnd(Number(width))
      : text.padStart(Number(width), flags.includes('0') && kind !== 's' ? '0' : ' ');
  });
}
