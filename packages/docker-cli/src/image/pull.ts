import { type Command, exactly } from '../command.js';
import { command } from '../daemon.js';
import { flagTable } from '../flags/declare.js';
import { dig, textOf } from '../json.js';
import type { Output } from '../output.js';
import { refuse } from '../refusal.js';
import type { Conversation } from '../step.js';
import { messagesOf } from './messages.js';
import { type ImageName, readImageName, withTag } from './reference.js';

/** Fetches an image; `say` gets the lines that tell of it. */
export function* fetchImage(name: ImageName, allTags: boolean, platform: string,
  say: (line: string) => void): Conversation<void> {
  const version = name.digest === '' ? name.tag : name.digest;
  const answer = yield* command('POST', '/images/create', {
    fromImage: name.full, ...(allTags ? {} : { tag: version }),
      ...(platform === '' ? {} : { platform: platform.toLowerCase() }),
  });
  for (const message of messagesOf(answer)) {
    const problem = textOf(dig(message, 'error')) || textOf(dig(message, 'errorDetail', 'message'));
    if (problem !== '') refuse(problem);
    const status = textOf(dig(message, 'status'));
    const id = textOf(dig(message, 'id'));
    const moving = textOf(dig(message, 'progress')) !== ''
      || dig(message, 'progressDetail', 'current') !== undefined;
    // Without a terminal, moving bars are left out.
    if (status !== '' && !moving) say(id === '' ? status : `${id}: ${status}`);
  }
}

function quietly(_line: string): void {
  // --quiet
}

/** What is told while an image is fetched on behalf of another command. */
export function progressTo(output: Output, quiet: boolean): (line: string) => void {
  return quiet ? quietly : (line) => output.complain(line);
}

export const imagePull: Command = {
  paths: ['image pull', 'pull'],
  usage: '[OPTIONS] NAME[:TAG|@DIGEST]',
  about: 'Download an image from a registry',
  flags: flagTable(`
  -a, --all-tags                Download all tagged images in the repository
      --disable-content-trust   Skip image verification (default true)
      --platform string         Set platform if server is multi-platform
                                capable
  -q, --quiet                   Suppress verbose output
`),
  words: exactly(1),
  *run({ flags, words, output }) {
    const typed = readImageName(words[0]!);
    const all = flags.bool('all-tags');
    const quiet = flags.bool('quiet');
    if (all && (typed.tag !== '' || typed.digest !== '')) refuse("tag can't be used with --all-tags/-a");
    const name = all ? typed : withTag(typed);
    if (!all && typed.tag === '' && typed.digest === '' && !quiet) output.line(`Using default tag: ${name.tag}`);
    yield* fetchImage(name, all, flags.text('platform'), quiet ? quietly : (line) => output.line(line));
    output.line(`${name.full}${name.tag === '' ? '' : `:${name.tag}`}${name.digest === '' ? '' : `@${name.digest}`}`);
    return 0;
  },
};
