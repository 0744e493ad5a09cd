// test and [: POSIX, with the grammar for any number of arguments (! ( ) -a -o).

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { absolutePath } from '../../files.js';

const WRONG = 2;

export function* test(sys: Sys, argv: readonly string[]): Operation<number> {
  return evaluateTest(sys, argv);
}

/** 0 true, 1 false, 2 no test at all. */
export function evaluateTest(sys: Sys, argv: readonly string[], prefix = `${argv[0]!}: `): number {
  const name = argv[0]!;
  let words = argv.slice(1);
  if (name === '[' || name === '[[' || name.endsWith('/[')) {
    const closing = name === '[[' ? ']]' : ']';
    if (words[words.length - 1] !== closing) {
      sys.stderr(`${prefix}missing ${closing}\n`);
      return WRONG;
    }
    words = words.slice(0, -1);
  }
  if (words.length === 0) return 1;
  const expression = new Expression(sys, words);
  const value = expression.or();
  if (expression.rest !== undefined) expression.flaw ??= `${expression.rest}: unknown operand`;
  if (expression.flaw !== undefined) {
    sys.stderr(`${prefix}${expression.flaw}\n`);
    return WRONG;
  }
  return value ? 0 : 1;
}

class Expression {
  flaw: string | undefined = undefined;
  private at = 0;

  constructor(private readonly sys: Sys, private readonly words: readonly string[]) {}

  get rest(): string | undefined {
    return this.words[this.at];
  }

  or(): boolean {
    let value = this.and();
    while (this.rest === '-o') {
      this.at++;
      const other = this.and();
      value ||= other;
    }
    return value;
  }

  private and(): boolean {
    let value = this.not();
    while (this.rest === '-a') {
      this.at++;
      const other = this.not();
      value &&= other;
    }
    return value;
  }

  private not(): boolean {
    if (this.rest === '!' && this.at + 1 < this.words.length) {
      this.at++;
      return !this.not();
    }
    return this.primary();
  }

  private primary(): boolean {
    const { words, at } = this;
    const first = words[at];
    if (first === undefined) {
      this.flaw ??= 'argument expected';
      return false;
    }
    const operator = words[at + 1];
    if (operator !== undefined && words[at + 2] !== undefined && BINARY.has(operator)) {
      this.at += 3;
      return this.compare(first, operator, words[at + 2]!);
    }
    if (first === '(' ) {
      this.at++;
      const value = this.or();
      if (this.rest === ')') this.at++;
      else this.flaw ??= 'closing paren expected';
      return value;
    }
    if (/^-[a-zA-Z]$/.test(first) && operator !== undefined) {
      this.at += 2;
      return this.unary(first, operator);
    }
    this.at++;
    return first !== '';
  }

  private unary(operator: string, word: string): boolean {
    const path = absolutePath(this.sys.cwd, word);
    const { files } = this.sys;
    const isFolder = (): boolean => files.list(path) !== undefined;
    switch (operator) {
      case '-n': return word !== '';
      case '-z': return word === '';
      case '-d': return isFolder();
      case '-f': return files.read(path) !== undefined && !isFolder();
      case '-e': case '-r': case '-w': return files.read(path) !== undefined || isFolder();
      case '-s': return (files.read(path) ?? '') !== '';
      case '-x': return this.sys.has(word) || isFolder();
      case '-t': return /^[012]$/.test(word) && this.sys.isTerminal(Number(word) as 0 | 1 | 2);
      case '-h': case '-L': return false;
      default:
        this.flaw ??= `${operator}: unknown operand`;
        return false;
    }
  }

  private compare(left: string, operator: string, right: string): boolean {
    if (operator === '=' || operator === '==') return left === right;
    if (operator === '!=') return left !== right;
    if (operator === '<') return left < right;
    if (operator === '>') return left > right;
    for (const word of [left, right]) {
      if (/^\s*[-+]?\d+\s*$/.test(word)) continue;
      this.flaw ??= `${word}: bad number`;
      return false;
    }
    const difference = Number(left) - Number(right);
    switch (operator) {
      case '-eq': return difference === 0;
      case '-ne': return difference !== 0;
      case '-lt': return difference < 0;
      case '-le': return difference <= 0;
      case '-gt': return difference > 0;
      default: return difference >= 0;
    }
  }
}

const BINARY: ReadonlySet<string> = new Set(['=', '==', '!=', '<', '>', '-eq', '-ne', '-lt', '-le', '-gt', '-ge']);
