// sh, ash and bash: -c, a script file, or commands from standard input. Text of busybox ash 1.35.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../contract.js';
import { absolutePath } from '../files.js';
import { Shell } from './execute.js';
import { conversation } from './interactive.js';
import { parseCommands } from './parse.js';
import { ShellState } from './state.js';

export function* sh(sys: Sys, argv: readonly string[]): Operation<number> {
  // The image's bash is a script that hands its arguments to /bin/sh.
  const called = argv[0]!.endsWith('bash') ? '/bin/sh' : argv[0]!;
  const state = ShellState.fromEnvironment(called, sys);
  const shell = new Shell(sys, state);
  let at = 1;
  let command = false;
  for (; argv[at] !== undefined && /^[-+]./.test(argv[at]!); at++) {
    if (argv[at] === '--') {
      at++;
      break;
    }
    if (argv[at]!.startsWith('--')) continue;
    for (const letter of argv[at]!.slice(1)) {
      if (letter === 'c') command = true;
      else if (argv[at]!.startsWith('-')) state.options.add(letter);
    }
  }
  if (command) {
    if (argv[at] === undefined) {
      sys.stderr(`${called}: -c requires an argument\n`);
      return 2;
    }
    state.name = argv[at + 1] ?? called;
    state.named = argv[at + 1] !== undefined;
    state.positional = argv.slice(at + 2);
    state.status = yield* shell.script(argv[at]!, true);
  } else if (argv[at] !== undefined && !state.options.has('s')) {
    const file = argv[at]!;
    const text = sys.files.read(absolutePath(sys.cwd, file));
    if (text === undefined) {
      sys.stderr(`${called}: can't open '${file}': No such file or directory\n`);
      return 2;
    }
    state.name = file;
    state.positional = argv.slice(at + 1);
    state.status = yield* shell.script(text, false);
  } else {
    state.positional = argv.slice(at);
    const typedAt = sys.isTerminal(0) && sys.isTerminal(2);
    yield* typedAt || state.options.has('i')
      ? conversation(sys, shell, argv[0]!.endsWith('bash')) : fromInput(sys, shell);
  }
  yield* shell.atExit();
  return state.status;
}

/** A command runs as soon as its last line has been read; what it reads itself is gone for the shell. */
function* fromInput(sys: Sys, shell: Shell): Operation<void> {
  const { state } = shell;
  let source = '';
  for (;;) {
    const line = yield* sys.readLine();
    if (line !== undefined) source += `${line}\n`;
    const parsed = parseCommands(source);
    if (parsed.incomplete && line !== undefined) continue;
    state.status = yield* shell.script(source, false);
    source = '';
    if (line === undefined || state.flow !== undefined) return;
  }
}
