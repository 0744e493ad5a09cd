import type { ApiAnswer } from '@netreel/docker-api';
import { apiVersion, speaks } from '../api-version.js';
import { atLeast, type Command, type Invocation } from '../command.js';
import { command } from '../daemon.js';
import type { Flags } from '../flags/flags.js';
import { fetchImage, progressTo } from '../image/pull.js';
import { isImageId, readImageName, withTag } from '../image/reference.js';
import { dig, listOf, textOf } from '../json.js';
import { readAddress } from '../network/address.js';
import { attempt, attempted, refuse, Refusal } from '../refusal.js';
import type { Conversation } from '../step.js';
import { type Creation, creation } from './creation/creation.js';
import { CREATE_FLAGS } from './creation/run-flags.js';

export const containerCreate: Command = {
  paths: ['container create', 'create'],
  usage: '[OPTIONS] IMAGE [COMMAND] [ARG...]',
  about: 'Create a new container',
  flags: CREATE_FLAGS,
  words: atLeast(1),
  endsAtFirstWord: true,
  *run(invocation) {
    const made = readCreation(invocation, 'create', false);
    invocation.output.line(yield* createContainer(invocation, made));
    return 0;
  },
};

/** Reads the flags; a mistake in them ends with the advice to read the help. */
export function readCreation({ flags, words }: Invocation, verb: string, detached: boolean): Creation {
  const made = attempt(() => {
    checkPull(flags.text('pull'));
    return creation(flags, words, detached);
  });
  if (made instanceof Refusal) throw withHelp(made, verb, 125);
  return made;
}

function checkPull(text: string): void {
  if (!['always', 'missing', 'never', ''].includes(text)) {
    refuse(`invalid pull option: '${text}': must be one of "always", "missing" or "never"`);
  }
}

/** How `docker run` puts what went wrong. */
export function withHelp(refusal: Refusal, verb: string, exit: number): Refusal {
  return new Refusal(`docker: ${refusal.text}\n\nRun 'docker ${verb} --help' for more information`, exit);
}

/** Creates the container, fetching its image when it is missing; its id. */
export function* createContainer({ flags, context, output }: Invocation, made: Creation): Conversation<string> {
  const name = isImageId(made.image) ? undefined : withTag(readImageName(made.image));
  const say = progressTo(output, flags.bool('quiet'));
  const fetch = function* (): Conversation<void> {
    if (name !== undefined) yield* fetchImage(name, false, flags.text('platform'), say);
  };
  if (flags.text('pull') === 'always') yield* fetch();
  if (made.macs && !speaks(context, '1.44')) {
    refuse('"specify mac-address per network" requires API version 1.44, but the Docker daemon API version is '
      + apiVersion(context));
  }
  let answer = yield* attempted(post(flags, made));
  if (answer instanceof Refusal) {
    const missing = answer.notFound && /no such image/i.test(answer.text);
    if (!missing || name === undefined || flags.text('pull') !== 'missing') throw answer;
    if (!flags.bool('quiet')) output.complain(`Unable to find image '${name.familiar}' locally`);
    yield* fetch();
    answer = yield* post(flags, made);
  }
  const warnings = [...listOf(dig(answer.body, 'Warnings')).map(textOf), ...localResolver(made.dns)];
  for (const warning of warnings) output.complain(`WARNING: ${warning}`);
  return textOf(dig(answer.body, 'Id'));
}

function* post(flags: Flags, made: Creation): Conversation<ApiAnswer> {
  const query = {
    ...(flags.text('name') === '' ? {} : { name: flags.text('name') }),
    ...(flags.text('platform') === '' ? {} : { platform: flags.text('platform') }),
  };
  return yield* command('POST', '/containers/create', query, made.body);
}

/** The first resolver that only the host itself could reach. */
function localResolver(dns: readonly string[]): readonly string[] {
  const local = dns.find((text) => {
    const bytes = readAddress(text);
    return bytes !== undefined
      && (bytes.length === 4 ? bytes[0] === 127 : bytes.every((byte, at) => byte === (at === 15 ? 1 : 0)));
  });
  return local === undefined ? [] : [`Localhost DNS (${local}) may fail in containers.`];
}
