// Words of awk to a tree. POSIX awk, Grammar.

import { extendedPattern } from '../pattern.js';
import { lexAwk } from './lex.js';
import { TokenReader } from './token-reader.js';

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'regex'; readonly expression: RegExp }
  | { readonly kind: 'field'; readonly index: Expression }
  | { readonly kind: 'variable'; readonly name: string; readonly subscript: readonly Expression[] | undefined }
  | { readonly kind: 'call'; readonly name: string; readonly words: readonly Expression[] }
  | { readonly kind: 'unary'; readonly sign: string; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly sign: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'choice'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly kind: 'assign'; readonly sign: string; readonly target: Expression; readonly value: Expression }
  | { readonly kind: 'step'; readonly sign: '++' | '--'; readonly before: boolean; readonly target: Expression }
  | { readonly kind: 'member'; readonly key: readonly Expression[]; readonly array: string }
  | { readonly kind: 'getline'; readonly from: 'input' | 'file' | 'command'; readonly source: Expression | undefined;
      readonly target: Expression | undefined };

export type Statement =
  | { readonly kind: 'expression'; readonly value: Expression }
  | { readonly kind: 'print' | 'printf'; readonly words: readonly Expression[]; readonly to: string;
      readonly target: Expression | undefined }
  | { readonly kind: 'block'; readonly body: readonly Statement[] }
  | { readonly kind: 'if'; readonly test: Expression; readonly yes: Statement; readonly no: Statement | undefined }
  | { readonly kind: 'while'; readonly test: Expression; readonly body: Statement; readonly first: boolean }
  | { readonly kind: 'for'; readonly start: Statement | undefined; readonly test: Expression | undefined;
      readonly step: Statement | undefined; readonly body: Statement }
  | { readonly kind: 'each'; readonly name: string; readonly array: string; readonly body: Statement }
  | { readonly kind: 'delete'; readonly array: string; readonly key: readonly Expression[] | undefined }
  | { readonly kind: 'break' | 'continue' | 'next' }
  | { readonly kind: 'exit' | 'return'; readonly value: Expression | undefined };

export interface Rule {
  readonly when: 'BEGIN' | 'END' | 'line';
  readonly from: Expression | undefined;
  readonly to: Expression | undefined;
  /** Undefined: prints the line. */
  readonly action: Statement | undefined;
  inRange: boolean;
}

export interface AwkProgram {
  readonly rules: readonly Rule[];
  readonly functions: ReadonlyMap<string, { readonly parameters: readonly string[]; readonly body: Statement }>;
}

/** A text says what is wrong. */
export function parseAwk(source: string): AwkProgram | string {
  const tokens = lexAwk(source);
  if (typeof tokens === 'string') return tokens;
  const parser = new AwkParser(tokens);
  const program = parser.program();
  return parser.flaw ?? program;
}

class AwkParser extends TokenReader {
  /** Within the words of print a > writes to a file; within for (…) `in` belongs to the loop. */
  private noGreater = false;
  private noIn = false;

  program(): AwkProgram {
    const rules: Rule[] = [];
    const functions = new Map<string, { parameters: readonly string[]; body: Statement }>();
    for (this.newlines(); this.peek().kind !== 'end'; this.newlines()) {
      if (this.takeWord('function', 'func') !== undefined) {
        const name = this.next().text;
        this.expect('(');
        const parameters: string[] = [];
        while (!this.is(')') && this.flaw === undefined) {
          parameters.push(this.next().text);
          if (this.take(',') === undefined) break;
        }
        this.expect(')');
        this.newlines();
        functions.set(name, { parameters, body: this.block() });
        continue;
      }
      const when = this.takeWord('BEGIN', 'END') as 'BEGIN' | 'END' | undefined;
      const from = when !== undefined || this.is('{') ? undefined : this.expression();
      const to = from !== undefined && this.take(',') !== undefined ? this.expression() : undefined;
      const action = this.is('{') ? this.block() : undefined;
      if (when !== undefined && action === undefined) this.fail();
      rules.push({ when: when ?? 'line', from, to, action, inRange: false });
    }
    return { rules, functions };
  }

  // --- statements ---

  private block(): Statement {
    this.expect('{');
    const body: Statement[] = [];
    for (this.separators(); !this.is('}') && this.flaw === undefined; this.separators()) body.push(this.statement());
    this.expect('}');
    return { kind: 'block', body };
  }

  private statement(): Statement {
    if (this.is('{')) return this.block();
    if (this.take(';') !== undefined) return { kind: 'block', body: [] };
    const word = this.peek().kind === 'keyword' ? this.peek().text : '';
    switch (word) {
      case 'if': {
        this.at++;
        const test = this.parenthesised();
        const yes = this.body();
        const before = this.at;
        this.separators();
        if (this.takeWord('else') === undefined) {
          this.at = before;
          return { kind: 'if', test, yes, no: undefined };
        }
        return { kind: 'if', test, yes, no: this.body() };
      }
      case 'while': {
        this.at++;
        return { kind: 'while', test: this.parenthesised(), body: this.body(), first: true };
      }
      case 'do': {
        this.at++;
        const body = this.body();
        this.separators();
        if (this.takeWord('while') === undefined) this.fail();
        return { kind: 'while', test: this.parenthesised(), body, first: false };
      }
      case 'for': return this.forLoop();
      default: {
        const simple = this.simple();
        if (!this.is('}')) this.endOfStatement();
        return simple;
      }
    }
  }

  private parenthesised(): Expression {
    this.expect('(');
    const value = this.expression();
    this.expect(')');
    return value;
  }

  private body(): Statement {
    this.newlines();
    return this.statement();
  }

  private forLoop(): Statement {
    this.at++;
    this.expect('(');
    const [name, word, array, close] = this.tokens.slice(this.at, this.at + 4);
    if (name?.kind === 'name' && word?.text === 'in' && array?.kind === 'name' && close?.text === ')') {
      this.at += 4;
      return { kind: 'each', name: name.text, array: array.text, body: this.body() };
    }
    const start = this.is(';') ? undefined : this.simple();
    this.expect(';');
    const test = this.is(';') ? undefined : this.expression();
    this.expect(';');
    const step = this.is(')') ? undefined : this.simple();
    this.expect(')');
    return { kind: 'for', start, test, step, body: this.body() };
  }

  private simple(): Statement {
    const word = this.takeWord('print', 'printf', 'break', 'continue', 'next', 'exit', 'return', 'delete');
    switch (word) {
      case 'print': case 'printf': return this.printing(word);
      case 'break': case 'continue': case 'next': return { kind: word };
      case 'exit': case 'return': return { kind: word, value: this.atEnd() ? undefined : this.expression() };
      case 'delete': {
        const array = this.next().text;
        const key = this.take('[') === undefined ? undefined : this.list(']');
        return { kind: 'delete', array, key };
      }
      default: return { kind: 'expression', value: this.expression() };
    }
  }

  private printing(kind: 'print' | 'printf'): Statement {
    const outer = this.noGreater;
    this.noGreater = true;
    let words: Expression[] = [];
    if (!this.atEnd() && !['>', '>>', '|'].some((sign) => this.is(sign))) {
      words = this.grouped() ?? this.commaSeparated();
    }
    this.noGreater = outer;
    const to = this.take('>', '>>', '|') ?? '';
    return { kind, words, to, target: to === '' ? undefined : this.concatenation() };
  }

  /** `print (a, b)`: a list in parentheses that is all there is. */
  private grouped(): Expression[] | undefined {
    if (!this.is('(')) return undefined;
    const before = this.at;
    this.at++;
    const outer = this.noGreater;
    this.noGreater = false;
    const words = this.list(')');
    this.noGreater = outer;
    if (this.flaw === undefined && (this.atEnd() || ['>', '>>', '|'].some((sign) => this.is(sign)))) return words;
    this.at = before;
    return undefined;
  }

  private commaSeparated(): Expression[] {
    const words = [this.expression()];
    while (this.take(',') !== undefined) {
      this.newlines();
      words.push(this.expression());
    }
    return words;
  }

  /** Up to the closing sign. */
  private list(close: string): Expression[] {
    const words: Expression[] = [];
    this.newlines();
    if (this.take(close) !== undefined) return words;
    words.push(...this.commaSeparated());
    this.newlines();
    this.expect(close);
    return words;
  }

  // --- expressions, from the loosest to the tightest ---

  private expression(): Expression {
    const test = this.choice();
    const sign = this.take('=', '+=', '-=', '*=', '/=', '%=');
    if (sign === undefined) return test;
    if (test.kind !== 'variable' && test.kind !== 'field') this.fail();
    this.newlines();
    return { kind: 'assign', sign, target: test, value: this.expression() };
  }

  private choice(): Expression {
    const test = this.binary(0);
    if (this.take('?') === undefined) return test;
    this.newlines();
    const yes = this.expression();
    this.newlines();
    this.expect(':');
    this.newlines();
    return { kind: 'choice', test, yes, no: this.expression() };
  }

  private binary(level: number): Expression {
    if (level === LEVELS.length) return this.concatenation();
    let left = this.binary(level + 1);
    for (;;) {
      if (LEVELS[level]!.includes('in') && !this.noIn && this.takeWord('in') !== undefined) {
        left = { kind: 'member', key: [left], array: this.next().text };
        continue;
      }
      if (this.noGreater && this.is('>')) return left;
      const sign = this.take(...LEVELS[level]!);
      if (sign === undefined) return left;
      if (sign === '&&' || sign === '||') this.newlines();
      left = { kind: 'binary', sign, left, right: this.binary(level + 1) };
    }
  }

  private concatenation(): Expression {
    let left = this.sum();
    for (;;) {
      if (this.is('|') && this.tokens[this.at + 1]?.text === 'getline') {
        this.at += 2;
        left = { kind: 'getline', from: 'command', source: left, target: this.lvalue() };
      } else if (this.beginsOperand()) {
        left = { kind: 'binary', sign: ' ', left, right: this.sum() };
      } else {
        return left;
      }
    }
  }

  private beginsOperand(): boolean {
    const { kind, text } = this.peek();
    return kind === 'number' || kind === 'string' || kind === 'regex' || kind === 'name' || kind === 'call'
      || (kind === 'sign' && ['$', '!', '(', '-', '+', '++', '--'].includes(text));
  }

  private sum(): Expression {
    let left = this.product();
    for (let sign = this.take('+', '-'); sign !== undefined; sign = this.take('+', '-')) {
      left = { kind: 'binary', sign, left, right: this.product() };
    }
    return left;
  }

  private product(): Expression {
    let left = this.unary();
    for (let sign = this.take('*', '/', '%', '^'); sign !== undefined; sign = this.take('*', '/', '%', '^')) {
      left = { kind: 'binary', sign, left, right: this.unary() };
    }
    return left;
  }

  private unary(): Expression {
    const sign = this.take('!', '-', '+');
    if (sign !== undefined) return { kind: 'unary', sign, operand: this.unary() };
    const step = this.take('++', '--') as '++' | '--' | undefined;
    if (step !== undefined) return { kind: 'step', sign: step, before: true, target: this.primary() };
    const value = this.primary();
    const after = this.take('++', '--') as '++' | '--' | undefined;
    return after === undefined ? value : { kind: 'step', sign: after, before: false, target: value };
  }

  private primary(): Expression {
    const token = this.next();
    switch (token.kind) {
      case 'number': return { kind: 'number', value: Number(token.text) };
      case 'string': return { kind: 'string', value: token.text };
      case 'regex': return { kind: 'regex', expression: this.compile(token.text) };
      case 'call':
        this.at++;
        return { kind: 'call', name: token.text, words: this.list(')') };
      case 'name':
        if (token.text === 'length') return { kind: 'call', name: 'length', words: [] };
        return { kind: 'variable', name: token.text, subscript: this.take('[') === undefined ? undefined
          : this.list(']') };
      default:
    }
    if (token.text === '$') {
      const step = this.take('++', '--') as '++' | '--' | undefined;
      const index = this.take('-') === undefined ? this.primary() : { kind: 'unary' as const, sign: '-',
        operand: this.primary() };
      return { kind: 'field', index: step === undefined ? index
        : { kind: 'step', sign: step, before: true, target: index } };
    }
    if (token.text === '(') {
      const outer = [this.noGreater, this.noIn] as const;
      [this.noGreater, this.noIn] = [false, false];
      const words = this.list(')');
      [this.noGreater, this.noIn] = outer;
      if (words.length === 1) return words[0]!;
      if (this.takeWord('in') !== undefined) return { kind: 'member', key: words, array: this.next().text };
    }
    if (token.text === 'getline') {
      const target = this.lvalue();
      const from = this.take('<') === undefined ? undefined : this.primary();
      return { kind: 'getline', from: from === undefined ? 'input' : 'file', source: from, target };
    }
    this.fail();
    return { kind: 'number', value: 0 };
  }

  private lvalue(): Expression | undefined {
    return this.peek().kind === 'name' || this.is('$') ? this.primary() : undefined;
  }

  private compile(source: string): RegExp {
    try {
      return new RegExp(extendedPattern(source));
    } catch {
      this.flaw ??= `bad regex '${source}': Invalid regexp`;
      return /^/;
    }
  }
}

const LEVELS: readonly (readonly string[])[] = [['||'], ['&&'], ['in'], ['~', '!~'],
  ['<', '<=', '!=', '==', '>', '>=']];
