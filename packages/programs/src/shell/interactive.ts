// A shell that somebody types at: prompts, what ends a command but not the shell, and news of jobs. Text of busybox
// ash; called as bash it has the prompt of Debian's.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../contract.js';
import type { Shell } from './execute.js';
import { parseCommands } from './parse.js';
import { jobLine } from './jobs.js';
import { expandPrompt } from './prompt.js';

/** What is more than enough for any command; a real line editor has its bound too. */
const COMMAND_MAX = 100_000;
const INTERRUPTED = 130;

export function* conversation(sys: Sys, shell: Shell, asBash: boolean): Operation<void> {
  const { state } = shell;
  state.interactive = true;
  if (!state.variables.has('PS1')) state.variables.set('PS1', asBash ? '\\u@\\h:\\w\\$ ' : '\\w \\$ ');
  if (!state.variables.has('PS2')) state.variables.set('PS2', '> ');
  sys.catchSignal('SIGINT', () => { state.interrupted = true; });
  for (const signal of ['SIGTERM', 'SIGQUIT'] as const) sys.catchSignal(signal, () => undefined);
  let source = '';
  for (;;) {
    if (source === '') tellOfJobs(sys, shell);
    sys.stderr(expandPrompt(state.variables.get(source === '' ? 'PS1' : 'PS2') ?? '', sys, shell.state));
    const typed = yield* nextLine(sys, shell);
    if (typed === 'end' && (source === '' || source.length > COMMAND_MAX)) {
      sys.stderr(asBash ? 'exit\n' : '\n');
      return;
    }
    if (typed === 'interrupt') {
      source = '';
      sys.stderr('\n');
      state.status = INTERRUPTED;
      continue;
    }
    if (typed !== 'end') source += `${typed.line}\n`;
    const parsed = parseCommands(source);
    if (parsed.incomplete && typed !== 'end') continue;
    state.status = yield* shell.script(source, false);
    source = '';
    state.interrupted = false;
    if (state.flow?.kind === 'exit') {
      if (asBash) sys.stderr('exit\n');
      return;
    }
    // After a program that the key ended the line has been ended too.
    if (state.flow?.kind === 'interrupt' && state.status !== INTERRUPTED) {
      sys.stderr('\n');
      state.status = INTERRUPTED;
    }
    state.flow = undefined;
  }
}

/** Runs the traps of signals that come meanwhile. */
function* nextLine(sys: Sys, shell: Shell): Operation<{ readonly line: string } | 'end' | 'interrupt'> {
  const { state } = shell;
  for (;;) {
    const typed = yield* sys.readLineOrSignal();
    if (typed !== 'signal') return typed;
    if (state.interrupted) {
      state.interrupted = false;
      return 'interrupt';
    }
    yield* shell.runDueTraps();
    if (state.flow !== undefined) return 'end';
  }
}

function tellOfJobs(sys: Sys, { state }: Shell): void {
  const ended = state.told.filter(({ job }) => job.exitCode !== undefined);
  for (const row of ended) sys.stderr(jobLine(state, row));
  for (const row of ended) {
    state.told.splice(state.told.indexOf(row), 1);
    const place = state.jobs.indexOf(row.job);
    if (place >= 0) state.jobs.splice(place, 1);
  }
}
