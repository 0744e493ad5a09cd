// The script of sed to commands. POSIX sed; complaints of busybox 1.35.

import { basicPattern, extendedPattern } from '../pattern.js';

export type Address = { readonly kind: 'line'; readonly number: number } | { readonly kind: 'last' }
  | { readonly kind: 'match'; readonly expression: RegExp };

export interface SedCommand {
  readonly from: Address | undefined;
  readonly to: Address | undefined;
  readonly negated: boolean;
  readonly letter: string;
  /** Of a i c : b t r w; what y translates from. */
  readonly text: string;
  readonly expression?: RegExp;
  /** What s puts in its place; what y translates to. */
  readonly replacement: string;
  readonly flags: string;
  readonly body: readonly SedCommand[];
  /** Whether the range from..to is being gone through. */
  inRange: boolean;
}

export function parseSed(script: string, extended: boolean): readonly SedCommand[] | string {
  const parser = new SedParser(script, extended);
  const commands = parser.list(false);
  return parser.flaw ?? commands;
}

class SedParser {
  flaw: string | undefined = undefined;
  private at = 0;

  constructor(private readonly script: string, private readonly extended: boolean) {}

  list(inBraces: boolean): SedCommand[] {
    const commands: SedCommand[] = [];
    for (;;) {
      this.skip(/[\s;]*/y);
      if (this.flaw !== undefined) return commands;
      if (this.at >= this.script.length) {
        if (inBraces) this.fail("unmatched '{'");
        return commands;
      }
      if (this.script[this.at] === '}') {
        if (!inBraces) this.fail("unexpected '}'");
        this.at++;
        return commands;
      }
      if (this.script[this.at] === '#') {
        this.skip(/[^\n]*/y);
        continue;
      }
      commands.push(this.command());
    }
  }

  private command(): SedCommand {
    const from = this.address();
    let to: Address | undefined;
    this.skip(/[ \t]*/y);
    if (from !== undefined && this.script[this.at] === ',') {
      this.at++;
      this.skip(/[ \t]*/y);
      to = this.address();
      if (to === undefined) this.fail("unexpected ','");
    }
    this.skip(/[ \t]*/y);
    let negated = false;
    while (this.script[this.at] === '!') {
      negated = true;
      this.skip(/![ \t]*/y);
    }
    const letter = this.script[this.at++] ?? '';
    const plain = { from, to, negated, letter, text: '', replacement: '', flags: '', body: [], inRange: false };
    if (letter === '') this.fail('missing command');
    else if (letter === '{') return { ...plain, body: this.list(true) };
    else if (letter === 's') return { ...plain, ...this.substitution() };
    else if (letter === 'y') return { ...plain, ...this.translation() };
    else if ('aic'.includes(letter)) return { ...plain, text: this.textOf() };
    else if (':btTrw'.includes(letter)) return { ...plain, text: this.label(letter) };
    else if (!'dDpPnNgGhHxqQ=l'.includes(letter)) this.fail(`unsupported command ${letter}`);
    else if (letter === 'q' || letter === 'Q') return { ...plain, text: this.skip(/[ \t]*\d*/y).trim() };
    return plain;
  }

  private address(): Address | undefined {
    const char = this.script[this.at];
    if (char !== undefined && /\d/.test(char)) return { kind: 'line', number: Number(this.skip(/\d+/y)) };
    if (char === '$') {
      this.at++;
      return { kind: 'last' };
    }
    if (char !== '/' && char !== '\\') return undefined;
    if (char === '\\') this.at++;
    const source = this.until(this.script[this.at++]!);
    const flag = this.skip(/I?/y);
    return { kind: 'match', expression: this.compile(source, flag === 'I' ? 'i' : '') };
  }

  private substitution(): Pick<SedCommand, 'expression' | 'replacement' | 'flags'> {
    const separator = this.script[this.at++] ?? '';
    const source = this.until(separator);
    const replacement = this.until(separator);
    const flags = this.skip(/[gpIi0-9]*/y);
    if (this.script[this.at] === 'w') this.label('w');
    return { expression: this.compile(source, /[Ii]/.test(flags) ? 'gi' : 'g'), replacement, flags };
  }

  private translation(): Pick<SedCommand, 'text' | 'replacement'> {
    const separator = this.script[this.at++] ?? '';
    const text = unescape(this.until(separator));
    const replacement = unescape(this.until(separator));
    if (text.length !== replacement.length) this.fail('y/xyz/abc/ lengths differ');
    return { text, replacement };
  }

  private until(separator: string): string {
    let text = '';
    let bracket = false;
    for (; this.at < this.script.length; this.at++) {
      const char = this.script[this.at]!;
      if (char === '\\' && this.at + 1 < this.script.length) {
        const next = this.script[++this.at]!;
        text += next === separator && separator !== '\\' ? next : `\\${next}`;
        continue;
      }
      if (char === '[') bracket = true;
      else if (char === ']') bracket = false;
      if (char === separator && !bracket) {
        this.at++;
        return text;
      }
      text += char;
    }
    this.fail(`unmatched '${separator}'`);
    return text;
  }

  /** Of a, i and c: the rest of the line, and further ones behind a backslash. */
  private textOf(): string {
    this.skip(/[ \t]*(?:\\\n?)?[ \t]*/y);
    let text = '';
    for (; this.at < this.script.length && this.script[this.at] !== '\n'; this.at++) {
      if (this.script[this.at] === '\\' && this.at + 1 < this.script.length) this.at++;
      text += this.script[this.at]!;
    }
    return text;
  }

  private label(letter: string): string {
    return this.skip(letter === ':' ? /[^\n;]*/y : /[^\n;}]*/y).trim();
  }

  private compile(source: string, flags: string): RegExp {
    try {
      return new RegExp(this.extended ? extendedPattern(source) : basicPattern(source), flags);
    } catch {
      this.fail(`bad regex '${source}': Invalid regexp`);
      return /^/;
    }
  }

  private skip(expression: RegExp): string {
    expression.lastIndex = this.at;
    const match = expression.exec(this.script);
    if (match === null) return '';
    this.at = expression.lastIndex;
    return match[0];
  }

  private fail(flaw: string): void {
    this.flaw ??= flaw;
    this.at = this.script.length;
  }
}

export function unescape(text: string): string {
  return text.replace(/\\(.)/gs, (_all, char: string) => (char === 'n' ? '\n' : char === 't' ? '\t' : char));
}
