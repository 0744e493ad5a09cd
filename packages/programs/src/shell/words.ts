// Characters to words: quoting, parameters, substitutions, here-documents. POSIX sections 2.2, 2.3, 2.6 and 2.7.4.

import type { List, ParameterOperator, Part, Redirection, Word } from './syntax.js';

const OPERATORS = ['&&', '||', ';;', '<<-', '<<', '>>', '>&', '<&', '|', '&', ';', '(', ')', '<', '>', '\n'];
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const PARAMETER = /[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-]/y;
const OPERATOR_IN_BRACES = /:?[-=+?]|##?|%%?/y;

/** A commands' parser that a substitution inside a word leads back to. */
export abstract class WordReader {
  flaw: string | undefined = undefined;
  incomplete = false;
  protected at = 0;
  private readonly hereDocuments: { readonly redirection: Redirection; readonly delimiter: string;
    readonly quoted: boolean;
    readonly indented: boolean }[] = [];

  constructor(protected source: string) {}

  protected abstract listUntil(...terminators: string[]): List;
  protected abstract parseWhole(source: string): List;

  protected get ended(): boolean {
    return this.at >= this.source.length;
  }

  /** The first flaw counts; the rest of the text is given up. */
  protected fail(flaw: string, incomplete = false): void {
    if (this.flaw === undefined) {
      this.flaw = flaw;
      this.incomplete = incomplete;
    }
    this.at = this.source.length;
  }

  protected skipBlanks(): void {
    for (;;) {
      if (this.source.startsWith('\\\n', this.at)) this.at += 2;
      else if (this.source[this.at] === ' ' || this.source[this.at] === '\t'
        || this.source[this.at] === '\r') this.at++;
      else break;
    }
    if (this.source[this.at] !== '#') return;
    const end = this.source.indexOf('\n', this.at);
    this.at = end < 0 ? this.source.length : end;
  }

  protected peekOperator(): string | undefined {
    this.skipBlanks();
    return OPERATORS.find((operator) => this.source.startsWith(operator, this.at));
  }

  protected takeOperator(...wanted: string[]): string | undefined {
    const operator = this.peekOperator();
    if (operator === undefined || !wanted.includes(operator)) return undefined;
    this.at += operator.length;
    if (operator === '\n') this.readHereDocuments();
    return operator;
  }

  protected takeMatch(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.at;
    const match = expression.exec(this.source);
    if (match === null) return undefined;
    this.at = expression.lastIndex;
    return match;
  }

  /** Undefined when no word begins here. */
  protected readWord(): Word | undefined {
    this.skipBlanks();
    const parts: Part[] = [];
    const from = this.at;
    while (!this.ended && !' \t\r\n;&|()<>'.includes(this.source[this.at]!)) this.readPart(parts, '');
    return this.at === from ? undefined : parts;
  }

  /** One part of a word, up to `stop` at the latest where that is given. */
  private readPart(parts: Part[], stop: string): void {
    const { source } = this;
    const char = source[this.at]!;
    if (char === "'") {
      const end = source.indexOf("'", this.at + 1);
      if (end < 0) return this.fail('syntax error: unterminated quoted string', true);
      parts.push({ kind: 'text', text: source.slice(this.at + 1, end), quoted: true });
      this.at = end + 1;
    } else if (char === '"') {
      this.at++;
      this.readQuoted(parts, '"');
    } else if (char === '\\') {
      if (source[this.at + 1] !== '\n') parts.push({ kind: 'text', text: source[this.at + 1] ?? '\\', quoted: true });
      this.at += 2;
    } else if (char === '$' || char === '`') {
      this.readExpansion(parts, false);
    } else {
      const plain = /[^'"\\$` \t\r\n;&|()<>}]+|[^'"\\$`]/y;
      const inBraces = /[^'"\\$`}]+|[^'"\\$`]/y;
      parts.push({ kind: 'text', text: this.takeMatch(stop === '}' ? inBraces : plain)![0], quoted: false });
    }
  }

  /** What stands between double quotes, or in a here-document when `end` is empty. */
  private readQuoted(parts: Part[], end: string): void {
    const { source } = this;
    let text = '';
    const flush = (): void => {
      parts.push({ kind: 'text', text, quoted: true });
      text = '';
    };
    for (;;) {
      const char = source[this.at];
      if (char === undefined) {
        if (end !== '') this.fail('syntax error: unterminated quoted string', true);
        return flush();
      }
      if (char === end) {
        this.at++;
        return flush();
      }
      if (char === '\\' && '$`"\\\n'.includes(source[this.at + 1] ?? ' ')) {
        if (source[this.at + 1] !== '\n') text += source[this.at + 1]!;
        this.at += 2;
      } else if (char === '$' || char === '`') {
        flush();
        this.readExpansion(parts, true);
      } else {
        text += char;
        this.at++;
      }
    }
  }

  private readExpansion(parts: Part[], quoted: boolean): void {
    const { source } = this;
    if (source[this.at] === '`') return this.readBackquoted(parts, quoted);
    if (source.startsWith('$((', this.at)) return this.readArithmetic(parts, quoted);
    if (source.startsWith('$(', this.at)) {
      this.at += 2;
      const list = this.listUntil(')');
      if (this.takeOperator(')') === undefined) this.fail('syntax error: unexpected end of file (expecting ")")', true);
      parts.push({ kind: 'command', list, quoted });
      return;
    }
    if (source.startsWith('${', this.at)) return this.readBraced(parts, quoted);
    this.at++;
    const name = this.takeMatch(PARAMETER)?.[0];
    if (name === undefined) parts.push({ kind: 'text', text: '$', quoted });
    else parts.push({ kind: 'parameter', name, operator: '', word: [], quoted });
  }

  private readBackquoted(parts: Part[], quoted: boolean): void {
    const match = this.takeMatch(/`((?:[^`\\]|\\[^])*)`/y);
    if (match === undefined) return this.fail('syntax error: EOF in backquote substitution', true);
    parts.push({ kind: 'command', list: this.parseWhole(match[1]!.replace(/\\([$`\\])/g, '$1')), quoted });
  }

  private readArithmetic(parts: Part[], quoted: boolean): void {
    this.at += 3;
    const from = this.at;
    let depth = 0;
    while (!this.ended && !(depth === 0 && this.source.startsWith('))', this.at))) {
      if (this.source[this.at] === '(') depth++;
      if (this.source[this.at] === ')') depth--;
      this.at++;
    }
    if (this.ended) return this.fail('syntax error: missing \'))\'', true);
    const word = this.wordOf(this.source.slice(from, this.at));
    this.at += 2;
    parts.push({ kind: 'arithmetic', word, quoted });
  }

  private readBraced(parts: Part[], quoted: boolean): void {
    this.at += 2;
    const length = /#[A-Za-z_0-9@*?]/y;
    length.lastIndex = this.at;
    const counts = length.test(this.source);
    if (counts) this.at++;
    const name = this.takeMatch(PARAMETER)?.[0];
    if (name === undefined) return this.fail('syntax error: bad substitution');
    const sign = counts ? undefined : this.takeMatch(OPERATOR_IN_BRACES)?.[0];
    const word: Part[] = [];
    while (!this.ended && this.source[this.at] !== '}') this.readPart(word, '}');
    if (this.ended) return this.fail('syntax error: missing \'}\'', true);
    if (sign === undefined && word.length > 0) return this.fail('syntax error: bad substitution');
    this.at++;
    parts.push({ kind: 'parameter', name, operator: counts ? 'length' : (sign ?? '') as ParameterOperator, word,
      quoted });
  }

  /** A text in which only expansions mean something. */
  private wordOf(text: string): Word {
    const outer = { source: this.source, at: this.at };
    const parts: Part[] = [];
    this.source = text;
    this.at = 0;
    this.readQuoted(parts, '');
    this.source = outer.source;
    this.at = this.flaw === undefined ? outer.at : outer.source.length;
    return parts;
  }

  // --- here-documents: their lines follow the line in which they are announced ---

  protected announceHereDocument(redirection: Redirection, delimiter: Word, indented: boolean): void {
    const text = delimiter.map((part) => (part.kind === 'text' ? part.text : '')).join('');
    this.hereDocuments.push({ redirection, delimiter: text, indented,
      quoted: delimiter.some((part) => part.kind === 'text' && part.quoted) });
  }

  protected readHereDocuments(): void {
    for (const { redirection, delimiter, quoted, indented } of this.hereDocuments.splice(0)) {
      let text = '';
      for (;;) {
        if (this.ended) {
          // ash takes the end of the script for the end of the document.
          this.incomplete = true;
          break;
        }
        const end = this.source.indexOf('\n', this.at);
        const line = this.source.slice(this.at, end < 0 ? this.source.length : end);
        this.at = end < 0 ? this.source.length : end + 1;
        const shown = indented ? line.replace(/^\t+/, '') : line;
        if (shown === delimiter) break;
        text += `${shown}\n`;
      }
      redirection.target = quoted ? [{ kind: 'text', text, quoted: true }] : this.wordOf(text);
    }
  }

  protected takeName(): string | undefined {
    return this.takeMatch(NAME)?.[0];
  }
}
