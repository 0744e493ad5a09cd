import { atLeast, atMost, type Command, none } from '../command.js';
import { ask, command, refusalOf, request, succeeded } from '../daemon.js';
import { filterQuery } from '../filters.js';
import { flagTable } from '../flags/declare.js';
import { dig, listOf, numberOf, textOf } from '../json.js';
import { confirmed, type Pruned } from '../prune.js';
import { refuse } from '../refusal.js';
import type { Conversation } from '../step.js';
import { sizeText } from '../table/words.js';

export const volumeCreate: Command = {
  paths: ['volume create'],
  usage: '[OPTIONS] [VOLUME]',
  about: 'Create a volume',
  flags: flagTable(`
  -d, --driver string   Specify volume driver name (default "local")
      --label list      Set metadata for a volume
      --name string     Specify volume name
  -o, --opt map         Set driver specific options (default map[])
`),
  words: atMost(1),
  *run({ flags, words, output }) {
    const typed = flags.text('name');
    if (typed !== '' && words.length > 0) {
      refuse('conflicting options: cannot specify a volume-name through both --name and as a positional arg');
    }
    const { body } = yield* command('POST', '/volumes/create', {}, { Driver: flags.text('driver'),
      DriverOpts: tableOf(flags.list('opt')), Labels: tableOf(flags.list('label')), Name: words[0] ?? typed });
    output.line(textOf(dig(body, 'Name')));
    return 0;
  },
};

function tableOf(entries: readonly string[]): { readonly [name: string]: string } {
  return Object.fromEntries(entries.map((entry) => {
    const equals = entry.indexOf('=');
    return equals < 0 ? [entry, ''] : [entry.slice(0, equals), entry.slice(equals + 1)];
  }));
}

export const volumeRemove: Command = {
  paths: ['volume rm'],
  synonyms: new Map([['volume remove', 'volume rm']]),
  usage: '[OPTIONS] VOLUME [VOLUME...]',
  about: 'Remove one or more volumes',
  flags: flagTable(`
  -f, --force   Force the removal of one or more volumes
`),
  words: atLeast(1),
  *run({ flags, words, output }) {
    const refusals: string[] = [];
    for (const name of words) {
      const answer = yield* ask(request('DELETE', `/volumes/${name}`, flags.bool('force') ? { force: '1' } : {}));
      if (succeeded(answer)) output.line(name);
      else refusals.push(refusalOf(answer).text);
    }
    return refusals.length === 0 ? 0 : refuse(refusals.join('\n'));
  },
};

export function* pruneVolumes(filters: readonly string[]): Conversation<Pruned> {
  const { body } = yield* command('POST', '/volumes/prune', filterQuery(filters));
  const names = listOf(dig(body, 'VolumesDeleted')).map(textOf);
  return { text: names.length === 0 ? '' : `Deleted Volumes:\n${names.join('\n')}\n\n`,
    bytes: numberOf(dig(body, 'SpaceReclaimed')) };
}

export const volumePrune: Command = {
  paths: ['volume prune'],
  usage: '[OPTIONS]',
  about: 'Remove unused local volumes',
  flags: flagTable(`
  -a, --all             Remove all unused volumes, not just anonymous ones
      --filter filter   Provide filter values (e.g. "label=<label>")
  -f, --force           Do not prompt for confirmation
`),
  words: none,
  *run({ flags, output }) {
    const warning = 'WARNING! This will remove all local volumes not used by at least one container.';
    if (!confirmed(output, flags.bool('force'), warning)) return 0;
    const pruned = yield* pruneVolumes(flags.list('filter'));
    output.write('stdout', pruned.text);
    output.line(`Total reclaimed space: ${sizeText(pruned.bytes, 4)}`);
    return 0;
  },
};
