import type { Json } from '@netreel/sim';
import { type Command, none } from '../command.js';
import { command } from '../daemon.js';
import { filterQuery } from '../filters.js';
import { flagTable } from '../flags/declare.js';
import { LISTING_FORMAT } from '../flags/format.js';
import { dig, listOf, textOf } from '../json.js';
import { column, type Listing, readFormat, writeListing } from '../table/listing.js';
import { naturalOrder } from '../table/words.js';

const TABLE = '{{.ID}} {{if .Self}}*{{else}} {{ end }}\t{{.Hostname}}\t{{.Status}}\t{{.Availability}}\t' +
  '{{.ManagerStatus}}\t{{.EngineVersion}}';

const TITLES: ReadonlyMap<string, string> = new Map([
  ['ID', 'ID'], ['Self', ''], ['Hostname', 'HOSTNAME'], ['Status', 'STATUS'], ['Availability', 'AVAILABILITY'],
  ['ManagerStatus', 'MANAGER STATUS'], ['EngineVersion', 'ENGINE VERSION'], ['TLSStatus', 'TLS STATUS'],
]);

export function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

/** Leader, or how the managers reach it; empty for a worker. */
export function standingOf(node: Json): string {
  if (dig(node, 'ManagerStatus', 'Leader') === true) return 'Leader';
  return capital(textOf(dig(node, 'ManagerStatus', 'Reachability')));
}

function listing(self: string): Listing<Json> {
  return {
    type: '*node.nodeContext',
    titles: TITLES,
    columns: (node) => {
      const text = (...names: readonly string[]): string => textOf(dig(node, ...names));
      return new Map([
        ['ID', column(() => text('ID'))],
        ['Self', { parameters: 0, value: () => ({ kind: 'bool', bool: text('ID') === self } as const) }],
        ['Hostname', column(() => text('Description', 'Hostname'))],
        ['Status', column(() => capital(text('Status', 'State')))],
        ['Availability', column(() => capital(text('Spec', 'Availability')))],
        ['ManagerStatus', column(() => standingOf(node))],
        ['TLSStatus', column(() => 'Unknown')],
        ['EngineVersion', column(() => text('Description', 'Engine', 'EngineVersion'))],
      ]);
    },
  };
}

export const nodeList: Command = {
  paths: ['node ls'],
  synonyms: new Map([['node list', 'node ls']]),
  usage: '[OPTIONS]',
  about: 'List nodes in the swarm',
  flags: flagTable(`
  -f, --filter filter   Filter output based on conditions provided
${LISTING_FORMAT}  -q, --quiet           Only display IDs
`),
  words: none,
  *run({ flags, output }) {
    const { body } = yield* command('GET', '/nodes', filterQuery(flags.list('filter')));
    const nodes = listOf(body);
    // An empty list says nothing of who asks.
    const info = nodes.length === 0 ? null : (yield* command('GET', '/info')).body;
    const name = (node: Json): string => textOf(dig(node, 'Description', 'Hostname'));
    const sorted = [...nodes].sort((a, b) => naturalOrder(name(a), name(b)));
    const typed = flags.text('format');
    const quiet = flags.bool('quiet') && (typed === '' || typed === 'table');
    const format = quiet ? { table: false, source: '{{.ID}}' } : readFormat(typed, TABLE);
    writeListing(output, listing(textOf(dig(info, 'Swarm', 'NodeID'))), format, sorted);
    return 0;
  },
};
