import type { Json } from '@netreel/sim';
import { type Command, none } from '../command.js';
import { command } from '../daemon.js';
import { filterQuery } from '../filters.js';
import { flagTable } from '../flags/declare.js';
import { LISTING_FORMAT } from '../flags/format.js';
import { dig, listOf, recordOf, textOf } from '../json.js';
import { column, labelColumn, type Listing, readFormat, writeListing } from '../table/listing.js';

const TITLES: ReadonlyMap<string, string> = new Map([['Name', 'VOLUME NAME'], ['Driver', 'DRIVER'], ['Scope', 'SCOPE'],
  ['Mountpoint', 'MOUNTPOINT'], ['Labels', 'LABELS'], ['Links', 'LINKS'], ['Size', 'SIZE'],
  ['Availability', 'AVAILABILITY'], ['Group', 'GROUP'], ['Status', 'STATUS']]);

const LISTING: Listing<Json> = {
  type: '*formatter.volumeContext',
  titles: TITLES,
  columns: (volume) => {
    const labels = new Map(Object.entries(recordOf(dig(volume, 'Labels') ?? null)).map(([name, value]) =>
      [name, String(value)]));
    const told = (name: string) => column(() => textOf(dig(volume, name)));
    return new Map([
      ['Name', told('Name')], ['Driver', told('Driver')], ['Scope', told('Scope')], ['Mountpoint', told('Mountpoint')],
      ['Labels', column(() => [...labels].map(([name, value]) => `${name}=${value}`).sort().join(','))],
      ['Label', labelColumn(labels)], ['Links', column(() => 'N/A')], ['Size', column(() => 'N/A')],
      ['Availability', column(() => 'N/A')], ['Group', column(() => 'N/A')], ['Status', column(() => 'N/A')],
    ]);
  },
};

export const volumeList: Command = {
  paths: ['volume ls'],
  synonyms: new Map([['volume list', 'volume ls']]),
  usage: '[OPTIONS]',
  about: 'List volumes',
  flags: flagTable(`
  -f, --filter filter   Provide filter values (e.g. "dangling=true")
${LISTING_FORMAT}  -q, --quiet           Only display volume names
`),
  words: none,
  *run({ flags, output }) {
    const { body } = yield* command('GET', '/volumes', filterQuery(flags.list('filter')));
    const typed = flags.text('format');
    const format = flags.bool('quiet') && (typed === '' || typed === 'table') ? { table: false, source: '{{.Name}}' }
      : readFormat(typed, '{{.Driver}}\t{{.Name}}');
    const rows = [...listOf(dig(body, 'Volumes'))].sort((a, b) => (textOf(dig(a, 'Name')) < textOf(dig(b, 'Name')) ? -1
      : 1));
    writeListing(output, LISTING, format, rows);
    return 0;
  },
};
