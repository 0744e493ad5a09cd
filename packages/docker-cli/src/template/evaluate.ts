// Carries a template out. Complaints read as text/template's: place, node, problem.

import { goFunctions, parameterFlaw, type TemplateFunction } from './functions.js';
import {
  type Branch, type CommandNode, type Operand, type ParsedTemplate, type Pipeline, type Place, TemplateFlaw,
    type TemplateNode,
} from './nodes.js';
import { printResult } from './print.js';
import { goQuote } from './number.js';
import { ABSENT, goInt, goText, type GoValue, isTrue, NIL, sortedKeys, typeName } from './value.js';

export interface EvaluationRules {
  readonly functions: ReadonlyMap<string, TemplateFunction>;
  /** The raw view: a key that is not there is a complaint, and every value is an `interface {}`. */
  readonly raw: boolean;
}

type Flow = 'on' | 'break' | 'continue';

/** What the template writes about `data`; throws a TemplateFlaw. */
export function evaluateTemplate(template: ParsedTemplate, data: GoValue, rules: EvaluationRules): string {
  const evaluator = new Evaluator(template, rules);
  evaluator.run(template.body, data);
  return evaluator.written;
}

class Evaluator {
  written = '';
  private variables: { name: string; value: GoValue }[] = [];

  constructor(private readonly template: ParsedTemplate, private readonly rules: EvaluationRules) {}

  run(nodes: readonly TemplateNode[], data: GoValue): void {
    const outer = this.variables;
    this.variables = [{ name: '$', value: data }];
    this.walk(nodes, data);
    this.variables = outer;
  }

  private walk(nodes: readonly TemplateNode[], dot: GoValue): Flow {
    for (const node of nodes) {
      const flow = this.step(node, dot);
      if (flow !== 'on') return flow;
    }
    return 'on';
  }

  private step(node: TemplateNode, dot: GoValue): Flow {
    switch (node.kind) {
      case 'text': this.written += node.text; return 'on';
      case 'action': {
        const value = this.pipeline(node.pipeline, dot);
        if (node.pipeline.variables.length === 0) this.written += printResult(value);
        return 'on';
      }
      case 'if': case 'with': {
        const mark = this.variables.length;
        const value = this.pipeline(node.pipeline, dot);
        const flow = isTrue(value) ? this.walk(node.body, node.kind === 'with' ? value : dot)
          : this.walk(node.otherwise, dot);
        this.variables.length = mark;
        return flow;
      }
      case 'range': return this.range(node, dot);
      case 'template': {
        const body = this.template.definitions.get(node.name);
        if (body === undefined) throw this.flaw(node, `template ${goQuote(node.name)} not defined`);
        this.run(body, node.pipeline === undefined ? NIL : this.pipeline(node.pipeline, dot));
        return 'on';
      }
      default: return node.kind;
    }
  }

  private range(node: Branch, dot: GoValue): Flow {
    const mark = this.variables.length;
    const value = this.pipeline({ ...node.pipeline, variables: [] }, dot);
    const pairs = this.rounds(value, node.pipeline.commands.at(-1)!);
    for (const [key, element] of pairs) {
      const inner = this.variables.length;
      const names = node.pipeline.variables;
      const given = names.length === 1 ? [element] : [key, element];
      for (const [index, name] of names.entries()) this.bind(name, given[index]!, node.pipeline.assigns);
      const flow = this.walk(node.body, element);
      this.variables.length = inner;
      if (flow === 'break') break;
    }
    this.variables.length = mark;
    return pairs.length === 0 ? this.walk(node.otherwise, dot) : 'on';
  }

  private rounds(value: GoValue, place: Place): ReadonlyArray<readonly [GoValue, GoValue]> {
    switch (value.kind) {
      case 'list': return value.items.map((item, index) => [goInt(index), item] as const);
      case 'map': return sortedKeys(value.entries).map((key) => [goText(key), value.entries.get(key)!] as const);
      case 'int':
        return Array.from({ length: Math.max(0, value.int) }, (_none, index) => [goInt(index), goInt(index)] as const);
      case 'nil': return this.noRounds(value.absent === true, place);
      default: throw this.flaw(place, `range can't iterate over ${printResult(value)}`);
    }
  }

  /** Ranging over what is not there does nothing; over a nil interface it is a mistake. */
  private noRounds(absent: boolean, place: Place): readonly [] {
    if (absent) return [];
    throw this.flaw(place, "range can't iterate over <nil>");
  }

  private bind(name: string, value: GoValue, assigns: boolean): void {
    const known = assigns ? this.find(name) : undefined;
    if (known !== undefined) known.value = value;
    else this.variables.push({ name, value });
  }

  private pipeline(pipeline: Pipeline, dot: GoValue): GoValue {
    let value: GoValue | undefined;
    for (const command of pipeline.commands) value = this.command(command, dot, value);
    for (const name of pipeline.variables) this.bind(name, value!, pipeline.assigns);
    return value!;
  }

  private command(command: CommandNode, dot: GoValue, final: GoValue | undefined): GoValue {
    const [head, ...words] = command.words as [Operand, ...Operand[]];
    switch (head.kind) {
      case 'function': return this.call(head, command, words, dot, final);
      case 'field': return this.fields(dot, head, head.names, words, dot, final);
      case 'variable': return this.fields(this.variable(head.name), head, head.names, words, dot, final);
      case 'chain': return this.fields(this.operand(head.head, dot), head, head.names, words, dot, final);
      case 'nil': throw this.flaw(head, 'nil is not a command');
      default:
        if (words.length > 0 || final !== undefined) throw this.flaw(head,
          `can't give argument to non-function ${head.text}`);
        return this.operand(head, dot);
    }
  }

  private operand(operand: Operand, dot: GoValue): GoValue {
    switch (operand.kind) {
      case 'dot': return dot;
      case 'literal': return operand.value;
      case 'nil': return NIL;
      case 'pipeline': return this.pipeline(operand.pipeline, dot);
      default: return this.command({ at: operand.at, text: operand.text, words: [operand] }, dot, undefined);
    }
  }

  /** The innermost variable of that name. */
  private find(name: string): { name: string; value: GoValue } | undefined {
    return this.variables.filter((each) => each.name === name).at(-1);
  }

  private variable(name: string): GoValue {
    return this.find(name)!.value;
  }

  private fields(start: GoValue, place: Place, names: readonly string[], words: readonly Operand[], dot: GoValue,
    final: GoValue | undefined): GoValue {
    let value = start;
    for (const [index, name] of names.entries()) {
      const last = index === names.length - 1;
      const given = last ? [...words.map((word) => this.operand(word, dot)), ...(final === undefined ? [] : [final])]
        : [];
      value = this.field(value, name, place, given, words);
    }
    if (names.length === 0 && (words.length > 0 || final !== undefined)) {
      throw this.flaw(place, `can't give argument to non-function ${place.text}`);
    }
    return value;
  }

  private field(receiver: GoValue, name: string, place: Place, given: readonly GoValue[],
    words: readonly Operand[]): GoValue {
    if (receiver.kind === 'row') return this.column(receiver, name, place, given, words);
    if (given.length > 0 && receiver.kind === 'map') throw this.flaw(place,
      `${name} is not a method but has arguments`);
    switch (receiver.kind) {
      case 'nil':
        if (!receiver.absent) throw this.flaw(place, `nil pointer evaluating interface {}.${name}`);
        if (this.rules.raw) throw this.flaw(place, `nil data; no entry for key ${goQuote(name)}`);
        return ABSENT;
      case 'nilPointer': throw this.flaw(place, `nil pointer evaluating *${receiver.type}.${name}`);
      case 'struct': {
        const field = receiver.fields.find((each) => each.name === name);
        if (field === undefined) break;
        if (given.length > 0) throw this.flaw(place, `${name} has arguments but cannot be invoked as function`);
        return field.value;
      }
      case 'map': {
        const found = receiver.entries.get(name);
        if (found !== undefined) return found;
        if (this.rules.raw) throw this.flaw(place, `map has no entry for key ${goQuote(name)}`);
        return ABSENT;
      }
      default: break;
    }
    const type = this.rules.raw ? 'interface {}' : typeName(receiver);
    throw this.flaw(place, `can't evaluate field ${name} in type ${type}`);
  }

  private column(row: GoValue & { kind: 'row' }, name: string, place: Place, given: readonly GoValue[],
    words: readonly Operand[]): GoValue {
    const column = row.columns.get(name);
    if (column === undefined) throw this.flaw(place, `can't evaluate field ${name} in type ${row.type}`);
    if (column.parameters !== given.length) {
      throw this.flaw(place, `wrong number of args for ${name}: want ${column.parameters} got ${given.length}`);
    }
    return column.value(...given.map((value, index) => {
      if (value.kind === 'string') return value.text;
      const word = words[index] ?? place;
      if ('kind' in word && word.kind === 'literal') throw this.flaw(word, `expected string; found ${word.text}`);
      throw this.flaw(word, `wrong type for value; expected string; got ${typeName(value)}`);
    }));
  }

  private call(head: Operand & { kind: 'function' }, command: CommandNode, words: readonly Operand[], dot: GoValue,
    final: GoValue | undefined): GoValue {
    const count = words.length + (final === undefined ? 0 : 1);
    if (head.name === 'and' || head.name === 'or') return this.choose(head, words, dot, final);
    const called = this.rules.functions.get(head.name) ?? goFunctions.get(head.name)!;
    const fixed = called.parameters.length - (called.variadic === true ? 1 : 0);
    if (called.variadic === true ? count < fixed : count !== fixed) {
      const want = called.variadic === true ? `at least ${fixed}` : String(fixed);
      throw this.flaw(head, `wrong number of args for ${head.name}: want ${want} got ${count}`);
    }
    const values = words.map((word, index) => this.argument(word, called, index, dot));
    if (final !== undefined) {
      const problem = parameterFlaw(this.parameter(called, words.length), final, '');
      if (problem !== undefined) throw this.flaw(head, problem);
      values.push(final);
    }
    try {
      return called.call(values);
    } catch (problem) {
      if (problem instanceof TemplateFlaw) throw this.flaw(command, `error calling ${head.name}: ${problem.message}`);
      throw problem;
    }
  }

  private parameter(called: TemplateFunction, index: number) {
    return called.parameters[Math.min(index, called.parameters.length - 1)]!;
  }

  private argument(word: Operand, called: TemplateFunction, index: number, dot: GoValue): GoValue {
    const value = this.operand(word, dot);
    const type = this.parameter(called, index);
    if (word.kind === 'literal' && parameterFlaw(type, value, '') !== undefined) {
      throw this.flaw(word, `expected ${type === 'int' ? 'integer' : type}; found ${word.text}`);
    }
    const problem = parameterFlaw(type, value, '');
    if (problem !== undefined) throw this.flaw(word, problem);
    return value;
  }

  /** `and` and `or` stop at the first argument that decides. */
  private choose(head: Operand & { kind: 'function' }, words: readonly Operand[], dot: GoValue,
    final: GoValue | undefined): GoValue {
    if (words.length === 0 && final === undefined) {
      throw this.flaw(head, `wrong number of args for ${head.name}: want at least 1 got 0`);
    }
    let value: GoValue = NIL;
    for (const word of words) {
      value = this.operand(word, dot);
      if (isTrue(value) === (head.name === 'or')) return value;
    }
    return final ?? value;
  }

  private flaw(place: Place, problem: string): TemplateFlaw {
    const before = this.template.source.slice(0, place.at);
    const line = before.split('\n').length;
    const column = place.at - (before.lastIndexOf('\n') + 1);
    const { name } = this.template;
    const where = `template: ${name}:${line}:${column}: executing ${goQuote(name)} at <${place.text}>`;
    return new TemplateFlaw(`${where}: ${problem}`);
  }
}
