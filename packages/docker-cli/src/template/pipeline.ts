// Parses what stands inside one action: variables, commands joined by pipes, operands with their chains of fields.

import { lexFlaw, type Piece, type Token } from './lex.js';
import type { CommandNode, Operand, Pipeline, TemplateFlaw } from './nodes.js';
import { goQuote, parseGoInteger, unquoteGo } from './number.js';
import { goBool, goInt, goText } from './value.js';

const KEYWORDS = new Set(['if', 'else', 'end', 'range', 'with', 'define', 'template', 'block', 'break', 'continue']);

export class PipelineParser {
  private readonly tokens: readonly Token[];
  private next = 0;
  private readonly start: number;

  constructor(private readonly name: string, private readonly source: string, piece: Piece & { kind: 'action' },
    private readonly functions: ReadonlySet<string>, private scope: string[]) {
    this.tokens = piece.tokens;
    this.start = piece.at;
    this.skipSpace();
  }

  withScope(scope: string[]): this {
    this.scope = scope;
    return this;
  }

  /** Takes the action's keyword, if it begins with one. */
  keyword(): string | undefined {
    const token = this.tokens[this.next];
    if (token?.kind !== 'word' || !KEYWORDS.has(token.text)) return undefined;
    this.next++;
    this.skipSpace();
    return token.text;
  }

  /** Where the next token stands. */
  get at(): number {
    return this.tokens[this.next]?.at ?? this.start;
  }

  get isEmpty(): boolean {
    return this.next >= this.tokens.length;
  }

  /** Nothing may follow. */
  finish(context: string): void {
    if (!this.isEmpty) throw this.flaw(`unexpected ${this.firstText(undefined)} in ${context}`);
  }

  /** The next token in a complaint. */
  firstText(keyword: string | undefined): string {
    if (keyword !== undefined) return `<${keyword}>`;
    const token = this.tokens[this.next];
    if (token === undefined) return '"}}"';
    return token.kind === 'word' && KEYWORDS.has(token.text) ? `<${token.text}>` : goQuote(token.text);
  }

  takeString(): string | undefined {
    const token = this.tokens[this.next];
    if (token?.kind !== 'string' && token?.kind !== 'raw') return undefined;
    this.next++;
    this.skipSpace();
    return token.text;
  }

  /** `$k, $v := command | command`, up to the action's end or a closing parenthesis. */
  pipeline(context: string): Pipeline {
    this.skipSpace();
    const { at } = this;
    const { variables, assigns } = this.declaration(context);
    const commands: CommandNode[] = [];
    for (;;) {
      this.skipSpace();
      const token = this.tokens[this.next];
      if (token === undefined || token.kind === 'close') break;
      commands.push(this.command(context));
      this.skipSpace();
      if (this.tokens[this.next]?.kind === 'pipe') {
        this.next++;
      }
    }
    if (commands.length === 0) throw this.flaw(`missing value for ${context}`);
    for (const [index, command] of commands.entries()) {
      const kind = command.words[0]!.kind;
      if (index > 0 && (kind === 'literal' || kind === 'dot' || kind === 'nil')) {
        throw this.flaw(`non executable command in pipeline stage ${index + 1}`);
      }
    }
    this.scope.push(...(assigns ? [] : variables));
    const prefix = variables.length === 0 ? '' : `${variables.join(', ')} ${assigns ? '=' : ':='} `;
    return { at, text: `${prefix}${commands.map((each) => each.text).join(' | ')}`, variables, assigns, commands };
  }

  private declaration(context: string): { variables: readonly string[]; assigns: boolean } {
    const start = this.next;
    const variables: string[] = [];
    for (;;) {
      const token = this.tokens[this.next];
      if (token?.kind !== 'variable') break;
      this.next++;
      this.skipSpace();
      variables.push(token.text);
      const after = this.tokens[this.next];
      if (after?.kind === 'declare' || after?.kind === 'assign') {
        this.next++;
        return { variables, assigns: after.kind === 'assign' };
      }
      if (after?.kind !== 'comma') break;
      if (variables.length === (context === 'range' ? 2 : 1)) throw this.flaw(`too many declarations in ${context}`);
      this.next++;
      this.skipSpace();
    }
    this.next = start;
    return { variables: [], assigns: false };
  }

  private command(context: string): CommandNode {
    const words: Operand[] = [];
    for (;;) {
      this.skipSpace();
      const token = this.tokens[this.next];
      if (token === undefined || token.kind === 'pipe' || token.kind === 'close') break;
      const operand = this.operand();
      if (operand === undefined) throw this.flaw(
        `unexpected ${this.describe(token)} in ${words.length > 0 ? 'operand' : context}`);
      words.push(operand);
    }
    if (words.length === 0) throw this.flaw(`unexpected ${this.firstText(undefined)} in ${context}`);
    return { at: words[0]!.at, text: words.map((word) => word.text).join(' '), words };
  }

  private describe(token: Token): string {
    return token.kind === 'word' && KEYWORDS.has(token.text) ? `<${token.text}>` : goQuote(token.text);
  }

  /** A term and the fields that follow it without a space. */
  private operand(): Operand | undefined {
    const head = this.term();
    if (head === undefined) return undefined;
    const names: string[] = [];
    const chainAt = this.tokens[this.next]?.at ?? 0;
    while (this.tokens[this.next]?.kind === 'field') names.push(this.tokens[this.next++]!.text.slice(1));
    if (this.tokens[this.next]?.kind === 'dot') throw this.flaw('unexpected <.> in operand');
    if (names.length === 0) return head;
    const text = `${head.text}${names.map((name) => `.${name}`).join('')}`;
    // A chain of fields stands, for complaints, where its second field stands.
    if (head.kind === 'field') return { kind: 'field', names: [...head.names, ...names], at: chainAt, text };
    if (head.kind === 'variable') return { ...head, names: [...head.names, ...names], at: chainAt, text };
    if (head.kind === 'literal' || head.kind === 'nil' || head.kind === 'dot') {
      throw this.flaw(`unexpected . after term ${goQuote(head.text)}`);
    }
    return { kind: 'chain', head, names, at: chainAt, text };
  }

  private term(): Operand | undefined {
    const token = this.tokens[this.next];
    if (token === undefined) return undefined;
    const place = { at: token.at, text: token.text };
    this.next++;
    switch (token.kind) {
      case 'word': return this.word(token);
      case 'field': return { ...place, kind: 'field', names: [token.text.slice(1)] };
      case 'dot': return { ...place, kind: 'dot' };
      case 'variable':
        if (!this.scope.includes(token.text)) throw this.flaw(`undefined variable ${goQuote(token.text)}`);
        return { ...place, kind: 'variable', name: token.text, names: [] };
      case 'string': case 'char': return this.quoted(token);
      case 'raw': return { ...place, kind: 'literal', value: goText(token.text.slice(1, -1)) };
      case 'number': return { ...place, kind: 'literal', value: this.number(token.text) };
      case 'open': {
        const pipeline = this.pipeline('parenthesized pipeline');
        if (this.tokens[this.next++]?.kind !== 'close') throw this.flaw('unclosed left paren');
        return { kind: 'pipeline', pipeline, at: token.at, text: `(${pipeline.text})` };
      }
      default:
        this.next--;
        return undefined;
    }
  }

  private word(token: Token): Operand | undefined {
    const place = { at: token.at, text: token.text };
    if (token.text === 'true' || token.text === 'false') return { ...place, kind: 'literal',
      value: goBool(token.text === 'true') };
    if (token.text === 'nil') return { ...place, kind: 'nil' };
    if (KEYWORDS.has(token.text)) {
      this.next--;
      return undefined;
    }
    if (!this.functions.has(token.text)) throw this.flaw(`function ${goQuote(token.text)} not defined`);
    return { ...place, kind: 'function', name: token.text };
  }

  private quoted(token: Token): Operand {
    const value = unquoteGo(token.text.slice(1, -1));
    if (value === undefined) throw this.flaw('invalid syntax');
    const literal = token.kind === 'char' ? goInt(value.codePointAt(0)!) : goText(value);
    return { kind: 'literal', value: literal, at: token.at, text: token.text };
  }

  private number(text: string) {
    const whole = parseGoInteger(text);
    if (whole !== undefined) return goInt(Number(whole));
    const float = Number(text.replaceAll('_', ''));
    if (Number.isNaN(float)) throw this.flaw(`bad number syntax: ${goQuote(text)}`);
    return { kind: 'float', float } as const;
  }

  private skipSpace(): void {
    while (this.tokens[this.next]?.kind === 'space') this.next++;
  }

  private flaw(problem: string): TemplateFlaw {
    return lexFlaw(this.name, this.source, this.at, problem);
  }
}
