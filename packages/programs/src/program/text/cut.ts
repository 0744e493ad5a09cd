// cut and tr: columns and characters. POSIX.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { busyboxOptions, usage } from '../../usage.js';
import { eachLine } from './input.js';

export function* cut(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'sn', 'bcfd');
  if (typeof parsed === 'number') return parsed;
  const list = parsed.values.get('f') ?? parsed.values.get('c') ?? parsed.values.get('b');
  if (list === undefined) {
    sys.stderr('cut: expected a list of bytes, characters, or fields\n');
    return 1;
  }
  const ranges = readRanges(list);
  if (ranges === undefined) {
    sys.stderr(`cut: invalid number '${list}'\n`);
    return 1;
  }
  let exitCode = 0;
  const byField = parsed.values.has('f');
  const delimiter = parsed.values.get('d') ?? '\t';
  yield* eachLine(sys, parsed.rest, (name, reason) => {
    sys.stderr(`cut: ${name}: ${reason}\n`);
    exitCode = 1;
  }, ({ text: line }) => {
    if (byField && !line.includes(delimiter)) {
      if (!parsed.flags.has('s')) sys.stdout(`${line}\n`);
      return;
    }
    const parts = byField ? line.split(delimiter) : [...line];
    const kept = parts.filter((_part, index) => ranges.some(([from, to]) => index + 1 >= from && index + 1 <= to));
    sys.stdout(`${kept.join(byField ? delimiter : '')}\n`);
  });
  return exitCode;
}

/** `1,3-5,7-`. */
function readRanges(list: string): readonly (readonly [number, number])[] | undefined {
  const ranges: [number, number][] = [];
  for (const part of list.split(',')) {
    const match = /^(\d*)(-?)(\d*)$/.exec(part);
    if (match === null || (match[1] === '' && match[3] === '')) return undefined;
    const from = match[1] === '' ? 1 : Number(match[1]);
    const to = match[2] === '' ? from : match[3] === '' ? Number.MAX_SAFE_INTEGER : Number(match[3]);
    if (from < 1 || to < from) return undefined;
    ranges.push([from, to]);
  }
  return ranges;
}

export function* tr(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'cCds', '', { permute: false });
  if (typeof parsed === 'number') return parsed;
  if (parsed.rest[0] === undefined) return usage(sys, 'tr');
  const { flags, rest } = parsed;
  const first = expandSet(rest[0]!);
  const second = expandSet(rest[1] ?? '');
  const complement = flags.has('c') || flags.has('C');
  const inFirst = (char: string): boolean => first.includes(char) !== complement;
  const translated = (char: string): string => {
    if (second.length === 0 || !inFirst(char)) return char;
    const place = complement ? second.length - 1 : first.indexOf(char);
    return second[place < second.length ? place : second.length - 1]!;
  };
  const squeezed = flags.has('s') ? (second.length > 0 && !flags.has('d') ? second : flags.has('d') ? second : first)
    : [];
  for (let text = yield* sys.readSome(); text !== undefined; text = yield* sys.readSome()) {
    let output = '';
    for (const char of text) {
      if (flags.has('d') && inFirst(char)) continue;
      const next = flags.has('d') ? char : translated(char);
      if (squeezed.includes(next) && output.endsWith(next)) continue;
      output += next;
    }
    sys.stdout(output);
  }
  return 0;
}

const SET_CLASSES: ReadonlyMap<string, string> = new Map([
  ['[:lower:]', 'a-z'], ['[:upper:]', 'A-Z'], ['[:digit:]', '0-9'], ['[:alpha:]', 'A-Za-z'], ['[:alnum:]', '0-9A-Za-z'],
  ['[:space:]', '\\t\\n\\v\\f\\r '], ['[:blank:]', '\\t '],
]);
const ESCAPES: ReadonlyMap<string, string> = new Map([['n', '\n'], ['t', '\t'], ['r', '\r'], ['v', '\v'], ['f', '\f'],
  ['\\', '\\'], ['0', '\0']]);

function expandSet(set: string): string[] {
  const plain = [...SET_CLASSES].reduce((text, [name, range]) => text.replaceAll(name, range), set)
    .replace(/\\(.)/g, (_whole, char: string) => ESCAPES.get(char) ?? char);
  const chars: string[] = [];
  for (let at = 0; at < plain.length; at++) {
    const from = plain[at]!;
    const to = plain[at + 2];
    if (plain[at + 1] === '-' && to !== undefined) {
      for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code++) chars.push(String.fromCharCode(code));
      at += 2;
    } else {
      chars.push(from);
    }
  }
  return chars;
}
