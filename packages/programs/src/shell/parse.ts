// Words to commands. POSIX section 2.10.2.

import type { AndOr, Assignment, Command, List, Parsed, Pipeline, Redirection, Word } from './syntax.js';
import { WordReader } from './words.js';

const RESERVED = /(?:if|then|elif|else|fi|do|done|while|until|for|case|esac|in|function|[{}!])(?=[\s;&|()<>]|$)/y;
/** Those that begin a command, and so do not end a list. */
const OPENERS: ReadonlySet<string> = new Set(['if', 'while', 'until', 'for', 'case', '{', '!', 'function']);

export function parseCommands(source: string): Parsed {
  const parser = new Parser(source);
  const list = parser.whole();
  return parser.flaw === undefined ? { ok: true, list, incomplete: parser.incomplete }
    : { ok: false, flaw: parser.flaw, incomplete: parser.incomplete };
}

class Parser extends WordReader {
  whole(): List {
    const list = this.listUntil();
    if (!this.ended) this.unexpected();
    this.readHereDocuments();
    return list;
  }

  protected parseWhole(source: string): List {
    const inner = new Parser(source);
    const list = inner.whole();
    if (inner.flaw !== undefined) this.fail(inner.flaw, inner.incomplete);
    return list;
  }

  protected listUntil(...terminators: string[]): List {
    const list: AndOr[] = [];
    for (;;) {
      while (this.takeOperator('\n') !== undefined) continue;
      if (this.ended) return list;
      const operator = this.peekOperator();
      if (operator === ')' || operator === ';;'
        || (operator !== undefined && terminators.includes(operator))) return list;
      const word = this.peekReserved();
      if (word !== undefined && !OPENERS.has(word)) return list;
      const before = this.at;
      const first = this.pipeline();
      if (this.flaw !== undefined) return list;
      const rest: { operator: '&&' | '||'; pipeline: Pipeline }[] = [];
      for (let link = this.takeOperator('&&', '||'); link !== undefined; link = this.takeOperator('&&', '||')) {
        while (this.takeOperator('\n') !== undefined) continue;
        rest.push({ operator: link as '&&' | '||', pipeline: this.pipeline() });
      }
      const separator = this.takeOperator(';', '&', '\n');
      const text = this.source.slice(before, this.at).replace(/[&\s]+$/, '').trimStart();
      list.push({ first, rest, background: separator === '&', ...(separator === '&' ? { text } : {}) });
      if (separator === undefined || this.at === before) return list;
    }
  }

  private pipeline(): Pipeline {
    let negated = false;
    while (this.takeReserved('!')) negated = !negated;
    const commands = [this.command()];
    while (this.takeOperator('|') !== undefined) {
      while (this.takeOperator('\n') !== undefined) continue;
      commands.push(this.command());
    }
    return { negated, commands };
  }

  private command(): Command {
    const word = this.peekReserved();
    if (word !== undefined && OPENERS.has(word) && word !== '!') {
      this.takeReserved(word);
      return this.compound(word);
    }
    if (this.takeOperator('(') !== undefined) {
      const body = this.listUntil(')');
      this.expectOperator(')');
      return { kind: 'subshell', body, redirections: this.redirections() };
    }
    return this.simple();
  }

  private compound(word: string): Command {
    switch (word) {
      case 'if': return this.conditional();
      case 'for': return this.forLoop();
      case 'case': return this.caseOf();
      case '{': {
        const body = this.listUntil();
        this.expect('}');
        return { kind: 'group', body, redirections: this.redirections() };
      }
      case 'function': {
        this.skipBlanks();
        const name = this.takeName() ?? '';
        if (this.takeOperator('(') !== undefined) this.expectOperator(')');
        return this.functionBody(name);
      }
      default: {
        const condition = this.listUntil();
        this.expect('do');
        const body = this.listUntil();
        this.expect('done');
        return { kind: 'loop', until: word === 'until', condition, body, redirections: this.redirections() };
      }
    }
  }

  private conditional(): Command {
    const branches: { condition: List; body: List }[] = [];
    do {
      const condition = this.listUntil();
      this.expect('then');
      branches.push({ condition, body: this.listUntil() });
    } while (this.takeReserved('elif'));
    const otherwise = this.takeReserved('else') ? this.listUntil() : [];
    this.expect('fi');
    return { kind: 'if', branches, otherwise, redirections: this.redirections() };
  }

  private forLoop(): Command {
    this.skipBlanks();
    const name = this.takeName();
    if (name === undefined) this.fail('syntax error: bad for loop variable');
    while (this.takeOperator('\n') !== undefined) continue;
    let words: Word[] | undefined;
    if (this.takeReserved('in')) {
      words = [];
      for (let word = this.readWord(); word !== undefined; word = this.readWord()) words.push(word);
    }
    while (this.takeOperator(';', '\n') !== undefined) continue;
    this.expect('do');
    const body = this.listUntil();
    this.expect('done');
    return { kind: 'for', name: name ?? '', words, body, redirections: this.redirections() };
  }

  private caseOf(): Command {
    const word = this.readWord() ?? [];
    while (this.takeOperator('\n') !== undefined) continue;
    this.expect('in');
    const arms: { patterns: Word[]; body: List }[] = [];
    for (;;) {
      while (this.takeOperator('\n') !== undefined) continue;
      if (this.ended || this.takeReserved('esac')) break;
      this.takeOperator('(');
      const patterns: Word[] = [];
      do {
        const pattern = this.readWord();
        if (pattern === undefined) {
          this.unexpected();
          break;
        }
        patterns.push(pattern);
      } while (this.takeOperator('|') !== undefined);
      this.expectOperator(')');
      arms.push({ patterns, body: this.listUntil() });
      if (this.takeOperator(';;') === undefined) {
        this.expect('esac');
        break;
      }
      if (this.flaw !== undefined) break;
    }
    return { kind: 'case', word, arms, redirections: this.redirections() };
  }

  private simple(): Command {
    const assignments: Assignment[] = [];
    const words: Word[] = [];
    const redirections: Redirection[] = [];
    for (;;) {
      const redirection = this.redirection();
      if (redirection !== undefined) {
        redirections.push(redirection);
        continue;
      }
      const word = this.readWord();
      if (word === undefined) break;
      const assignment = words.length === 0 ? assignmentOf(word) : undefined;
      if (assignment !== undefined) assignments.push(assignment);
      else words.push(word);
      const [only] = word;
      if (words.length === 1 && word.length === 1 && only!.kind === 'text' && !only!.quoted
        && this.peekOperator() === '(') {
        this.takeOperator('(');
        this.expectOperator(')');
        return this.functionBody(only!.text);
      }
    }
    if (assignments.length + words.length + redirections.length === 0) this.unexpected();
    return { kind: 'simple', assignments, words, redirections };
  }

  private functionBody(name: string): Command {
    while (this.takeOperator('\n') !== undefined) continue;
    return { kind: 'function', name, body: this.command(), redirections: [] };
  }

  private redirections(): Redirection[] {
    const all: Redirection[] = [];
    for (let one = this.redirection(); one !== undefined; one = this.redirection()) all.push(one);
    return all;
  }

  private redirection(): Redirection | undefined {
    this.skipBlanks();
    const match = this.takeMatch(/(\d?)(<<-?|>>|>&|<&|<|>\|?)/y);
    if (match === undefined) return undefined;
    const sign = match[2]!.startsWith('<<') ? '<<' : match[2] === '>|' ? '>' : match[2]!;
    const target = this.readWord();
    if (target === undefined) this.unexpected();
    const descriptor = match[1] === '' ? (sign.startsWith('<') ? 0 : 1) : Number(match[1]);
    const redirection: Redirection = { descriptor, operator: sign as Redirection['operator'], target: target ?? [] };
    if (sign === '<<') this.announceHereDocument(redirection, target ?? [], match[2] === '<<-');
    return redirection;
  }

  private peekReserved(): string | undefined {
    this.skipBlanks();
    const before = this.at;
    const word = this.takeMatch(RESERVED)?.[0];
    this.at = before;
    return word;
  }

  private takeReserved(word: string): boolean {
    if (this.peekReserved() !== word) return false;
    this.at += word.length;
    return true;
  }

  private expect(word: string): void {
    while (this.takeOperator('\n') !== undefined) continue;
    if (this.takeReserved(word)) return;
    this.unexpected(word);
  }

  private expectOperator(operator: string): void {
    if (this.takeOperator(operator) === undefined) this.unexpected(operator);
  }

  private unexpected(expected?: string): void {
    const expecting = expected === undefined ? '' : ` (expecting "${expected}")`;
    const operator = this.peekOperator();
    if (this.ended) return this.fail(`syntax error: unexpected end of file${expecting}`, true);
    const word = this.peekReserved() ?? /[^\s;&|()<>]*/y.exec(this.source.slice(this.at))?.[0] ?? '';
    if (operator === '\n') return this.fail(`syntax error: unexpected newline${expecting}`);
    this.fail(operator === undefined && !this.isReserved(word) ? `syntax error: unexpected word${expecting}`
      : `syntax error: unexpected "${operator ?? word}"${expecting}`);
  }

  private isReserved(word: string): boolean {
    return this.peekReserved() === word;
  }
}

/** `NAME=value` at the beginning of a command. */
function assignmentOf(word: Word): Assignment | undefined {
  const [first, ...rest] = word;
  if (first === undefined || first.kind !== 'text' || first.quoted) return undefined;
  const match = /^([A-Za-z_][A-Za-z0-9_]*)=([^]*)$/.exec(first.text);
  if (match === null) return undefined;
  const value = match[2] === '' ? rest : [{ ...first, text: match[2]! }, ...rest];
  return { name: match[1]!, value };
}
