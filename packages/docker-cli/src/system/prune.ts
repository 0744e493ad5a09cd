import { type Command, type Invocation, none } from '../command.js';
import { pruneContainers } from '../container/prune.js';
import { command } from '../daemon.js';
import { filterQuery } from '../filters.js';
import { flagTable } from '../flags/declare.js';
import { pruneImages } from '../image/remove.js';
import { dig, listOf, numberOf, textOf } from '../json.js';
import { pruneNetworks } from '../network/remove.js';
import { confirmed, type Pruned } from '../prune.js';
import { attempted, refuse, Refusal } from '../refusal.js';
import type { Conversation } from '../step.js';
import { naturalOrder, sizeText } from '../table/words.js';

export const systemPrune: Command = {
  paths: ['system prune'],
  usage: '[OPTIONS]',
  about: 'Remove unused data',
  flags: flagTable(`
  -a, --all             Remove all unused images not just dangling ones
      --filter filter   Provide filter values (e.g. "label=<key>=<value>")
  -f, --force           Do not prompt for confirmation
      --volumes         Prune anonymous volumes
`),
  words: none,
  run: prune,
};

function* prune({ flags, output }: Invocation): Conversation<number> {
  const filters = flags.list('filter');
  const volumes = flags.bool('volumes');
  if (volumes && filters.some((filter) => filter.startsWith('until='))) {
    refuse('ERROR: The "until" filter is not supported with "--volumes"');
  }
  if (!confirmed(output, flags.bool('force'), warning(flags.bool('all'), volumes, filters))) return 0;
  let bytes = 0;
  const steps = [
    pruneContainers(filters), pruneNetworks(filters), ...(volumes ? [pruneVolumes(filters)] : []),
    pruneImages(filters, flags.bool('all')), pruneBuilds(filters, flags.bool('all')),
  ];
  for (const step of steps) {
    const pruned = yield* offered(step);
    output.write('stdout', pruned.text);
    bytes += pruned.bytes;
  }
  output.line(`Total reclaimed space: ${sizeText(bytes, 4)}`);
  return 0;
}

/** An engine that has no such things has nothing of them to remove. */
function* offered(step: Conversation<Pruned>): Conversation<Pruned> {
  const pruned = yield* attempted(step);
  if (!(pruned instanceof Refusal)) return pruned;
  if (pruned.notFound) return { text: '', bytes: 0 };
  throw pruned;
}

function* pruneVolumes(filters: readonly string[]): Conversation<Pruned> {
  const { body } = yield* command('POST', '/volumes/prune', filterQuery(filters));
  const removed = listOf(dig(body, 'VolumesDeleted')).map(textOf);
  const text = removed.length === 0 ? '' : `Deleted Volumes:\n${removed.join('\n')}\n\n`;
  return { text, bytes: numberOf(dig(body, 'SpaceReclaimed')) };
}

function* pruneBuilds(filters: readonly string[], all: boolean): Conversation<Pruned> {
  const { body } = yield* command('POST', '/build/prune', { ...(all ? { all: '1' } : {}), ...filterQuery(filters) });
  const removed = listOf(dig(body, 'CachesDeleted')).map(textOf);
  const text = removed.length === 0 ? '' : `Deleted build cache objects:\n${removed.join('\n')}\n\n`;
  return { text, bytes: numberOf(dig(body, 'SpaceReclaimed')) };
}

function warning(all: boolean, volumes: boolean, filters: readonly string[]): string {
  const things = [
    'all stopped containers', 'all networks not used by at least one container',
    ...(volumes ? ['all anonymous volumes not used by at least one container'] : []),
    all ? 'all images without at least one container associated to them' : 'all dangling images',
    all ? 'all build cache' : 'unused build cache',
  ];
  const filtered = filters.length === 0 ? ''
    : `\n  Items to be pruned will be filtered with:\n${itemised([...filters].sort(naturalOrder))}`;
  return `WARNING! This will remove:\n${itemised(things)}${filtered}`;
}

function itemised(lines: readonly string[]): string {
  return lines.map((line) => `  - ${line}\n`).join('');
}
