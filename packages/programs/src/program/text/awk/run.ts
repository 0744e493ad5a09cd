// Running an awk program. POSIX awk; busybox 1.35 without its mathematics.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../../contract.js';
import { absolutePath } from '../../../files.js';
import { linesOf } from '../input.js';
import { callBuiltin } from './builtins.js';
import type { AwkProgram, Expression, Statement } from './parse.js';
import { Record } from './record.js';
import { type Value, compareValues, formatText, toNumber, toText, toTruth } from './value.js';

type Flow = 'break' | 'continue' | 'next' | 'exit' | 'return' | undefined;
/** Beyond, a real one runs out of stack. */
const CALLS_MAX = 500;

export class AwkRun {
  readonly record = new Record();
  readonly globals = new Map<string, Value>();
  readonly arrays = new Map<string, Map<string, Value>>();
  exitCode = 0;
  flow: Flow = undefined;
  /** Why the program was given up. */
  flaw: string | undefined = undefined;
  private readonly frames: { values: Map<string, Value>; arrays: Map<string, Map<string, Value>> }[] = [];
  private returned: Value = '';
  private readonly written = new Set<string>();
  private readonly pipes = new Map<string, string>();
  private readonly read = new Map<string, string[]>();
  /** The next line of the program's own input, for plain getline. */
  nextLine: () => Operation<string | undefined> = function* () { return undefined; };

  constructor(readonly sys: Sys, readonly program: AwkProgram) {
    for (const [name, value] of [['FS', ' '], ['OFS', ' '], ['ORS', '\n'], ['RS', '\n'], ['SUBSEP', '\x1c'],
      ['CONVFMT', '%.6g'], ['OFMT', '%.6g']] as const) this.globals.set(name, value);
  }

  *rules(when: 'BEGIN' | 'END' | 'line'): Operation<void> {
    for (const rule of this.program.rules) {
      if (rule.when !== when) continue;
      if (when === 'line' && rule.from !== undefined) {
        const begins = rule.inRange || toTruth(yield* this.value(rule.from));
        if (!begins) continue;
        if (rule.to !== undefined) rule.inRange = !toTruth(yield* this.value(rule.to));
      }
      if (rule.action === undefined) this.sys.stdout(`${this.record.line(this.text('OFS'))}${this.text('ORS')}`);
      else yield* this.statement(rule.action);
      if (this.flow !== undefined) return;
    }
  }

  /** What was written for other programs goes to them now. */
  *closeAll(): Operation<void> {
    for (const command of [...this.pipes.keys()]) yield* this.close(command);
  }

  *close(name: string): Operation<number> {
    this.read.delete(name);
    this.written.delete(name);
    const input = this.pipes.get(name);
    if (input === undefined) return 0;
    this.pipes.delete(name);
    return yield* this.sys.run(['sh', '-c', name], { input });
  }

  text(name: string): string {
    return toText(this.lookUp(name));
  }

  // --- statements ---

  private *statement(statement: Statement): Operation<void> {
    if (this.flow !== undefined || this.flaw !== undefined) return;
    switch (statement.kind) {
      case 'expression': yield* this.value(statement.value); return;
      case 'block':
        for (const inner of statement.body) yield* this.statement(inner);
        return;
      case 'print': case 'printf': return yield* this.print(statement);
      case 'if':
        if (toTruth(yield* this.value(statement.test))) yield* this.statement(statement.yes);
        else if (statement.no !== undefined) yield* this.statement(statement.no);
        return;
      case 'while':
        for (let first = !statement.first; first || toTruth(yield* this.value(statement.test)); first = false) {
          if (yield* this.round(statement.body)) return;
        }
        return;
      case 'for':
        if (statement.start !== undefined) yield* this.statement(statement.start);
        while (statement.test === undefined || toTruth(yield* this.value(statement.test))) {
          if (yield* this.round(statement.body)) return;
          if (statement.step !== undefined) yield* this.statement(statement.step);
        }
        return;
      case 'each':
        for (const key of [...this.array(statement.array).keys()]) {
          this.set(statement.name, { text: key });
          if (yield* this.round(statement.body)) return;
        }
        return;
      case 'delete':
        if (statement.key === undefined) this.array(statement.array).clear();
        else this.array(statement.array).delete(yield* this.key(statement.key));
        return;
      case 'exit':
        if (statement.value !== undefined) this.exitCode = toNumber(yield* this.value(statement.value)) & 255;
        this.flow = 'exit';
        return;
      case 'return':
        this.returned = statement.value === undefined ? '' : yield* this.value(statement.value);
        this.flow = 'return';
        return;
      default: this.flow = statement.kind;
    }
  }

  /** True when the loop is over. */
  private *round(body: Statement): Operation<boolean> {
    yield* this.statement(body);
    if (this.flaw !== undefined) return true;
    if (this.flow === 'continue') this.flow = undefined;
    if (this.flow === 'break') {
      this.flow = undefined;
      return true;
    }
    return this.flow !== undefined;
  }

  private *print(statement: Extract<Statement, { kind: 'print' | 'printf' }>): Operation<void> {
    const words: Value[] = [];
    for (const word of statement.words) words.push(yield* this.value(word));
    const texts = words.map((word) => toText(word, this.text('OFMT')));
    const text = statement.kind === 'printf' ? formatText(toText(words[0] ?? ''), words.slice(1))
      : `${words.length === 0 ? this.record.line(this.text('OFS')) : texts.join(this.text('OFS'))}${this.text('ORS')}`;
    if (this.flaw !== undefined) return;
    if (statement.target === undefined) return this.sys.stdout(text);
    const name = toText(yield* this.value(statement.target));
    if (statement.to === '|') {
      this.pipes.set(name, (this.pipes.get(name) ?? '') + text);
      return;
    }
    if (name === '/dev/stderr') return this.sys.stderr(text);
    if (name === '/dev/stdout') return this.sys.stdout(text);
    const path = absolutePath(this.sys.cwd, name);
    const keeps = statement.to === '>>' || this.written.has(name);
    this.written.add(name);
    this.sys.files.write(path, (keeps ? this.sys.files.read(path) ?? '' : '') + text);
  }

  // --- expressions ---

  *value(expression: Expression): Operation<Value> {
    switch (expression.kind) {
      case 'number': case 'string': return expression.value;
      case 'regex': return expression.expression.test(this.record.line(this.text('OFS'))) ? 1 : 0;
      case 'field': return this.record.field(toNumber(yield* this.value(expression.index)), this.text('OFS'));
      case 'variable':
        return expression.subscript === undefined ? this.lookUp(expression.name)
          : this.element(expression.name, yield* this.key(expression.subscript));
      case 'unary': {
        const operand = yield* this.value(expression.operand);
        return expression.sign === '!' ? (toTruth(operand) ? 0 : 1)
          : expression.sign === '-' ? -toNumber(operand) : toNumber(operand);
      }
      case 'binary': return yield* this.binary(expression);
      case 'choice':
        return yield* this.value(toTruth(yield* this.value(expression.test)) ? expression.yes : expression.no);
      case 'assign': {
        const value = yield* this.value(expression.value);
        const result = expression.sign === '=' ? value
          : this.calculate(expression.sign[0]!, toNumber(yield* this.value(expression.target)), toNumber(value));
        yield* this.assign(expression.target, result);
        return result;
      }
      case 'step': {
        const before = toNumber(yield* this.value(expression.target));
        const after = before + (expression.sign === '++' ? 1 : -1);
        yield* this.assign(expression.target, after);
        return expression.before ? after : before;
      }
      case 'member': return this.array(expression.array).has(yield* this.key(expression.key)) ? 1 : 0;
      case 'call': return yield* this.call(expression);
      case 'getline': return yield* this.getline(expression);
    }
  }

  private *binary(expression: Extract<Expression, { kind: 'binary' }>): Operation<Value> {
    const { sign } = expression;
    const left = yield* this.value(expression.left);
    if (sign === '&&' || sign === '||') {
      if (toTruth(left) === (sign === '||')) return sign === '||' ? 1 : 0;
      return toTruth(yield* this.value(expression.right)) ? 1 : 0;
    }
    if (sign === '~' || sign === '!~') {
      const matches = (yield* this.regex(expression.right)).test(toText(left));
      return matches === (sign === '~') ? 1 : 0;
    }
    const right = yield* this.value(expression.right);
    if (sign === ' ') return toText(left, this.text('CONVFMT')) + toText(right, this.text('CONVFMT'));
    if (/^[-+*/%^]$/.test(sign)) return this.calculate(sign, toNumber(left), toNumber(right));
    const order = compareValues(left, right);
    const holds = sign === '<' ? order < 0 : sign === '<=' ? order <= 0 : sign === '==' ? order === 0
      : sign === '!=' ? order !== 0 : sign === '>' ? order > 0 : order >= 0;
    return holds ? 1 : 0;
  }

  private calculate(sign: string, left: number, right: number): number {
    if (sign === '^') this.flaw ??= 'Math support is not compiled in';
    if ((sign === '/' || sign === '%') && right === 0) this.flaw ??= 'Division by zero';
    if (this.flaw !== undefined) return 0;
    return sign === '+' ? left + right : sign === '-' ? left - right : sign === '*' ? left * right
      : sign === '/' ? left / right : left % right;
  }

  /** A regular expression as written, or made of a text. */
  *regex(expression: Expression): Operation<RegExp> {
    if (expression.kind === 'regex') return expression.expression;
    const source = toText(yield* this.value(expression));
    try {
      return new RegExp(source);
    } catch {
      this.flaw ??= `bad regex '${source}': Invalid regexp`;
      return /^/;
    }
  }

  *assign(target: Expression, value: Value): Operation<void> {
    if (target.kind === 'field') {
      this.record.setField(toNumber(yield* this.value(target.index)), toText(value), this.text('FS'), this.text('OFS'));
    } else if (target.kind === 'variable') {
      if (target.subscript === undefined) this.set(target.name, value);
      else this.array(target.name).set(yield* this.key(target.subscript), value);
    }
  }

  *key(words: readonly Expression[]): Operation<string> {
    const texts: string[] = [];
    for (const word of words) texts.push(toText(yield* this.value(word), this.text('CONVFMT')));
    return texts.join(this.text('SUBSEP'));
  }

  private *call(expression: Extract<Expression, { kind: 'call' }>): Operation<Value> {
    const known = this.program.functions.get(expression.name);
    if (known === undefined) {
      const value = yield* callBuiltin(this, expression.name, expression.words);
      if (value === undefined) this.flaw ??= 'Call to undefined function';
      return value ?? '';
    }
    const frame = { values: new Map<string, Value>(), arrays: new Map<string, Map<string, Value>>() };
    for (const [place, parameter] of known.parameters.entries()) {
      const word = expression.words[place];
      const whole = word?.kind === 'variable' && word.subscript === undefined && !this.isSet(word.name);
      // What has no value yet may be filled as an array.
      if (whole) frame.arrays.set(parameter, this.array(word.name));
      else frame.values.set(parameter, word === undefined ? '' : yield* this.value(word));
      if (word === undefined) frame.arrays.set(parameter, new Map());
    }
    if (this.frames.length >= CALLS_MAX) {
      this.flaw ??= 'Stack overflow';
      return '';
    }
    this.frames.push(frame);
    this.returned = '';
    yield* this.statement(known.body);
    this.frames.pop();
    if (this.flow === 'return') this.flow = undefined;
    return this.returned;
  }

  private *getline({ from, source, target }: Extract<Expression, { kind: 'getline' }>): Operation<Value> {
    let line: string | undefined;
    if (from === 'input') {
      line = yield* this.nextLine();
    } else {
      const name = toText(yield* this.value(source!));
      let lines = this.read.get(name);
      if (lines === undefined) {
        let text: string | undefined = '';
        if (from === 'file') text = this.sys.files.read(absolutePath(this.sys.cwd, name));
        else yield* this.sys.run(['sh', '-c', name], { stdout: (more) => { text! += more; } });
        if (text === undefined) return -1;
        lines = linesOf(text);
        this.read.set(name, lines);
      }
      line = lines.shift();
    }
    if (line === undefined) return 0;
    if (target === undefined) this.record.take(line, this.text('FS'));
    else yield* this.assign(target, { text: line });
    if (from !== 'file') this.globals.set('NR', toNumber(this.lookUp('NR')) + 1);
    return 1;
  }

  // --- variables ---

  private isSet(name: string): boolean {
    const frame = this.frames.at(-1);
    return frame?.values.has(name) === true || (frame?.arrays.has(name) !== true && this.globals.has(name))
      || name === 'NF' || name === 'NR';
  }

  lookUp(name: string): Value {
    if (name === 'NF') return this.record.count;
    return this.frames.at(-1)?.values.get(name) ?? this.globals.get(name) ?? { text: '' };
  }

  set(name: string, value: Value): void {
    const frame = this.frames.at(-1);
    if (name === 'NF') this.record.setCount(toNumber(value), this.text('OFS'));
    else if (frame !== undefined && (frame.values.has(name) || frame.arrays.has(name))) frame.values.set(name, value);
    else this.globals.set(name, value);
  }

  array(name: string): Map<string, Value> {
    const local = this.frames.at(-1)?.arrays.get(name);
    if (local !== undefined) return local;
    let array = this.arrays.get(name);
    if (array === undefined) this.arrays.set(name, array = new Map());
    return array;
  }

  /** Looking an element up makes it. */
  private element(name: string, key: string): Value {
    const array = this.array(name);
    const value = array.get(key);
    if (value !== undefined) return value;
    array.set(key, { text: '' });
    return { text: '' };
  }
}
