import { atLeast, type Command, none } from '../command.js';
import { ask, command, refusalOf, request, succeeded } from '../daemon.js';
import { filterQuery } from '../filters.js';
import { flagTable } from '../flags/declare.js';
import { dig, listOf, numberOf, textOf } from '../json.js';
import { confirmed, type Pruned } from '../prune.js';
import { refuse } from '../refusal.js';
import type { Conversation } from '../step.js';
import { sizeText } from '../table/words.js';

export const imageRemove: Command = {
  paths: ['image rm', 'rmi'],
  synonyms: new Map([['image remove', 'image rm']]),
  usage: '[OPTIONS] IMAGE [IMAGE...]',
  about: 'Remove one or more images',
  flags: flagTable(`
  -f, --force              Force removal of the image
      --no-prune           Do not delete untagged parents
      --platform strings   Remove only the given platform variant.
                           Formatted as "os[/arch[/variant]]" (e.g.,
                           "linux/amd64")
`),
  words: atLeast(1),
  *run({ flags, words, output }) {
    const query =
      { ...(flags.bool('force') ? { force: '1' } : {}), ...(flags.bool('no-prune') ? { noprune: '1' } : {}) };
    const refusals: string[] = [];
    for (const name of words) {
      const answer = yield* ask(request('DELETE', `/images/${name}`, query));
      if (!succeeded(answer)) {
        const refusal = refusalOf(answer);
        if (flags.bool('force') && refusal.notFound) output.complain(refusal.text);
        else refusals.push(refusal.text);
        continue;
      }
      for (const each of listOf(answer.body)) {
        const deleted = textOf(dig(each, 'Deleted'));
        output.line(deleted === '' ? `Untagged: ${textOf(dig(each, 'Untagged'))}` : `Deleted: ${deleted}`);
      }
    }
    return refusals.length === 0 ? 0 : refuse(refusals.join('\n'));
  },
};

export function* pruneImages(filters: readonly string[], all: boolean): Conversation<Pruned> {
  const { body } = yield* command('POST', '/images/prune', filterQuery([...filters, `dangling=${!all}`]));
  const lines = listOf(dig(body, 'ImagesDeleted')).map((each) => {
    const untagged = textOf(dig(each, 'Untagged'));
    return untagged === '' ? `deleted: ${textOf(dig(each, 'Deleted'))}` : `untagged: ${untagged}`;
  });
  const text = lines.length === 0 ? '' : `Deleted Images:\n${lines.join('\n')}\n\n`;
  return { text, bytes: numberOf(dig(body, 'SpaceReclaimed')) };
}

export const imagePrune: Command = {
  paths: ['image prune'],
  usage: '[OPTIONS]',
  about: 'Remove unused images',
  flags: flagTable(`
  -a, --all             Remove all unused images, not just dangling ones
      --filter filter   Provide filter values (e.g. "until=<timestamp>")
  -f, --force           Do not prompt for confirmation
`),
  words: none,
  *run({ flags, output }) {
    const all = flags.bool('all');
    const what = all ? 'all images without at least one container associated to them' : 'all dangling images';
    if (!confirmed(output, flags.bool('force'), `WARNING! This will remove ${what}.`)) return 0;
    const pruned = yield* pruneImages(flags.list('filter'), all);
    output.write('stdout', pruned.text);
    output.line(`Total reclaimed space: ${sizeText(pruned.bytes, 4)}`);
    return 0;
  },
};
