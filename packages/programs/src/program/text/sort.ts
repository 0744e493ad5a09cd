// sort and uniq. POSIX, options as busybox 1.35 has them.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { type ParsedOptions, busyboxOptions } from '../../usage.js';
import { eachLine, linesOf, readFiles } from './input.js';

export function* sort(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'nrubfs', 'kt', { exitCode: 2 });
  if (typeof parsed === 'number') return parsed;
  let failed = false;
  const files = yield* readFiles(sys, parsed.rest, (name, reason) => {
    sys.stderr(`sort: ${name}: ${reason}\n`);
    failed = true;
  });
  if (failed) return 2;
  const compare = comparison(parsed);
  const lines = files.flatMap(({ text }) => linesOf(text)).sort((a, b) => compare(a, b) ||
    (parsed.flags.has('s') || parsed.flags.has('u') ? 0 : byText(a, b) * (parsed.flags.has('r') ? -1 : 1)));
  const kept = parsed.flags.has('u') ? lines.filter((line, index) => index === 0
    || compare(lines[index - 1]!, line) !== 0) : lines;
  sys.stdout(kept.map((line) => `${line}\n`).join(''));
  return 0;
}

function comparison({ flags, values }: ParsedOptions): (a: string, b: string) => number {
  const match = /^(\d+)(?:\.\d+)?([nrb]*)(?:,(\d+)(?:\.\d+)?([nrb]*))?$/.exec(values.get('k') ?? '');
  const modifiers = `${match?.[2] ?? ''}${match?.[4] ?? ''}`;
  const numeric = flags.has('n') || modifiers.includes('n');
  const direction = flags.has('r') || modifiers.includes('r') ? -1 : 1;
  const key = (line: string): string => {
    const separator = values.get('t');
    const text = match === null ? line : fields(line, separator).slice(Number(match[1]) - 1,
      match[3] === undefined ? undefined : Number(match[3])).join(separator ?? '');
    const trimmed = flags.has('b') || modifiers.includes('b') ? text.trimStart() : text;
    return flags.has('f') ? trimmed.toUpperCase() : trimmed;
  };
  return (a, b) => direction * (numeric ? leadingNumber(key(a)) - leadingNumber(key(b)) : byText(key(a), key(b)));
}

/** Without a separator a field begins with the blanks before it. */
function fields(line: string, separator: string | undefined): string[] {
  return separator === undefined ? line.match(/\s*\S+/g) ?? [] : line.split(separator);
}

function leadingNumber(text: string): number {
  return Number(/^\s*(-?\d+(?:\.\d+)?)/.exec(text)?.[1] ?? 0);
}

/** By code unit: the C locale. */
function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const COUNT_COLUMN = 7;

export function* uniq(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'cdui', '');
  if (typeof parsed === 'number') return parsed;
  const { flags } = parsed;
  let failed = false;
  const same = (a: string, b: string): boolean => (flags.has('i') ? a.toLowerCase() === b.toLowerCase() : a === b);
  let group: { readonly line: string; count: number } | undefined;
  const show = (): void => {
    if (group === undefined || (flags.has('d') && group.count === 1) || (flags.has('u') && group.count > 1)) return;
    sys.stdout(`${flags.has('c') ? `${String(group.count).padStart(COUNT_COLUMN)} ` : ''}${group.line}\n`);
  };
  yield* eachLine(sys, parsed.rest.slice(0, 1), (name, reason) => {
    sys.stderr(`uniq: ${name}: ${reason}\n`);
    failed = true;
  }, ({ text }) => {
    if (group !== undefined && same(group.line, text)) {
      group.count++;
      return;
    }
    show();
    group = { line: text, count: 1 };
  });
  show();
  return failed ? 1 : 0;
}
