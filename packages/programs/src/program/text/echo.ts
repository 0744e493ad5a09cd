// echo and printf.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { usage } from '../../usage.js';
import { formatText } from './awk/value.js';

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

export function* printf(sys: Sys, argv: readonly string[], prefix = 'printf: '): Operation<number> {
  const format = argv[1];
  if (format === undefined) {
    if (prefix === 'printf: ') return usage(sys, 'printf');
    sys.stderr(`${prefix}usage: printf FORMAT [ARGUMENT...]\n`);
    return 2;
  }
  const wrong = /%[-0+ #]*(?:\*|\d*)(?:\.(?:\*|\d+))?([^-0+ #*.\dsdiuxXocbeEfFgG%])/.exec(format.replaceAll('%%', ''));
  if (wrong !== null) {
    sys.stderr(`${prefix}${format}: invalid format\n`);
    return 1;
  }
  const words = argv.slice(2);
  let exitCode = 0;
  // The format is used again as long as words are left.
  do {
    const before = words.length;
    const { out, stopped } = formatted(format, words, (word) => {
      sys.stderr(`${prefix}invalid number '${word}'\n`);
      exitCode = 1;
    });
    sys.stdout(out);
    if (stopped || words.length === before) break;
  } while (words.length > 0);
  return exitCode;
}

function formatted(format: string, words: string[], complain: (word: string) => void):
  { readonly out: string; readonly stopped: boolean } {
  const { out, stopped } = unescaped(format);
  let cut = stopped;
  const text = out.replace(/%(?:%|([-0+ #]*)(\*|\d*)(?:\.(\*|\d+))?([a-zA-Z]))/g,
    (whole, flags: string, width: string, precision: string | undefined, kind: string) => {
    if (whole === '%%') return '%';
    const wide = width === '*' ? words.shift() ?? '' : width;
    const exact = precision === '*' ? words.shift() ?? '' : precision;
    const word = words.shift() ?? '';
    if (kind === 'b') {
      const piece = unescaped(word);
      cut ||= piece.stopped;
      return formatText(`%${flags}${wide}s`, [piece.out]);
    }
    if (kind === 's' || kind === 'c') return formatText(`%${flags}${wide}${dotted(exact)}${kind}`, [word]);
    return formatText(`%${flags}${wide}${dotted(exact)}${kind}`, [numberOf(word, complain)]);
  });
  return { out: text, stopped: cut };
}

function dotted(precision: string | undefined): string {
  return precision === undefined ? '' : `.${precision}`;
}

/** Decimal, octal, hexadecimal, or a character behind a quote. */
function numberOf(word: string, complain: (word: string) => void): number {
  if (word === '') return 0;
  if (word.startsWith("'") || word.startsWith('"')) return word.codePointAt(1) ?? 0;
  if (/^[-+]?0[0-7]+$/.test(word)) return Number.parseInt(word, 8);
  const number = Number(word);
  if (!Number.isNaN(number)) return number;
  complain(word);
  return Number(/^[-+]?\d+/.exec(word)?.[0] ?? 0);
}
