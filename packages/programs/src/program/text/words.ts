// xargs, tee and expr. Busybox 1.35.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { absolutePath } from '../../files.js';
import { busyboxOptions } from '../../usage.js';
import { linesOf } from './input.js';
import { basicPattern } from './pattern.js';

export function* xargs(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'prtx0', 'nsIPEeaL', { permute: false });
  if (typeof parsed === 'number') return parsed;
  const { flags, values, rest } = parsed;
  const command = rest.length === 0 ? ['echo'] : rest;
  const input = yield* sys.readAll();
  const mark = values.get('I');
  const words = flags.has('0') ? input.split('\0').filter((word) => word !== '')
    : mark !== undefined ? linesOf(input).map((line) => line.trimStart()) : quotedWords(input);
  const most = mark !== undefined ? 1 : Number(values.get('n') ?? Number.MAX_SAFE_INTEGER);
  if (words.length === 0 && (flags.has('r') || mark !== undefined)) return 0;
  let exitCode = 0;
  for (let at = 0; at === 0 || at < words.length; at += most) {
    const batch = words.slice(at, at + most);
    const line = mark === undefined ? [...command, ...batch]
      : command.map((word) => word.replaceAll(mark, batch[0]!));
    if (flags.has('t')) sys.stderr(`${line.join(' ')}\n`);
    if (!sys.has(line[0]!)) {
      sys.stderr(`xargs: ${line[0]!}: No such file or directory\n`);
      return 127;
    }
    const status = yield* sys.run(line, { input: '' });
    if (status === 255) return 124;
    if (status !== 0) exitCode = 123;
  }
  return exitCode;
}

/** Blanks separate; quotes and backslashes keep them. */
function quotedWords(input: string): string[] {
  return [...input.matchAll(/(?:'[^']*'|"[^"]*"|\\[^]|[^\s'"\\])+/g)]
    .map(([word]) => word.replace(/'([^']*)'|"([^"]*)"|\\([^])/g, (_all, single, double, plain) =>
      String(single ?? double ?? plain)));
}

export function* tee(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'ai', '');
  if (typeof parsed === 'number') return parsed;
  let exitCode = 0;
  const paths: string[] = [];
  for (const name of parsed.rest) {
    const path = absolutePath(sys.cwd, name);
    const refused = sys.files.write(path, parsed.flags.has('a') ? sys.files.read(path) ?? '' : '');
    if (refused === undefined) {
      paths.push(path);
      continue;
    }
    sys.stderr(`tee: ${name}: ${refused}\n`);
    exitCode = 1;
  }
  for (let text = yield* sys.readSome(); text !== undefined; text = yield* sys.readSome()) {
    sys.stdout(text);
    for (const path of paths) sys.files.write(path, `${sys.files.read(path) ?? ''}${text}`);
  }
  return exitCode;
}

const WRONG = 2;

export function* expr(sys: Sys, argv: readonly string[]): Operation<number> {
  const fail = (text: string): number => {
    sys.stderr(`expr: ${text}\n`);
    return WRONG;
  };
  if (argv.length < 2) return fail('too few arguments');
  const reader = new ExpressionReader(argv.slice(1));
  const value = reader.or();
  if (!reader.ended) reader.flaw ??= 'syntax error';
  if (reader.flaw !== undefined) return fail(reader.flaw);
  sys.stdout(`${value}\n`);
  return value === '' || value === '0' ? 1 : 0;
}

class ExpressionReader {
  flaw: string | undefined = undefined;
  private at = 0;

  constructor(private readonly words: readonly string[]) {}

  get ended(): boolean {
    return this.at >= this.words.length;
  }

  or(): string {
    let left = this.and();
    while (this.take('|') !== undefined) {
      const right = this.and();
      left = isNothing(left) ? right : left;
    }
    return left;
  }

  private and(): string {
    let left = this.compare();
    while (this.take('&') !== undefined) {
      const right = this.compare();
      left = isNothing(left) || isNothing(right) ? '0' : left;
    }
    return left;
  }

  private compare(): string {
    let left = this.sum();
    for (let sign = this.take('<', '<=', '=', '==', '!=', '>=', '>'); sign !== undefined;
      sign = this.take('<', '<=', '=', '==', '!=', '>=', '>')) {
      const right = this.sum();
      const numeric = isNumber(left) && isNumber(right);
      const order = numeric ? Number(left) - Number(right) : left < right ? -1 : left > right ? 1 : 0;
      const holds = sign === '<' ? order < 0 : sign === '<=' ? order <= 0 : sign === '!=' ? order !== 0
        : sign === '>=' ? order >= 0 : sign === '>' ? order > 0 : order === 0;
      left = holds ? '1' : '0';
    }
    return left;
  }

  private sum(): string {
    let left = this.product();
    for (let sign = this.take('+', '-'); sign !== undefined; sign = this.take('+', '-')) {
      left = this.calculate(left, sign, this.product());
    }
    return left;
  }

  private product(): string {
    let left = this.match();
    for (let sign = this.take('*', '/', '%'); sign !== undefined; sign = this.take('*', '/', '%')) {
      left = this.calculate(left, sign, this.match());
    }
    return left;
  }

  private calculate(left: string, sign: string, right: string): string {
    if (!isNumber(left) || !isNumber(right)) {
      this.flaw ??= 'non-numeric argument';
      return '0';
    }
    const [a, b] = [Number(left), Number(right)];
    if (b === 0 && (sign === '/' || sign === '%')) {
      this.flaw ??= 'division by zero';
      return '0';
    }
    return String(sign === '+' ? a + b : sign === '-' ? a - b : sign === '*' ? a * b : sign === '/' ? Math.trunc(a / b)
      : a % b);
  }

  private match(): string {
    let left = this.primary();
    while (this.take(':') !== undefined) left = matchAtStart(left, this.primary());
    return left;
  }

  private primary(): string {
    const word = this.words[this.at++];
    if (word === undefined) {
      this.flaw ??= 'syntax error';
      return '';
    }
    switch (word) {
      case '(': {
        const value = this.or();
        if (this.take(')') === undefined) this.flaw ??= 'syntax error';
        return value;
      }
      case 'length': return String(this.primary().length);
      case 'match': return matchAtStart(this.primary(), this.primary());
      case 'index': {
        const text = this.primary();
        const chars = this.primary();
        return String([...text].findIndex((char) => chars.includes(char)) + 1);
      }
      case 'substr': {
        const text = this.primary();
        const from = Number(this.primary());
        return text.slice(from - 1, from - 1 + Number(this.primary()));
      }
      default: return word;
    }
  }

  private take(...signs: string[]): string | undefined {
    const word = this.words[this.at];
    if (word === undefined || !signs.includes(word)) return undefined;
    this.at++;
    return word;
  }
}

function isNumber(text: string): boolean {
  return /^-?\d+$/.test(text);
}

function isNothing(text: string): boolean {
  return text === '' || text === '0';
}

/** The first group, or how many characters match. */
function matchAtStart(text: string, pattern: string): string {
  const source = basicPattern(pattern);
  const match = new RegExp(`^(?:${source})`).exec(text);
  const grouped = /\\\(/.test(pattern);
  return match === null ? (grouped ? '' : '0') : grouped ? match[1] ?? '' : String(match[0].length);
}
