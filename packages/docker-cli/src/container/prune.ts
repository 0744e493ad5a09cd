import { type Command, none } from '../command.js';
import { command } from '../daemon.js';
import { filterQuery } from '../filters.js';
import { flagTable } from '../flags/declare.js';
import { dig, listOf, numberOf, textOf } from '../json.js';
import { confirmed, type Pruned } from '../prune.js';
import type { Conversation } from '../step.js';
import { sizeText } from '../table/words.js';

const WARNING = 'WARNING! This will remove all stopped containers.';

export function* pruneContainers(filters: readonly string[]): Conversation<Pruned> {
  const { body } = yield* command('POST', '/containers/prune', filterQuery(filters));
  const removed = listOf(dig(body, 'ContainersDeleted')).map(textOf);
  const text = removed.length === 0 ? '' : `Deleted Containers:\n${removed.join('\n')}\n\n`;
  return { text, bytes: numberOf(dig(body, 'SpaceReclaimed')) };
}

export const containerPrune: Command = {
  paths: ['container prune'],
  usage: '[OPTIONS]',
  about: 'Remove all stopped containers',
  flags: flagTable(`
      --filter filter   Provide filter values (e.g. "until=<timestamp>")
  -f, --force           Do not prompt for confirmation
`),
  words: none,
  *run({ flags, output }) {
    if (!confirmed(output, flags.bool('force'), WARNING)) return 0;
    const pruned = yield* pruneContainers(flags.list('filter'));
    output.write('stdout', pruned.text);
    output.line(`Total reclaimed space: ${sizeText(pruned.bytes, 4)}`);
    return 0;
  },
};
