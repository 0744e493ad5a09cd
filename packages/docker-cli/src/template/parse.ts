// Builds the tree of a template.

import { lexFlaw, lexTemplate, type Piece } from './lex.js';
import type { ParsedTemplate, TemplateFlaw, TemplateNode } from './nodes.js';
import { PipelineParser } from './pipeline.js';
import { goQuote, unquoteGo } from './number.js';

/** The tree of `source`; throws a TemplateFlaw with Go's text. `functions` are the names it may call. */
export function parseTemplate(name: string, source: string, functions: ReadonlySet<string>): ParsedTemplate {
  return new TemplateParser(name, source, functions).parse();
}

type Ending = 'end' | 'else' | 'eof';

class TemplateParser {
  private readonly pieces: readonly Piece[];
  private next = 0;
  private readonly definitions = new Map<string, readonly TemplateNode[]>();
  private scope: string[] = ['$'];
  private rangeDepth = 0;
  /** The `else if` or `else with` that the branch just read continues with. */
  private continuation: PipelineParser | undefined;

  constructor(private readonly name: string, private readonly source: string,
    private readonly functions: ReadonlySet<string>) {
    this.pieces = lexTemplate(name, source);
  }

  parse(): ParsedTemplate {
    const { nodes, ending } = this.list();
    if (ending !== 'eof') throw this.flaw(`unexpected {{${ending}}}`);
    return { name: this.name, source: this.source, body: nodes, definitions: this.definitions };
  }

  private list(): { nodes: TemplateNode[]; ending: Ending } {
    const nodes: TemplateNode[] = [];
    while (this.next < this.pieces.length) {
      const piece = this.pieces[this.next++]!;
      if (piece.kind === 'text') {
        nodes.push(piece);
        continue;
      }
      const parser = new PipelineParser(this.name, this.source, piece, this.functions, this.scope);
      const keyword = parser.keyword();
      if (keyword === 'end') {
        parser.finish('end');
        return { nodes, ending: 'end' };
      }
      if (keyword === 'else') {
        this.continuation = parser.isEmpty ? undefined : parser;
        return { nodes, ending: 'else' };
      }
      const node = this.action(keyword, parser);
      if (node !== undefined) nodes.push(node);
    }
    return { nodes, ending: 'eof' };
  }

  private action(keyword: string | undefined, parser: PipelineParser): TemplateNode | undefined {
    switch (keyword) {
      case 'if': case 'with': case 'range': return this.branch(keyword, parser);
      case 'define': return this.define(parser);
      case 'block': return this.block(parser);
      case 'template': {
        const { at } = parser;
        const name = this.quotedName(parser, 'template clause');
        const pipeline = parser.isEmpty ? undefined : parser.pipeline('template clause');
        return { kind: 'template', name, pipeline, at, text: `{{template ${goQuote(name)}}}` };
      }
      case 'break': case 'continue':
        if (this.rangeDepth === 0) throw this.flaw(`{{${keyword}}} outside {{range}}`);
        parser.finish(keyword);
        return { kind: keyword };
      default:
        return { kind: 'action', pipeline: parser.pipeline('command') };
    }
  }

  private branch(kind: 'if' | 'with' | 'range', parser: PipelineParser): TemplateNode {
    const outer = this.scope;
    this.scope = [...outer];
    const pipeline = parser.withScope(this.scope).pipeline(kind);
    if (kind === 'range') this.rangeDepth++;
    const first = this.list();
    let otherwise: readonly TemplateNode[] = [];
    if (first.ending === 'else') {
      const chained = this.continuation;
      const word = chained?.keyword();
      if (chained !== undefined && (word === undefined || (word !== kind) || kind === 'range')) {
        throw this.flaw(`unexpected ${chained.firstText(word)} in {{else}}`);
      }
      if (chained !== undefined) {
        otherwise = [this.branch(kind, chained)];
      } else {
        const second = this.list();
        if (second.ending === 'eof') throw this.flaw('unexpected EOF');
        if (second.ending === 'else') throw this.flaw('expected end; found {{else}}');
        otherwise = second.nodes;
      }
    }
    if (first.ending === 'eof') throw this.flaw('unexpected EOF');
    if (kind === 'range') this.rangeDepth--;
    this.scope = outer;
    return { kind, pipeline, body: first.nodes, otherwise, at: pipeline.at, text: `{{${kind} ${pipeline.text}}}` };
  }

  private define(parser: PipelineParser): undefined {
    const name = this.quotedName(parser, 'define clause');
    parser.finish('define clause');
    this.definitions.set(name, this.separate('define clause'));
    return undefined;
  }

  private block(parser: PipelineParser): TemplateNode {
    const name = this.quotedName(parser, 'block clause');
    const pipeline = parser.pipeline('block clause');
    this.definitions.set(name, this.separate('block clause'));
    return { kind: 'template', name, pipeline, at: parser.at, text: `{{template ${goQuote(name)} ${pipeline.text}}}` };
  }

  /** A body with variables of its own. */
  private separate(context: string): readonly TemplateNode[] {
    const outer = this.scope;
    this.scope = ['$'];
    const { nodes, ending } = this.list();
    if (ending !== 'end') throw this.flaw(ending === 'eof' ? 'unexpected EOF' : `unexpected {{else}} in ${context}`);
    this.scope = outer;
    return nodes;
  }

  private quotedName(parser: PipelineParser, context: string): string {
    const token = parser.takeString();
    const name = token === undefined ? undefined : token.startsWith('`') ? token.slice(1, -1)
      : unquoteGo(token.slice(1, -1));
    if (name === undefined) throw this.flaw(`unexpected ${parser.firstText(undefined)} in ${context}`);
    return name;
  }

  private flaw(problem: string): TemplateFlaw {
    const piece = this.pieces[this.next - 1];
    return lexFlaw(this.name, this.source, piece?.kind === 'action' ? piece.at : this.source.length, problem);
  }
}

