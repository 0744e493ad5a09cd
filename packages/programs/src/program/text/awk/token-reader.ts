// Going through awk's words.

import type { Token } from './lex.js';

export class TokenReader {
  flaw: string | undefined = undefined;
  protected at = 0;

  constructor(protected readonly tokens: readonly Token[]) {}

  protected peek(): Token {
    return this.tokens[this.at] ?? { kind: 'end', text: '' };
  }

  protected next(): Token {
    const token = this.peek();
    if (token.kind === 'end') this.fail();
    this.at++;
    return token;
  }

  protected is(sign: string): boolean {
    const token = this.peek();
    return token.kind === 'sign' && token.text === sign;
  }

  protected take(...signs: readonly string[]): string | undefined {
    const token = this.peek();
    if (token.kind !== 'sign' || !signs.includes(token.text)) return undefined;
    this.at++;
    return token.text;
  }

  protected takeWord(...words: readonly string[]): string | undefined {
    const token = this.peek();
    if (token.kind !== 'keyword' || !words.includes(token.text)) return undefined;
    this.at++;
    return token.text;
  }

  protected expect(sign: string): void {
    if (this.take(sign) === undefined) this.fail();
  }

  protected newlines(): void {
    while (this.peek().kind === 'newline') this.at++;
  }

  protected separators(): void {
    while (this.peek().kind === 'newline' || this.is(';')) this.at++;
  }

  protected atEnd(): boolean {
    return this.peek().kind === 'newline' || this.peek().kind === 'end' || this.is(';') || this.is('}');
  }

  protected endOfStatement(): void {
    if (this.peek().kind === 'newline' || this.is(';')) this.at++;
    else this.fail();
  }

  protected fail(): void {
    this.flaw ??= 'Unexpected token';
    this.at = this.tokens.length;
  }
}
