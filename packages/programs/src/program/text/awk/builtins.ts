// Functions that awk has from the start.

import type { Operation } from '@netreel/sim';
import { SECOND } from '@netreel/sim';
import type { Expression } from './parse.js';
import { splitText } from './record.js';
import type { AwkRun } from './run.js';
import { type Value, formatText, toNumber, toText } from './value.js';

/** Undefined when there is none of that name. */
export function* callBuiltin(run: AwkRun, name: string, words: readonly Expression[]): Operation<Value | undefined> {
  switch (name) {
    case 'sub': case 'gsub': return yield* substitute(run, name === 'gsub', words);
    case 'split': return yield* split(run, words);
    case 'match': return yield* match(run, words);
    case 'length':
      if (words[0]?.kind === 'variable' && words[0].subscript === undefined && run.arrays.has(words[0].name)) {
        return run.array(words[0].name).size;
      }
      return toText(words[0] === undefined ? run.record.line(run.text('OFS')) : yield* run.value(words[0])).length;
    default:
  }
  const values: Value[] = [];
  for (const word of words) values.push(yield* run.value(word));
  const text = (place: number): string => toText(values[place] ?? '');
  switch (name) {
    case 'substr': return substring(text(0), toNumber(values[1] ?? 1), values[2] === undefined ? undefined
      : toNumber(values[2]));
    case 'index': return text(0).indexOf(text(1)) + 1;
    case 'tolower': return text(0).toLowerCase();
    case 'toupper': return text(0).toUpperCase();
    case 'sprintf': return formatText(text(0), values.slice(1));
    case 'int': return Math.trunc(toNumber(values[0] ?? 0));
    case 'rand': return run.sys.random.below(1_000_000) / 1_000_000;
    case 'srand': return 0;
    case 'systime': return 1_704_067_200 + Math.floor(run.sys.now() / SECOND);
    case 'system': return yield* run.sys.run(['sh', '-c', text(0)]);
    case 'close': return yield* run.close(text(0));
    case 'fflush': return 0;
    default: return undefined;
  }
}

/** Both ends rounded, as POSIX has it; what lies outside is left out. */
function substring(text: string, from: number, length: number | undefined): string {
  const first = Math.round(from) - 1;
  const end = length === undefined ? text.length : first + Math.round(length);
  return text.slice(first < 0 ? 0 : first, end < 0 ? 0 : end);
}

function* substitute(run: AwkRun, all: boolean, words: readonly Expression[]): Operation<Value> {
  const expression = yield* run.regex(words[0]!);
  const replacement = toText(yield* run.value(words[1]!));
  const target = words[2] ?? { kind: 'field', index: { kind: 'number', value: 0 } } satisfies Expression;
  const before = toText(yield* run.value(target));
  let count = 0;
  const after = before.replace(new RegExp(expression.source, all ? 'g' : ''), (matched: string) => {
    count++;
    return replacement.replace(/\\\\|\\&|&/g, (mark) => (mark === '&' ? matched : mark === '\\&' ? '&' : '\\'));
  });
  if (count > 0) yield* run.assign(target, after);
  return count;
}

function* split(run: AwkRun, words: readonly Expression[]): Operation<Value> {
  const text = toText(yield* run.value(words[0]!));
  const target = words[1];
  if (target?.kind !== 'variable') return 0;
  const separator = words[2] === undefined ? run.text('FS')
    : words[2].kind === 'regex' ? words[2].expression.source : toText(yield* run.value(words[2]));
  const array = run.array(target.name);
  array.clear();
  const parts = splitText(text, separator);
  parts.forEach((part, place) => array.set(String(place + 1), { text: part }));
  return parts.length;
}

function* match(run: AwkRun, words: readonly Expression[]): Operation<Value> {
  const text = toText(yield* run.value(words[0]!));
  const found = (yield* run.regex(words[1]!)).exec(text);
  run.globals.set('RSTART', found === null ? 0 : found.index + 1);
  run.globals.set('RLENGTH', found === null ? -1 : found[0].length);
  return found === null ? 0 : found.index + 1;
}
