import { atLeast, type Command, type Invocation } from '../command.js';
import { command } from '../daemon.js';
import { environment } from '../flags/checks.js';
import { flagTable } from '../flags/declare.js';
import { dig, numberOf, textOf } from '../json.js';
import { refuse } from '../refusal.js';
import type { Conversation } from '../step.js';
import { checkTerminal, processStreams, relay } from './attach.js';
import { readEnvironment } from './creation/creation.js';

export const containerExec: Command = {
  paths: ['container exec', 'exec'],
  usage: '[OPTIONS] CONTAINER COMMAND [ARG...]',
  about: 'Execute a command in a running container',
  flags: flagTable(`
  -d, --detach               Detached mode: run command in the background
      --detach-keys string   Override the key sequence for detaching a
                             container
  -e, --env list             Set environment variables
      --env-file list        Read in a file of environment variables
  -i, --interactive          Keep STDIN open even if not attached
      --privileged           Give extended privileges to the command
  -t, --tty                  Allocate a pseudo-TTY
  -u, --user string          Username or UID (format:
                             "<name|uid>[:<group|gid>]")
  -w, --workdir string       Working directory inside the container
`, { checks: { env: environment } }),
  words: atLeast(2),
  endsAtFirstWord: true,
  run: exec,
};

function* exec({ flags, words, context, output }: Invocation): Conversation<number> {
  const [container, ...line] = words as [string, ...string[]];
  const detached = flags.bool('detach');
  const tty = flags.bool('tty');
  const env = readEnvironment(flags);
  const stdin = !detached && flags.bool('interactive');
  // A container that is not there is told of before a terminal that is not there.
  yield* command('GET', `/containers/${container}/json`);
  if (!detached) checkTerminal(context, stdin, tty);
  const { body } = yield* command('POST', `/containers/${container}/exec`, {}, {
    User: flags.text('user'), Privileged: flags.bool('privileged'), Tty: tty, AttachStdin: stdin,
      AttachStderr: !detached,
    AttachStdout: !detached, Detach: detached, DetachKeys: flags.text('detach-keys'),
      Env: env.length === 0 ? null : env,
    WorkingDir: flags.text('workdir'), Cmd: line,
  });
  const id = textOf(dig(body, 'Id'));
  if (id === '') refuse('exec ID empty');
  const answer = yield* command('POST', `/exec/${id}/start`, {}, { Detach: detached, Tty: tty },
    detached ? undefined : processStreams(output, tty, stdin));
  if (detached) return 0;
  relay(output, answer, tty);
  const ended = yield* command('GET', `/exec/${id}/json`);
  return numberOf(dig(ended.body, 'ExitCode'));
}
