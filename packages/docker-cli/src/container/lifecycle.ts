// Commands that change the state of one container after the other.

import type { ApiRequest } from '@netreel/docker-api';
import { speaks } from '../api-version.js';
import { atLeast, type Command, exactly, type Invocation } from '../command.js';
import { ask, command, refusalOf, request, succeeded } from '../daemon.js';
import { flagTable, noFlags } from '../flags/declare.js';
import { dig, numberOf, textOf } from '../json.js';
import { attempted, refuse, Refusal } from '../refusal.js';
import type { Conversation } from '../step.js';
import { checkTerminal, startAndStay } from './attach.js';

/** Asks for every container in turn, prints the names of those it worked for, then what the engine refused. */
export function* forEach({ words, output }: Invocation, asked: (name: string) => ApiRequest): Conversation<number> {
  const refusals: string[] = [];
  for (const name of words) {
    const answer = yield* ask(asked(name));
    if (succeeded(answer)) output.line(name);
    else refusals.push(refusalOf(answer).text);
  }
  return refusals.length === 0 ? 0 : refuse(refusals.join('\n'));
}

const STOP_FLAGS = flagTable(`
  -s, --signal string   Signal to send to the container
  -t, --timeout int     Seconds to wait before killing the container
`, { hidden: { time: 'timeout' }, deprecated: ['time'] });

function stopQuery({ flags, context }: Invocation): ApiRequest['query'] {
  return {
    ...(flags.changed('timeout') ? { t: String(flags.integer('timeout')) } : {}),
    ...(flags.text('signal') !== '' && speaks(context, '1.42') ? { signal: flags.text('signal') } : {}),
  };
}

export const containerStop: Command = {
  paths: ['container stop', 'stop'],
  usage: '[OPTIONS] CONTAINER [CONTAINER...]',
  about: 'Stop one or more running containers',
  flags: STOP_FLAGS,
  words: atLeast(1),
  *run(invocation) {
    const query = stopQuery(invocation);
    return yield* forEach(invocation, (name) => request('POST', `/containers/${name}/stop`, query));
  },
};

export const containerRestart: Command = {
  paths: ['container restart', 'restart'],
  usage: '[OPTIONS] CONTAINER [CONTAINER...]',
  about: 'Restart one or more containers',
  flags: STOP_FLAGS,
  words: atLeast(1),
  *run(invocation) {
    const query = stopQuery(invocation);
    return yield* forEach(invocation, (name) => request('POST', `/containers/${name}/restart`, query));
  },
};

export const containerKill: Command = {
  paths: ['container kill', 'kill'],
  usage: '[OPTIONS] CONTAINER [CONTAINER...]',
  about: 'Kill one or more running containers',
  flags: flagTable('  -s, --signal string   Signal to send to the container'),
  words: atLeast(1),
  *run(invocation) {
    const signal = invocation.flags.text('signal');
    return yield* forEach(invocation,
      (name) => request('POST', `/containers/${name}/kill`, signal === '' ? {} : { signal }));
  },
};

export const containerPause: Command = {
  paths: ['container pause', 'pause'],
  usage: 'CONTAINER [CONTAINER...]',
  about: 'Pause all processes within one or more containers',
  flags: noFlags,
  words: atLeast(1),
  run: (invocation) => forEach(invocation, (name) => request('POST', `/containers/${name}/pause`)),
};

export const containerUnpause: Command = {
  paths: ['container unpause', 'unpause'],
  usage: 'CONTAINER [CONTAINER...]',
  about: 'Unpause all processes within one or more containers',
  flags: noFlags,
  words: atLeast(1),
  run: (invocation) => forEach(invocation, (name) => request('POST', `/containers/${name}/unpause`)),
};

export const containerStart: Command = {
  paths: ['container start', 'start'],
  usage: '[OPTIONS] CONTAINER [CONTAINER...]',
  about: 'Start one or more stopped containers',
  flags: flagTable(`
  -a, --attach                  Attach STDOUT/STDERR and forward signals
      --checkpoint string       Restore from this checkpoint
      --checkpoint-dir string   Use a custom checkpoint storage directory
      --detach-keys string      Override the key sequence for detaching a
                                container
  -i, --interactive             Attach container's STDIN
`, { needs: { checkpoint: 'experimental', 'checkpoint-dir': 'experimental' } }),
  words: atLeast(1),
  run: start,
};

function* start(invocation: Invocation): Conversation<number> {
  const { flags, words, output } = invocation;
  if (flags.bool('attach') || flags.bool('interactive')) return yield* startAttached(invocation);
  const failed: string[] = [];
  for (const name of words) {
    const answer = yield* ask(request('POST', `/containers/${name}/start`));
    if (succeeded(answer)) output.line(name);
    else {
      output.complain(refusalOf(answer).text);
      failed.push(name);
    }
  }
  return failed.length === 0 ? 0 : refuse(`Error: failed to start containers: ${failed.join(', ')}`);
}

function* startAttached({ flags, words, context, output }: Invocation): Conversation<number> {
  if (words.length > 1) refuse('you cannot start and attach multiple containers at once');
  const { body } = yield* command('GET', `/containers/${words[0]}/json`);
  const tty = dig(body, 'Config', 'Tty') === true;
  const stdin = flags.bool('interactive') && dig(body, 'Config', 'OpenStdin') === true;
  checkTerminal(context, stdin, tty);
  return yield* startAndStay(output, {
    id: textOf(dig(body, 'Id')), attach: { stdin, stdout: true, stderr: true }, tty,
    autoRemove: dig(body, 'HostConfig', 'AutoRemove') === true,
  });
}

export const containerRemove: Command = {
  paths: ['container rm', 'rm'],
  synonyms: new Map([['container remove', 'container rm']]),
  usage: '[OPTIONS] CONTAINER [CONTAINER...]',
  about: 'Remove one or more containers',
  flags: flagTable(`
  -f, --force     Force the removal of a running container (uses SIGKILL)
  -l, --link      Remove the specified link
  -v, --volumes   Remove anonymous volumes associated with the container
`),
  words: atLeast(1),
  run: remove,
};

function* remove({ flags, words, output }: Invocation): Conversation<number> {
  const query = {
    ...(flags.bool('volumes') ? { v: '1' } : {}), ...(flags.bool('link') ? { link: '1' } : {}),
    ...(flags.bool('force') ? { force: '1' } : {}),
  };
  const refusals: string[] = [];
  for (const typed of words) {
    const name = typed.replace(/^\/+|\/+$/g, '');
    const done = name === '' ? new Refusal('container name cannot be empty')
      : yield* attempted(command('DELETE', `/containers/${name}`, query));
    if (!(done instanceof Refusal)) output.line(typed);
    else if (flags.bool('force') && done.notFound) output.complain(done.text);
    else refusals.push(done.text);
  }
  return refusals.length === 0 ? 0 : refuse(refusals.join('\n'));
}

export const containerRename: Command = {
  paths: ['container rename', 'rename'],
  usage: 'CONTAINER NEW_NAME',
  about: 'Rename a container',
  flags: noFlags,
  words: exactly(2),
  *run({ words, output }) {
    const [before, after] = words.map((word) => word.trim()) as [string, string];
    if (before === '' || after === '') refuse('Error: Neither old nor new names may be empty');
    const answer = yield* ask(request('POST', `/containers/${before}/rename`, { name: after }));
    if (succeeded(answer)) return 0;
    output.complain(refusalOf(answer).text);
    return refuse(`Error: failed to rename container named ${before}`);
  },
};

export const containerWait: Command = {
  paths: ['container wait', 'wait'],
  usage: 'CONTAINER [CONTAINER...]',
  about: 'Block until one or more containers stop, then print their exit codes',
  flags: noFlags,
  words: atLeast(1),
  *run({ words, output }) {
    const refusals: string[] = [];
    for (const name of words) {
      const answer = yield* ask(request('POST', `/containers/${name}/wait`));
      if (succeeded(answer)) output.line(String(numberOf(dig(answer.body, 'StatusCode'))));
      else refusals.push(refusalOf(answer).text);
    }
    return refusals.length === 0 ? 0 : refuse(refusals.join('\n'));
  },
};
