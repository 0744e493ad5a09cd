// Running commands. POSIX sections 2.8 to 2.12. Every stage of a pipeline, every subshell and substitution is a
// process of its
// own; whatever else is compound runs in the shell's.

import { MILLISECOND, type Operation } from '@netreel/sim';
import type { Child, Program, RunOptions, Sys } from '../contract.js';
import { Pipe } from '../pipe.js';
import { signalText } from '../signals.js';
import { builtins } from './builtins.js';
import { Expander } from './expand.js';
import { matchesPattern } from './glob.js';
import { parseCommands } from './parse.js';
import { redirected } from './redirect.js';
import { ShellState, type Streams } from './state.js';
import type { AndOr, Command, List, Pipeline, SimpleCommand } from './syntax.js';

/** What a round of `while` costs at least, so that a loop that never waits does not stop time. */
const LOOP_ROUND_NS = MILLISECOND;
/** Calls within calls; beyond, a real shell runs out of stack. */
const FUNCTION_DEPTH_MAX = 200;
const NOT_FOUND = 127;

export class Shell {
  /** Where the shell's own output goes; `exec` with redirections alone changes it for good. */
  private readonly own: { -readonly [Name in keyof Streams]: Streams[Name] };
  private ownChanged = false;
  /** As they were at first: the process' own, which its children have without being told. */
  private readonly inherited: Streams;
  private readonly expander: Expander;
  /** An expansion went wrong: the command is given up. */
  private flaw: string | undefined = undefined;

  constructor(readonly sys: Sys, readonly state: ShellState) {
    this.own = { stdin: undefined, stdout: (text) => sys.stdout(text), stderr: (text) => sys.stderr(text) };
    this.inherited = { ...this.own };
    this.expander = new Expander({ sys, state, capture: (list) => this.capture(list),
      broken: (text) => { this.flaw ??= text; } });
  }

  /** Runs a script to its end. With `tail` its last command may take the shell's place. */
  *script(source: string, tail: boolean): Operation<number> {
    const parsed = parseCommands(source);
    if (!parsed.ok) {
      this.sys.stderr(`${this.state.prefix}${parsed.flaw}\n`);
      return (this.state.status = 2);
    }
    return yield* this.list(parsed.list, this.own, tail);
  }

  /** Runs what the EXIT trap says. */
  *atExit(): Operation<void> {
    const command = this.state.traps.get('EXIT');
    if (command === undefined) return;
    this.state.traps.delete('EXIT');
    const { status } = this.state;
    this.state.flow = undefined;
    yield* this.script(command, false);
    if (this.state.flow === undefined) this.state.status = status;
  }

  private *list(list: List, streams: Streams, tail: boolean, tested = false): Operation<number> {
    const { state } = this;
    for (const [index, item] of list.entries()) {
      if (item.background) this.background(item, streams);
      else yield* this.andOr(item, streams, tail && index === list.length - 1, tested);
      yield* this.runDueTraps();
      if (state.flow !== undefined) break;
    }
    return state.status;
  }

  private *andOr(item: AndOr, streams: Streams, tail: boolean, tested: boolean): Operation<void> {
    const { state } = this;
    const pipelines = [item.first, ...item.rest.map(({ pipeline }) => pipeline)];
    for (const [index, pipeline] of pipelines.entries()) {
      const operator = index === 0 ? undefined : item.rest[index - 1]!.operator;
      if ((operator === '&&' && state.status !== 0) || (operator === '||' && state.status === 0)) continue;
      const last = index === pipelines.length - 1;
      yield* this.pipeline(pipeline, streams, tail && last);
      if (state.flow !== undefined) return;
      if (last && !tested && !pipeline.negated && state.status !== 0
        && state.options.has('e')) state.flow = { kind: 'exit' };
    }
  }

  private *pipeline(pipeline: Pipeline, streams: Streams, tail: boolean): Operation<void> {
    const { state } = this;
    const { commands, negated } = pipeline;
    if (commands.length === 1) {
      state.status = yield* this.command(commands[0]!, streams, tail && !negated, negated);
    } else {
      const children = this.startStages(commands, streams);
      for (const child of children) state.status = yield* child.wait();
    }
    if (negated && state.flow === undefined) state.status = state.status === 0 ? 1 : 0;
  }

  private startStages(commands: readonly Command[], streams: Streams): Child[] {
    let input = streams.stdin;
    return commands.map((command, index) => {
      const source = input instanceof Pipe && index > 0 ? input : undefined;
      const pipe = index === commands.length - 1 ? undefined : new Pipe();
      const options: RunOptions = {
        ...this.passedOn({ ...streams, stdin: input }),
        ...(pipe === undefined ? {} : { stdout: (text: string) => pipe.write(text) }),
        ended: () => {
          source?.abandon();
          pipe?.end();
        },
      };
      input = pipe;
      return this.subshell((shell) => shell.command(command, shell.own, true, false), options);
    });
  }

  private subshell(body: (shell: Shell) => Operation<number>, options: RunOptions): Child {
    const state = this.state.copy();
    const program: Program = function* (sys) {
      const shell = new Shell(sys, state);
      state.status = yield* body(shell);
      yield* shell.atExit();
      return state.status;
    };
    return this.sys.fork(program, [this.state.name], options);
  }

  private background(item: AndOr, streams: Streams): void {
    const child = this.subshell((shell) => shell.list([{ ...item, background: false }], shell.own, true),
      { ...this.passedOn(streams), stdin: Pipe.of(''), background: true, lasting: true });
    this.state.jobs.push(child);
    this.state.started(child, item.text ?? '');
    this.state.lastBackground = String(child.pid);
    this.state.status = 0;
  }

  private *capture(list: List): Operation<string> {
    let text = '';
    const child = this.subshell((shell) => shell.list(list, shell.own, true), { stdout: (more) => { text += more; } });
    this.state.status = yield* child.wait();
    return text;
  }

  /** Runs traps whose signal has come; a key that interrupts an interactive shell ends its list. */
  *runDueTraps(): Operation<void> {
    const { state } = this;
    if (state.interrupted && state.flow === undefined) state.flow = { kind: 'interrupt' };
    for (let command = state.dueTraps.shift(); command !== undefined; command = state.dueTraps.shift()) {
      const { status } = state;
      yield* this.script(command, false);
      if (state.flow === undefined) state.status = status;
    }
  }

  private *command(command: Command, outer: Streams, tail: boolean, tested: boolean): Operation<number> {
    if (command.kind === 'simple') return yield* this.simple(command, outer, tail);
    const streams = yield* redirected(this.sys, this.expander, outer, command.redirections);
    if (typeof streams === 'string') return this.complain(outer, streams, 1);
    switch (command.kind) {
      case 'group': return yield* this.list(command.body, streams, false, tested);
      case 'subshell': {
        // In a process of its own that ends with it, it needs no further one.
        if (tail && this.state.traps.size === 0) return yield* this.list(command.body, streams, streams === this.own);
        const child = this.subshell((shell) => shell.list(command.body, shell.own, true),
          this.passedOn(streams));
        return yield* child.wait();
      }
      case 'if': {
        for (const { condition, body } of command.branches) {
          yield* this.list(condition, streams, false, true);
          if (this.state.flow !== undefined) return this.state.status;
          if (this.state.status === 0) return yield* this.body(body, streams, tested);
        }
        return yield* this.body(command.otherwise, streams, tested);
      }
      case 'loop': case 'for': {
        this.state.loopDepth++;
        const status = yield* command.kind === 'for' ? this.forEach(command, streams, tested)
          : this.loop(command, streams, tested);
        this.state.loopDepth--;
        return status;
      }
      case 'case': return yield* this.caseOf(command, streams, tested);
      case 'function':
        this.state.functions.set(command.name, command.body);
        return 0;
    }
  }

  /** A list that is 0 when it is empty. */
  private *body(list: List, streams: Streams, tested: boolean): Operation<number> {
    if (list.length === 0) return 0;
    return yield* this.list(list, streams, false, tested);
  }

  private *loop(command: Extract<Command, { kind: 'loop' }>, streams: Streams, tested: boolean): Operation<number> {
    let status = 0;
    for (;;) {
      yield* this.list(command.condition, streams, false, true);
      if (this.state.flow !== undefined && !this.goesRound()) return this.state.status;
      if ((this.state.status === 0) === command.until) return status;
      status = yield* this.body(command.body, streams, tested);
      if (!this.goesRound()) return this.state.status;
      yield* this.sys.sleep(LOOP_ROUND_NS);
      yield* this.runDueTraps();
      if (!this.goesRound()) return this.state.status;
    }
  }

  private *forEach(command: Extract<Command, { kind: 'for' }>, streams: Streams, tested: boolean): Operation<number> {
    const words = command.words === undefined ? this.state.positional : yield* this.expander.fields(command.words);
    if (this.flaw !== undefined) return this.brokenOff(streams);
    let status = 0;
    for (const word of words) {
      this.state.variables.set(command.name, word);
      status = yield* this.body(command.body, streams, tested);
      if (!this.goesRound()) return this.state.status;
    }
    return status;
  }

  /** After a round of a loop: whether there may be another one. */
  private goesRound(): boolean {
    const { state } = this;
    const { flow } = state;
    if (flow === undefined) return true;
    if (flow.kind !== 'break' && flow.kind !== 'continue') return false;
    state.flow = flow.levels > 1 ? { kind: flow.kind, levels: flow.levels - 1 } : undefined;
    return flow.kind === 'continue' && flow.levels === 1;
  }

  private *caseOf(command: Extract<Command, { kind: 'case' }>, streams: Streams, tested: boolean): Operation<number> {
    const text = yield* this.expander.text(command.word);
    for (const { patterns, body } of command.arms) {
      for (const pattern of patterns) {
        if (matchesPattern(yield* this.expander.pattern(pattern), text)) return yield* this.body(body, streams, tested);
      }
    }
    return this.flaw === undefined ? 0 : this.brokenOff(streams);
  }

  // --- simple commands ---

  private *simple(command: SimpleCommand, outer: Streams, tail: boolean): Operation<number> {
    const { state } = this;
    // Without a command the status is that of the last substitution in it.
    if (command.words.length === 0) state.status = 0;
    const argv = this.unaliased(command, yield* this.expander.fields(command.words));
    const assigned = new Map<string, string>();
    for (const { name, value } of command.assignments) assigned.set(name, yield* this.expander.text(value));
    if (this.flaw !== undefined) return this.brokenOff(outer);
    const streams = yield* redirected(this.sys, this.expander, outer, command.redirections);
    if (typeof streams === 'string') return this.complain(outer, streams, 1);
    if (state.options.has('x')) {
      const words = [...[...assigned].map(([name, value]) => `${name}=${value}`), ...argv];
      streams.stderr(`+ ${words.join(' ')}\n`);
    }
    if (argv.length === 0) return this.assign(assigned, streams);
    return yield* this.invoke(argv, assigned, streams, tail && outer === this.own && command.redirections.length === 0);
  }

  /** An alias stands for its words where it is typed without quotes. */
  private unaliased(command: SimpleCommand, argv: readonly string[]): readonly string[] {
    const [part] = command.words[0] ?? [];
    if (part?.kind !== 'text' || part.quoted || part.text !== argv[0]) return argv;
    const text = this.state.aliases.get(part.text);
    return text === undefined ? argv : [...text.split(/\s+/).filter((word) => word !== ''), ...argv.slice(1)];
  }

  private assign(assigned: ReadonlyMap<string, string>, streams: Streams): number {
    for (const [name, value] of assigned) {
      if (this.state.readonlyNames.has(name)) {
        this.state.flow = { kind: 'error' };
        return this.complain(streams, `${name}: is read only`, 2);
      }
      this.state.variables.set(name, value);
    }
    return this.state.status;
  }

  private *invoke(argv: readonly string[], assigned: ReadonlyMap<string, string>, streams: Streams,
    tail: boolean): Operation<number> {
    const { state } = this;
    const name = argv[0]!;
    const body = state.functions.get(name);
    if (body !== undefined) return yield* this.callFunction(body, argv, assigned, streams);
    if (name === 'exec') return yield* this.become(argv.slice(1), assigned, streams);
    if (name === 'command' || name === 'type') return yield* this.lookUpCommand(argv, assigned, streams);
    const builtin = builtins.get(name);
    if (builtin !== undefined) {
      this.assign(assigned, streams);
      return yield* builtin({ sys: this.sys, state, streams, argv,
        complain: (text) => streams.stderr(`${state.name}: ${name}: line 0: ${text}\n`),
        evaluate: (source) => this.evaluate(source, streams) });
    }
    if (!state.finds(this.sys, name, assigned)) return this.complain(streams, `${name}: not found`, NOT_FOUND);
    if (tail && state.traps.size === 0 && state.jobs.length === 0) return yield* this.become(argv, assigned, streams);
    return yield* this.runProgram(argv, assigned, streams);
  }

  private *runProgram(argv: readonly string[], assigned: ReadonlyMap<string, string>,
    streams: Streams): Operation<number> {
    const child = this.sys.spawn(argv, this.childOptions(assigned, streams));
    if (child === undefined) return NOT_FOUND;
    const status = yield* child.wait();
    const killer = child.endedBy === undefined ? undefined : signalText(child.endedBy);
    if (killer !== undefined && (killer !== '' || this.state.interactive)) streams.stderr(`${killer}\n`);
    return status;
  }

  private childOptions(assigned: ReadonlyMap<string, string>, streams: Streams): RunOptions {
    return { env: this.state.environment(assigned), ...this.passedOn(streams) };
  }

  /** What differs from the process' own streams: what does not is still the terminal, if that is one. */
  private passedOn({ stdin, stdout, stderr }: Streams): RunOptions {
    return { ...(stdin === undefined ? {} : { stdin }), ...(stdout === this.inherited.stdout ? {} : { stdout }),
      ...(stderr === this.inherited.stderr ? {} : { stderr }) };
  }

  /** The shell's process goes on as another program. With other streams it waits for that one and ends with it. */
  private *become(argv: readonly string[], assigned: ReadonlyMap<string, string>, streams: Streams): Operation<number> {
    if (argv.length === 0) {
      Object.assign(this.own, streams);
      this.ownChanged = true;
      return 0;
    }
    const { state, sys } = this;
    const found = state.finds(sys, argv[0]!, assigned);
    state.flow = { kind: found ? 'exit' : 'error' };
    if (!found) {
      streams.stderr(`${state.name}: exec: line 0: ${argv[0]!}: not found\n`);
      return NOT_FOUND;
    }
    state.traps.clear();
    if (streams !== this.own || this.ownChanged) return yield* this.runProgram(argv, assigned, streams);
    state.handOver(sys, assigned);
    return yield* sys.exec(argv);
  }

  private *lookUpCommand(argv: readonly string[], assigned: ReadonlyMap<string, string>,
    streams: Streams): Operation<number> {
    const asks = argv[0] === 'type' || argv[1] === '-v' || argv[1] === '-V';
    if (!asks) return argv.length === 1 ? 0 : yield* this.invoke(argv.slice(1), assigned, streams, false);
    let status = 0;
    for (const name of argv.slice(argv[0] === 'type' ? 1 : 2)) {
      const own = builtins.has(name) || this.state.functions.has(name);
      if (own || this.sys.has(name)) {
        streams.stdout(argv[0] === 'type' || argv[1] === '-V'
          ? `${name} is ${own ? 'a shell builtin' : name.includes('/') ? name : `/bin/${name}`}\n`
          : `${own || name.includes('/') ? name : `/bin/${name}`}\n`);
      } else {
        status = NOT_FOUND;
        if (argv[0] === 'type') streams.stdout(`${name}: not found\n`);
      }
    }
    return status;
  }

  private *callFunction(body: Command, argv: readonly string[], assigned: ReadonlyMap<string, string>,
    streams: Streams): Operation<number> {
    const { state } = this;
    if (state.frames.length >= FUNCTION_DEPTH_MAX) {
      state.flow = { kind: 'error' };
      return this.complain(streams, `${argv[0]!}: functions are nested too deeply`, 2);
    }
    const { positional } = state;
    this.assign(assigned, streams);
    state.positional = argv.slice(1);
    const frame = new Map<string, string | undefined>();
    state.frames.push(frame);
    state.status = yield* this.command(body, streams, false, false);
    state.frames.pop();
    for (const [name, value] of frame) {
      if (value === undefined) state.variables.delete(name);
      else state.variables.set(name, value);
    }
    state.positional = positional;
    if (state.flow?.kind === 'return') state.flow = undefined;
    return state.status;
  }

  private *evaluate(source: string, streams: Streams): Operation<number> {
    const parsed = parseCommands(source);
    if (!parsed.ok) return this.complain(streams, parsed.flaw, 2);
    return yield* this.body(parsed.list, streams, false);
  }

  private brokenOff(streams: Streams): number {
    const text = this.flaw!;
    this.flaw = undefined;
    this.state.flow = { kind: 'error' };
    return this.complain(streams, text, 2);
  }

  private complain(streams: Streams, text: string, status: number): number {
    streams.stderr(`${this.state.prefix}${text}\n`);
    return status;
  }
}
