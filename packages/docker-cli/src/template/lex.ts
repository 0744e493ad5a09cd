// Cuts a template into plain text and the tokens of its actions.

import { TemplateFlaw } from './nodes.js';
import { goQuote } from './number.js';

export type TokenKind =
  | 'word' | 'field' | 'variable' | 'dot' | 'string' | 'raw' | 'char' | 'number' | 'space' | 'pipe' | 'declare'
    | 'assign'
  | 'comma' | 'open' | 'close';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly at: number;
}

/** A stretch of text, or one action with its tokens. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly at: number; readonly tokens: readonly Token[] };

const TRIMMED = /[ \t\r\n]/;

/** Complaints about the text itself carry only the line, as Go's do. */
export function lexFlaw(name: string, source: string, at: number, problem: string): TemplateFlaw {
  const line = source.slice(0, at).split('\n').length;
  return new TemplateFlaw(`template: ${name}:${line}: ${problem}`);
}

/** The pieces of a template in order. */
export function lexTemplate(name: string, source: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let trimNext = false;
  for (;;) {
    const open = source.indexOf('{{', at);
    let text = source.slice(at, open < 0 ? undefined : open);
    if (trimNext) text = text.replace(/^[ \t\r\n]+/, '');
    const trims = open >= 0 && source[open + 2] === '-' && TRIMMED.test(source[open + 3] ?? '');
    if (trims) text = text.replace(/[ \t\r\n]+$/, '');
    if (text !== '') pieces.push({ kind: 'text', text });
    if (open < 0) return pieces;
    const inside = open + (trims ? 4 : 2);
    if (source.startsWith('/*', inside)) {
      const end = source.indexOf('*/', inside);
      if (end < 0) throw lexFlaw(name, source, open, 'unclosed comment');
      const closing = /^(\s-)?\}\}/.exec(source.slice(end + 2));
      if (closing === null) throw lexFlaw(name, source, open, 'comment ends before closing delimiter');
      trimNext = closing[1] !== undefined;
      at = end + 2 + closing[0].length;
      continue;
    }
    const lexer = new ActionLexer(name, source, inside);
    pieces.push({ kind: 'action', at: inside, tokens: lexer.tokens() });
    trimNext = lexer.trims;
    at = lexer.end;
  }
}

const PLAIN: ReadonlyArray<readonly [TokenKind, RegExp]> = [
  ['declare', /:=/y], ['assign', /=/y], ['pipe', /\|/y], ['comma', /,/y],
  ['number', /[+-]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)/y],
  ['field', /\.[\p{L}_][\p{L}\p{N}_]*/uy], ['dot', /\./y], ['variable', /\$[\p{L}\p{N}_]*/uy],
  ['word', /[\p{L}_][\p{L}\p{N}_]*/uy],
];

class ActionLexer {
  end = 0;
  trims = false;
  private depth = 0;

  constructor(private readonly name: string, private readonly source: string, private at: number) {}

  tokens(): readonly Token[] {
    const tokens: Token[] = [];
    for (;;) {
      const closing = /(?:[ \t\r\n]-)?\}\}/y;
      closing.lastIndex = this.at;
      const end = closing.exec(this.source);
      if (end !== null) {
        if (this.depth > 0) throw this.flaw('unclosed left paren');
        this.trims = end[0].length > 2;
        this.end = this.at + end[0].length;
        return tokens;
      }
      if (this.at >= this.source.length) throw this.flaw('unclosed action');
      const token = this.next();
      if (token.kind === 'open') this.depth++;
      if (token.kind === 'close' && --this.depth < 0) throw this.flaw('unexpected right paren');
      tokens.push(token);
      this.at += token.text.length;
    }
  }

  private next(): Token {
    const letter = this.source[this.at]!;
    if (TRIMMED.test(letter)) return this.token('space',
      /^[ \t\r\n]+?(?=[ \t\r\n]-\}\}|[^ \t\r\n]|$)/.exec(this.source.slice(this.at))![0]);
    if (letter === '"') return this.quoted('string', /"(?:[^"\\\n]|\\.)*"/y, 'unterminated quoted string');
    if (letter === "'") return this.quoted('char', /'(?:[^'\\\n]|\\.)+'/y, 'unterminated character constant');
    if (letter === '`') return this.quoted('raw', /`[^`]*`/y, 'unterminated raw quoted string');
    if (letter === '(' || letter === ')') return this.token(letter === '(' ? 'open' : 'close', letter);
    for (const [kind, pattern] of PLAIN) {
      pattern.lastIndex = this.at;
      const match = pattern.exec(this.source);
      if (match !== null) return this.checkEnd(this.token(kind, match[0]));
    }
    throw this.unrecognized(letter);
  }

  /** A name must be followed by something that can follow a name. */
  private checkEnd(token: Token): Token {
    if (token.kind !== 'field' && token.kind !== 'word' && token.kind !== 'variable') return token;
    const after = this.source.slice(this.at + token.text.length);
    if (after === '' || /^[\s.,|:()=]/.test(after) || after.startsWith('}}')) return token;
    const code = after.codePointAt(0)!;
    throw this.flaw(
      `bad character U+${code.toString(16).toUpperCase().padStart(4, '0')} '${String.fromCodePoint(code)}'`);
  }

  private quoted(kind: TokenKind, pattern: RegExp, problem: string): Token {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.source);
    if (match === null) throw this.flaw(problem);
    return this.token(kind, match[0]);
  }

  private token(kind: TokenKind, text: string): Token {
    return { kind, text, at: this.at };
  }

  private unrecognized(letter: string): TemplateFlaw {
    const code = letter.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    if (code.length === 4 && letter >= ' '
      && letter <= '~') return this.flaw(`unexpected ${goQuote(letter)} in operand`);
    return this.flaw(`unrecognized character in action: U+${code} '${letter}'`);
  }

  private flaw(problem: string): TemplateFlaw {
    return lexFlaw(this.name, this.source, this.at, problem);
  }
}
