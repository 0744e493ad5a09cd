// grep: lines that match a pattern. POSIX grep with busybox's options -E -F -i -v -c -n -q -o -w -x -A -B -h -H -l -m.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { parseOptions, usage } from '../../usage.js';
import { linesOf, readFiles } from './input.js';
import { basicPattern, escaped } from './pattern.js';

const WRONG = 2;

export function* grep(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = parseOptions(argv, 'EFivcnqowxhHlsr', 'eABCm');
  if (typeof parsed === 'string') {
    sys.stderr(`grep: ${parsed}\n`);
    return usage(sys, 'grep [-HhnlovqiwxFE] [-m N] [-A|B|C N] PATTERN [FILE]...', WRONG);
  }
  const { flags, values } = parsed;
  const names = [...parsed.rest];
  const pattern = values.get('e') ?? names.shift();
  if (pattern === undefined) return usage(sys, 'grep [-HhnlovqiwxFE] [-m N] [-A|B|C N] PATTERN [FILE]...', WRONG);
  const expression = compile(pattern, flags);
  if (expression === undefined) {
    sys.stderr(`grep: bad regex '${pattern}': Invalid regexp\n`);
    return WRONG;
  }
  let exitCode = 1;
  let failed = false;
  const files = yield* readFiles(sys, names, (name, reason) => {
    if (!flags.has('s')) sys.stderr(`grep: ${name}: ${reason}\n`);
    failed = true;
  });
  for (const { name, text } of files) {
    const named = (names.length > 1 && !flags.has('h')) || flags.has('H');
    const prefix = named ? `${name === '' || name === '-' ? '(standard input)' : name}` : '';
    if (search(sys, linesOf(text), expression, { flags, values, prefix, name })) exitCode = 0;
    if (exitCode === 0 && flags.has('q')) return 0;
  }
  return failed && exitCode !== 0 ? WRONG : failed ? WRONG : exitCode;
}

function compile(pattern: string, flags: ReadonlySet<string>): RegExp | undefined {
  const alternatives = pattern.split('\n').map((line) =>
    (flags.has('F') ? escaped(line) : flags.has('E') ? line : basicPattern(line)));
  let source = `(?:${alternatives.join('|')})`;
  if (flags.has('w')) source = `(?<![A-Za-z0-9_])${source}(?![A-Za-z0-9_])`;
  if (flags.has('x')) source = `^${source}$`;
  try {
    return new RegExp(source, flags.has('i') ? 'gi' : 'g');
  } catch {
    return undefined;
  }
}

interface Printing {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly prefix: string;
  readonly name: string;
}

function search(sys: Sys, lines: readonly string[], expression: RegExp,
  { flags, values, prefix, name }: Printing): boolean {
  const around = Number(values.get('C') ?? 0);
  const before = Number(values.get('B') ?? around);
  const after = Number(values.get('A') ?? around);
  const most = Number(values.get('m') ?? Number.MAX_SAFE_INTEGER);
  const mark = (text: string, separator: string): string => (prefix === '' ? text : `${prefix}${separator}${text}`);
  const shown = (index: number, separator: string): string =>
    mark(`${flags.has('n') ? `${index + 1}${separator}` : ''}${lines[index]!}`, separator);
  let count = 0;
  let printed = -1;
  for (let index = 0; index < lines.length && count < most; index++) {
    expression.lastIndex = 0;
    if (expression.test(lines[index]!) === flags.has('v')) continue;
    count++;
    if (flags.has('q')) return true;
    if (flags.has('c') || flags.has('l')) continue;
    if (flags.has('o')) {
      expression.lastIndex = 0;
      for (const [text] of lines[index]!.matchAll(expression)) if (text !== '') sys.stdout(`${mark(text, ':')}\n`);
      continue;
    }
    const from = index - before > printed ? index - before : printed + 1;
    if (before + after > 0 && printed >= 0 && from > printed + 1) sys.stdout('--\n');
    for (let earlier = from < 0 ? 0 : from; earlier < index; earlier++) sys.stdout(`${shown(earlier, '-')}\n`);
    if (index > printed) sys.stdout(`${shown(index, ':')}\n`);
    printed = index;
    for (let later = index + 1; later <= index + after && later < lines.length; later++) {
      expression.lastIndex = 0;
      if (expression.test(lines[later]!) !== flags.has('v')) break;
      sys.stdout(`${shown(later, '-')}\n`);
      printed = later;
    }
  }
  if (flags.has('c') && !flags.has('l')) sys.stdout(`${mark(String(count), ':')}\n`);
  if (flags.has('l') && count > 0) sys.stdout(`${name === '' || name === '-' ? '(standard input)' : name}\n`);
  return count > 0;
}
