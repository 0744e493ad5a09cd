import type { Json } from '@netreel/sim';
import { type Command, none } from '../command.js';
import { command } from '../daemon.js';
import { filterQuery } from '../filters.js';
import { flagTable } from '../flags/declare.js';
import { LISTING_FORMAT } from '../flags/format.js';
import { dig, listOf, textOf } from '../json.js';
import { labelsOf, labelsText } from '../labels.js';
import { column, labelColumn, type Listing, readFormat, writeListing } from '../table/listing.js';
import { naturalOrder, shortId } from '../table/words.js';
import { printValue } from '../template/print.js';

const TABLE = '{{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}';
const RAW = 'network_id: {{.ID}}\nname: {{.Name}}\ndriver: {{.Driver}}\nscope: {{.Scope}}\n';

const TITLES: ReadonlyMap<string, string> = new Map([
  ['ID', 'NETWORK ID'], ['Name', 'NAME'], ['Driver', 'DRIVER'], ['Scope', 'SCOPE'], ['IPv4', 'IPV4'], ['IPv6', 'IPV6'],
  ['Internal', 'INTERNAL'], ['Labels', 'LABELS'], ['CreatedAt', 'CREATED AT'],
]);

function listing(whole: boolean): Listing<Json> {
  return {
    type: '*network.networkContext',
    titles: TITLES,
    columns: (network) => {
      const text = (name: string): string => textOf(dig(network, name));
      const yes = (name: string): string => String(dig(network, name) === true);
      return new Map([
        ['ID', column(() => (whole ? text('Id') : shortId(text('Id'))))],
        ['Name', column(() => text('Name'))],
        ['Driver', column(() => text('Driver'))],
        ['Scope', column(() => text('Scope'))],
        ['IPv4', column(() => yes('EnableIPv4'))],
        ['IPv6', column(() => yes('EnableIPv6'))],
        ['Internal', column(() => yes('Internal'))],
        ['Labels', column(() => labelsText(labelsOf(network)))],
        ['CreatedAt', column(() => printValue({ kind: 'time', text: text('Created') }))],
        ['Label', labelColumn(labelsOf(network))],
      ]);
    },
  };
}

export const networkList: Command = {
  paths: ['network ls'],
  synonyms: new Map([['network list', 'network ls']]),
  usage: '[OPTIONS]',
  about: 'List networks',
  flags: flagTable(`
  -f, --filter filter   Provide filter values (e.g. "driver=bridge")
${LISTING_FORMAT}      --no-trunc        Do not truncate the output
  -q, --quiet           Only display network IDs
`),
  words: none,
  *run({ flags, output }) {
    const { body } = yield* command('GET', '/networks', filterQuery(flags.list('filter')));
    const networks = [...listOf(body)].sort((a, b) => naturalOrder(textOf(dig(a, 'Name')), textOf(dig(b, 'Name'))));
    const typed = flags.text('format');
    const quiet = flags.bool('quiet');
    const format = quiet && (typed === '' || typed === 'table') ? { table: false, source: '{{.ID}}' }
      : typed === 'raw' ? { table: false, source: quiet ? 'network_id: {{.ID}}' : RAW }
        : readFormat(typed, TABLE);
    writeListing(output, listing(flags.bool('no-trunc')), format, networks);
    return 0;
  },
};
