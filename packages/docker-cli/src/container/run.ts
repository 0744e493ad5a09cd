import { atLeast, type Command, type Invocation } from '../command.js';
import { command } from '../daemon.js';
import { attempted, refuse, Refusal } from '../refusal.js';
import type { Conversation } from '../step.js';
import { checkTerminal, startAndStay } from './attach.js';
import { createContainer, readCreation, withHelp } from './create.js';
import { RUN_FLAGS } from './creation/run-flags.js';

export const containerRun: Command = {
  paths: ['container run', 'run'],
  usage: '[OPTIONS] IMAGE [COMMAND] [ARG...]',
  about: 'Create and run a new container from an image',
  flags: RUN_FLAGS,
  words: atLeast(1),
  endsAtFirstWord: true,
  run,
};

function* run(invocation: Invocation): Conversation<number> {
  const { flags, context, output } = invocation;
  const detached = flags.bool('detach');
  const made = readCreation(invocation, 'run', detached);
  if (detached && flags.changed('attach')) refuse('conflicting options: cannot specify both --attach and --detach');
  if (!detached) checkTerminal(context, made.attach.stdin, made.tty);
  const id = yield* orStatus(createContainer(invocation, made));
  const { stdin, stdout, stderr } = made.attach;
  if (stdin || stdout || stderr) {
    return yield* orStatus(
      startAndStay(output, { id, attach: made.attach, tty: made.tty, autoRemove: made.autoRemove }));
  }
  output.line(id);
  yield* orStatus(command('POST', `/containers/${id}/start`));
  return 0;
}

/** What the engine refuses ends with a status that tells whose fault it was: 127 no such command, 126 not permitted. */
function* orStatus<T>(steps: Conversation<T>): Conversation<T> {
  const result = yield* attempted(steps);
  if (!(result instanceof Refusal)) return result;
  const { text } = result;
  const missing =
    /executable file not found|no such file or directory|system cannot find the file specified/.test(text);
  const forbidden = /permission denied|is a directory/.test(text);
  throw withHelp(result, 'run', missing ? 127 : forbidden ? 126 : 125);
}
