// Staying with a container until it ends: `docker run` without -d, `docker start -a`, `docker attach`.

import type { ApiAnswer } from '@netreel/docker-api';
import { type Command, exactly, type Invocation } from '../command.js';
import { answerOf, command, demand, request, succeeded } from '../daemon.js';
import { flagTable } from '../flags/declare.js';
import { dig, numberOf, textOf } from '../json.js';
import type { Output } from '../output.js';
import { refuse } from '../refusal.js';
import type { CliContext, Conversation, Streams } from '../step.js';
import type { Attachments } from './creation/creation.js';

/** Calls that run beside each other need names. */
const ATTACHED = 0;
const WAITING = 1;

export interface Stay {
  readonly id: string;
  readonly attach: Attachments;
  readonly tty: boolean;
  /** The engine removes the container when it ends: that is what to wait for. */
  readonly autoRemove: boolean;
}

/** A terminal that is asked for must be there. */
export function checkTerminal(context: CliContext, stdin: boolean, tty: boolean): void {
  if (tty && stdin && context.terminal !== true) refuse('the input device is not a TTY');
}

/** Attaches and waits, starts the container between, and gives its exit status. */
export function* startAndStay(output: Output, stay: Stay): Conversation<number> {
  yield { kind: 'begin', handle: ATTACHED, request: attachRequest(stay.id, stay.attach),
    streams: processStreams(output, stay.tty, stay.attach.stdin) };
  const condition = stay.autoRemove ? 'removed' : 'next-exit';
  yield { kind: 'begin', handle: WAITING, request: request('POST', `/containers/${stay.id}/wait`, { condition }) };
  yield* command('POST', `/containers/${stay.id}/start`);
  relay(output, demand(yield* answerOf(ATTACHED)), stay.tty);
  const ended = yield* answerOf(WAITING);
  if (!succeeded(ended)) return 125;
  const problem = textOf(dig(ended.body, 'Error', 'Message'));
  if (problem === '') return numberOf(dig(ended.body, 'StatusCode'));
  output.complain(`Error waiting for container: ${problem}`);
  return 125;
}

function attachRequest(id: string, attach: Attachments) {
  return request('POST', `/containers/${id}/attach`, {
    stream: '1', ...(attach.stdin ? { stdin: '1' } : {}), ...(attach.stdout ? { stdout: '1' } : {}),
    ...(attach.stderr ? { stderr: '1' } : {}),
  });
}

/** What a process writes goes where the command's own words go. */
export function processStreams(output: Output, terminal: boolean, input: boolean): Streams {
  return { bare: terminal, piece: ({ stream, text }) => output.write(terminal ? 'stdout' : stream, text),
    ...(input ? { input: terminal ? 'terminal' as const : 'stream' as const } : {}) };
}

/** A terminal has one stream. */
export function relay(output: Output, answer: ApiAnswer, tty: boolean): void {
  output.relay(tty ? answer.output?.map((chunk) => ({ ...chunk, stream: 'stdout' as const })) : answer.output);
}

export const containerAttach: Command = {
  paths: ['container attach', 'attach'],
  usage: '[OPTIONS] CONTAINER',
  about: 'Attach local standard input, output, and error streams to a running container',
  flags: flagTable(`
      --detach-keys string   Override the key sequence for detaching a
                             container
      --no-stdin             Do not attach STDIN
      --sig-proxy            Proxy all received signals to the process
                             (default true)
`),
  words: exactly(1),
  run: attach,
};

function* attach({ flags, words, context, output }: Invocation): Conversation<number> {
  const name = words[0]!;
  yield { kind: 'begin', handle: WAITING, request: request('POST', `/containers/${name}/wait`) };
  const { body } = yield* command('GET', `/containers/${name}/json`);
  if (dig(body, 'State', 'Running') !== true) refuse('You cannot attach to a stopped container, start it first');
  if (dig(body, 'State', 'Paused') === true) refuse('You cannot attach to a paused container, unpause it first');
  if (dig(body, 'State', 'Restarting') === true) {
    refuse('You cannot attach to a restarting container, wait until it is running');
  }
  const tty = dig(body, 'Config', 'Tty') === true;
  const stdin = !flags.bool('no-stdin');
  checkTerminal(context, stdin, tty);
  const streams = { stdin: stdin && dig(body, 'Config', 'OpenStdin') === true, stdout: true, stderr: true };
  yield { kind: 'begin', handle: ATTACHED, request: attachRequest(name, streams),
    streams: processStreams(output, tty, streams.stdin) };
  relay(output, demand(yield* answerOf(ATTACHED)), tty);
  const ended = demand(yield* answerOf(WAITING));
  const problem = textOf(dig(ended.body, 'Error', 'Message'));
  if (problem !== '') refuse(problem);
  return numberOf(dig(ended.body, 'StatusCode'));
}
