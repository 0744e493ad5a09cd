// Commands that the shell runs itself. POSIX sections 2.14 and XCU 4; messages of busybox ash 1.35.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../contract.js';
import { absolutePath } from '../files.js';
import { echoed, printf } from '../program/text/echo.js';
import { evaluateTest } from '../program/system/condition.js';
import { kill } from '../program/system/processes.js';
import { parseSignal, signalText } from '../signals.js';
import { jobLine } from './jobs.js';
import type { ShellState, Streams } from './state.js';

/** What a builtin may touch. */
export interface BuiltinCall {
  readonly sys: Sys;
  readonly state: ShellState;
  readonly streams: Streams;
  readonly argv: readonly string[];
  /** Complains as `sh: cd: line 0: …` does. */
  readonly complain: (text: string) => void;
  readonly evaluate: (source: string) => Operation<number>;
}

type Builtin = (call: BuiltinCall) => Operation<number>;

/** Builtins that end a shell which is not interactive when they are called wrongly. */
const WRONG = 2;

export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  [':', function* () { return 0; }],
  ['true', function* () { return 0; }],
  ['false', function* () { return 1; }],
  ['echo', function* ({ streams, argv }) { streams.stdout(echoed(argv)); return 0; }],
  ['printf', function* (call) { return yield* printf(speaking(call), call.argv, `${call.state.name}: `); }],
  ['test', function* (call) { return evaluateTest(speaking(call), call.argv, `${call.state.name}: `); }],
  ['[', function* (call) { return evaluateTest(speaking(call), call.argv, `${call.state.name}: `); }],
  ['[[', function* (call) { return evaluateTest(speaking(call), call.argv, `${call.state.name}: `); }],
  ['pwd', function* ({ streams, sys }) { streams.stdout(`${sys.cwd}\n`); return 0; }],
  ['cd', changeFolder],
  ['exit', leave('exit')],
  ['return', leave('return')],
  ['break', leaveLoop('break')],
  ['continue', leaveLoop('continue')],
  ['export', declare('export')],
  ['readonly', declare('readonly')],
  ['local', declare('local')],
  ['unset', unset],
  ['set', setOptions],
  ['shift', shift],
  ['read', read],
  ['eval', function* ({ argv, evaluate }) { return yield* evaluate(argv.slice(1).join(' ')); }],
  ['.', source],
  ['source', source],
  ['trap', trap],
  ['wait', wait],
  ['jobs', function* ({ state, streams }) {
    for (const row of [...state.told].reverse()) streams.stdout(jobLine(state, row));
    return 0;
  }],
  ['kill', killed],
  ['alias', alias],
  ['unalias', unalias],
  ['umask', function* () { return 0; }],
]);

/** A Sys whose output goes where the builtin's goes. */
function speaking({ sys, streams }: BuiltinCall): Sys {
  return Object.create(sys, { stdout: { value: streams.stdout }, stderr: { value: streams.stderr } }) as Sys;
}

function* changeFolder({ sys, state, argv, complain, streams }: BuiltinCall): Operation<number> {
  const wanted = argv[1] === '-' ? state.variables.get('OLDPWD') ?? sys.cwd
    : argv[1] ?? state.variables.get('HOME') ?? sys.cwd;
  const path = absolutePath(sys.cwd, wanted);
  if (sys.files.list(path) === undefined) {
    const reason = sys.files.read(path) === undefined ? 'No such file or directory' : 'Not a directory';
    complain(`can't cd to ${wanted}: ${reason}`);
    return WRONG;
  }
  state.variables.set('OLDPWD', sys.cwd);
  sys.cwd = path;
  state.variables.set('PWD', path);
  if (argv[1] === '-') streams.stdout(`${path}\n`);
  return 0;
}

function leave(kind: 'exit' | 'return'): Builtin {
  return function* ({ state, argv, complain }) {
    const text = argv[1];
    if (text !== undefined && !/^\d+$/.test(text)) {
      complain(`Illegal number: ${text}`);
      state.flow = { kind: 'error' };
      return WRONG;
    }
    state.flow = { kind };
    return text === undefined ? state.status : Number(text) & 255;
  };
}

function leaveLoop(kind: 'break' | 'continue'): Builtin {
  return function* ({ state, argv }) {
    const levels = Number(argv[1] ?? 1);
    const wanted = levels >= 1 ? levels : 1;
    if (state.loopDepth > 0) state.flow = { kind, levels: wanted < state.loopDepth ? wanted : state.loopDepth };
    return 0;
  };
}

function declare(kind: 'export' | 'readonly' | 'local'): Builtin {
  return function* ({ state, argv, streams, complain }) {
    const words = argv.slice(1).filter((word) => word !== '-p');
    if (words.length === 0 && kind !== 'local') {
      const names = kind === 'export' ? state.exported : state.readonlyNames;
      for (const name of [...names].sort()) streams.stdout(`${kind} ${name}='${state.variables.get(name) ?? ''}'\n`);
    }
    for (const word of words) {
      const cut = word.indexOf('=');
      const name = cut < 0 ? word : word.slice(0, cut);
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
        complain(`${word}: bad variable name`);
        return WRONG;
      }
      const frame = kind === 'local' ? state.frames[state.frames.length - 1] : undefined;
      if (frame !== undefined && !frame.has(name)) frame.set(name, state.variables.get(name));
      if (cut >= 0) state.variables.set(name, word.slice(cut + 1));
      if (kind === 'export') state.exported.add(name);
      if (kind === 'readonly') state.readonlyNames.add(name);
    }
    return 0;
  };
}

function* unset({ state, argv }: BuiltinCall): Operation<number> {
  for (const name of argv.slice(1)) {
    if (name === '-v' || name === '-f') continue;
    if (argv[1] === '-f') state.functions.delete(name);
    else {
      state.variables.delete(name);
      state.exported.delete(name);
    }
  }
  return 0;
}

function* setOptions({ state, argv, streams }: BuiltinCall): Operation<number> {
  if (argv.length === 1) {
    for (const [name, value] of [...state.variables].sort(([a], [b]) =>
      (a < b ? -1 : 1))) streams.stdout(`${name}='${value}'\n`);
    return 0;
  }
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === '--' || !/^[-+]./.test(word)) {
      state.positional = argv.slice(word === '--' ? at + 1 : at);
      return 0;
    }
    if (word === '-o' || word === '+o') {
      at++;
      continue;
    }
    for (const letter of word.slice(1)) {
      if (word.startsWith('-')) state.options.add(letter);
      else state.options.delete(letter);
    }
  }
  return 0;
}

function* shift({ state, argv }: BuiltinCall): Operation<number> {
  const count = Number(argv[1] ?? 1);
  if (!(count <= state.positional.length)) return 1;
  state.positional = state.positional.slice(count);
  return 0;
}

function* read({ sys, state, streams, argv }: BuiltinCall): Operation<number> {
  let raw = false;
  let at = 1;
  for (; argv[at]?.startsWith('-'); at++) {
    if (argv[at]!.includes('r')) raw = true;
    if (/[pt]$/.test(argv[at]!)) at++;
  }
  let line: string | undefined;
  if (state.interactive) {
    const typed = yield* sys.readLineOrSignal(streams.stdin);
    if (typed === 'signal' && state.interrupted) {
      streams.stderr('\n');
      return 130;
    }
    line = typeof typed === 'object' ? typed.line : undefined;
  } else {
    line = yield* sys.readLine(streams.stdin);
  }
  const names = argv.slice(at);
  const text = raw ? line ?? '' : (line ?? '').replace(/\\(.)/g, '$1');
  const separators = state.variables.get('IFS') ?? ' \t\n';
  const trimmed = separators === '' ? text : text.replace(/^[ \t]+|[ \t]+$/g, '');
  let rest = trimmed;
  names.forEach((name, index) => {
    const cut = index === names.length - 1 ? -1 : [...rest].findIndex((char) => separators.includes(char));
    state.variables.set(name, cut < 0 ? rest : rest.slice(0, cut));
    rest = cut < 0 ? '' : rest.slice(cut + 1).trimStart();
  });
  return line === undefined ? 1 : 0;
}

function* source({ sys, argv, evaluate, complain, state }: BuiltinCall): Operation<number> {
  const name = argv[1] ?? '';
  const text = sys.files.read(absolutePath(sys.cwd, name));
  if (text === undefined) {
    complain(`can't open '${name}': No such file or directory`);
    state.flow = { kind: 'error' };
    return WRONG;
  }
  return yield* evaluate(text);
}

function* trap({ sys, state, argv, streams, complain }: BuiltinCall): Operation<number> {
  const words = argv.slice(argv[1] === '--' ? 2 : 1);
  if (words.length === 0) {
    for (const [name, command] of state.traps) streams.stdout(`trap -- '${command}' ${name}\n`);
    return 0;
  }
  // A first word that is a number names a signal whose trap is to go.
  const resets = words[0] === '-' || words.length === 1;
  for (const word of words.slice(words.length === 1 ? 0 : 1)) {
    const signal = parseSignal(word);
    const name = word === 'EXIT' || word === '0' ? 'EXIT' : signal;
    if (name === undefined) {
      complain(`${word}: invalid signal specification`);
      return 1;
    }
    if (resets) state.traps.delete(name);
    else state.traps.set(name, words[0]!);
    if (signal === undefined || name === 'EXIT') continue;
    sys.catchSignal(signal, () => {
      const command = state.traps.get(name);
      if (command !== undefined) state.dueTraps.push(command);
      else if (sys.pid !== 1) void sys.kill(sys.pid, 'SIGKILL');
    });
  }
  return 0;
}

function* wait({ state, argv, streams }: BuiltinCall): Operation<number> {
  const wanted = argv[1] === undefined ? [...state.jobs] : state.jobs.filter((job) => argv.includes(String(job.pid)));
  if (argv[1] !== undefined && wanted.length === 0) return 127;
  let status = 0;
  for (const job of wanted) {
    const ended = yield* job.waitOrSignal();
    if (ended === undefined) return 143;
    state.jobs.splice(state.jobs.indexOf(job), 1);
    const killer = job.endedBy === undefined || state.interactive ? undefined : signalText(job.endedBy);
    if (killer !== undefined) streams.stderr(`${killer}\n`);
    status = argv[1] === undefined ? 0 : ended;
  }
  return status;
}

/** A signal to oneself arrives before the next command. */
function* killed(call: BuiltinCall): Operation<number> {
  const status = yield* kill(speaking(call), call.argv, `${call.state.name}: `);
  yield* call.sys.sleep(0);
  return status;
}

function* alias({ state, argv, streams, complain }: BuiltinCall): Operation<number> {
  if (argv.length === 1) for (const [name, value] of state.aliases) streams.stdout(`${name}='${value}'\n`);
  let status = 0;
  for (const word of argv.slice(1)) {
    const cut = word.indexOf('=');
    const known = state.aliases.get(word);
    if (cut > 0) state.aliases.set(word.slice(0, cut), word.slice(cut + 1));
    else if (known !== undefined) streams.stdout(`${word}='${known}'\n`);
    else {
      complain(`${word} not found`);
      status = 1;
    }
  }
  return status;
}

function* unalias({ state, argv }: BuiltinCall): Operation<number> {
  if (argv[1] === '-a') state.aliases.clear();
  for (const name of argv.slice(1)) state.aliases.delete(name);
  return 0;
}
