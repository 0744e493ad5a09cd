import type { Json, SimTime } from '@netreel/sim';
import { type Command, type Invocation, none } from '../command.js';
import { command } from '../daemon.js';
import { filterQuery } from '../filters.js';
import { flagTable } from '../flags/declare.js';
import { LISTING_FORMAT } from '../flags/format.js';
import { dig, listOf, numberOf, recordOf, textOf } from '../json.js';
import { labelsOf, labelsText } from '../labels.js';
import { refuse } from '../refusal.js';
import type { Conversation } from '../step.js';
import { dateText, unixSeconds } from '../table/calendar.js';
import { column, type Format, labelColumn, type Listing, readFormat, rowOf, writeListing } from '../table/listing.js';
import { durationText, shortened, shortId, sizeText } from '../table/words.js';
import { goQuote } from '../template/number.js';
import { readTemplate } from '../template/render.js';
import { NIL } from '../template/value.js';
import { portsText } from './published.js';

const TABLE = '{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}';
const RAW = [
  'container_id: {{.ID}}', 'image: {{.Image}}', 'command: {{.Command}}', 'created_at: {{.CreatedAt}}',
  'state: {{- pad .State 1 0}}', 'status: {{- pad .Status 1 0}}', 'names: {{.Names}}', 'labels: {{- pad .Labels 1 0}}',
  'ports: {{- pad .Ports 1 0}}', '',
].join('\n');

const TITLES: ReadonlyMap<string, string> = new Map([
  ['ID', 'CONTAINER ID'], ['Names', 'NAMES'], ['Image', 'IMAGE'], ['Command', 'COMMAND'], ['CreatedAt', 'CREATED AT'],
  ['RunningFor', 'CREATED'], ['Ports', 'PORTS'], ['State', 'STATE'], ['Status', 'STATUS'], ['Size', 'SIZE'],
  ['Labels', 'LABELS'], ['Mounts', 'MOUNTS'], ['LocalVolumes', 'LOCAL VOLUMES'], ['Networks', 'NETWORKS'],
    ['Platform', 'PLATFORM'],
]);

export interface ListingRules {
  readonly now: SimTime;
  /** --no-trunc. */
  readonly whole: boolean;
  /** Called when a row's size is asked for. */
  readonly onSize?: () => void;
}

/** Containers as `docker ps` lists them. */
export function containerListing({ now, whole, onSize }: ListingRules): Listing<Json> {
  return {
    type: '*formatter.ContainerContext',
    titles: TITLES,
    columns: (container) => {
      const text = (name: string): string => textOf(dig(container, name));
      const created = numberOf(dig(container, 'Created'));
      return new Map([
        ['ID', column(() => (whole ? text('Id') : shortId(text('Id'))))],
        ['Names', column(() => namesText(container, whole))],
        ['Image', column(() => imageText(container, whole))],
        ['Command', column(() => goQuote(whole ? text('Command') : shortened(text('Command'), 20)))],
        ['CreatedAt', column(() => dateText(created))],
        ['RunningFor', column(() => `${durationText(unixSeconds(now) - created)} ago`)],
        ['Ports', column(() => portsText(dig(container, 'Ports')))],
        ['State', column(() => text('State'))],
        ['Status', column(() => text('Status'))],
        ['Size', column(() => {
          onSize?.();
          return sizesText(numberOf(dig(container, 'SizeRw')), numberOf(dig(container, 'SizeRootFs')));
        })],
        ['Labels', column(() => labelsText(labelsOf(container)))],
        ['Label', labelColumn(labelsOf(container))],
        ['Mounts', column(() => mountsText(container, whole))],
        ['LocalVolumes',
          column(() =>
            String(listOf(dig(container, 'Mounts')).filter((each) => dig(each, 'Driver') === 'local').length))],
        ['Networks',
          column(() => Object.keys(recordOf(dig(container, 'NetworkSettings', 'Networks'))).sort().join(','))],
        ['Platform', { parameters: 0, value: () => NIL }],
      ]);
    },
  };
}

/** Without --no-trunc only the container's own name, not what links call it. */
function namesText(container: Json, whole: boolean): string {
  const names = listOf(dig(container, 'Names')).map((name) => textOf(name).replace(/^\//, ''));
  return (whole ? names : names.filter((name) => !name.includes('/'))).join(',');
}

function imageText(container: Json, whole: boolean): string {
  const image = textOf(dig(container, 'Image'));
  if (image === '') return '<no image>';
  if (whole) return image;
  const id = shortId(textOf(dig(container, 'ImageID')));
  return id === shortId(image) ? id : image.replace(/^(.+:[^/@]+)@.*$/, '$1');
}

function sizesText(own: number, whole: number): string {
  return whole > 0 ? `${sizeText(own, 3)} (virtual ${sizeText(whole, 3)})` : sizeText(own, 3);
}

function mountsText(container: Json, whole: boolean): string {
  return listOf(dig(container, 'Mounts')).map((mount) => {
    const name = textOf(dig(mount, 'Name')) || textOf(dig(mount, 'Source'));
    return whole ? name : shortened(name, 15);
  }).join(',');
}

export const containerList: Command = {
  paths: ['container ls', 'ps'],
  synonyms: new Map([['container list', 'container ls'], ['container ps', 'container ls']]),
  usage: '[OPTIONS]',
  about: 'List containers',
  flags: flagTable(`
  -a, --all             Show all containers (default shows just running)
  -f, --filter filter   Filter output based on conditions provided
${LISTING_FORMAT}  -n, --last int        Show n last created containers (includes all
                        states) (default -1)
  -l, --latest          Show the latest created container (includes all
                        states)
      --no-trunc        Don't truncate output
  -q, --quiet           Only display container IDs
  -s, --size            Display total file sizes
`),
  words: none,
  run: list,
};

function* list({ flags, context, output }: Invocation): Conversation<number> {
  const quiet = flags.bool('quiet');
  const typed = flags.text('format');
  const wantsSize = flags.bool('size');
  const size = wantsSize || (!quiet && asksForSize(typed, context.now));
  const last = flags.bool('latest') && !flags.changed('last') ? 1 : flags.integer('last');
  const { body } = yield* command('GET', '/containers/json', {
    ...(flags.bool('all') ? { all: '1' } : {}),
    ...(last > 0 ? { limit: String(last) } : {}),
    ...(size ? { size: '1' } : {}),
    ...filterQuery(flags.list('filter')),
  });
  const listing = containerListing({ now: context.now, whole: flags.bool('no-trunc') });
  writeListing(output, listing, formatOf(typed, quiet, wantsSize), listOf(body));
  return 0;
}

function formatOf(typed: string, quiet: boolean, size: boolean): Format {
  if (typed === 'raw') return { table: false,
    source: quiet ? 'container_id: {{.ID}}' : size ? `${RAW}size: {{.Size}}\n` : RAW };
  if (quiet && (typed === '' || typed === 'table')) return { table: false, source: '{{.ID}}' };
  return readFormat(typed, size ? `${TABLE}\t{{.Size}}` : TABLE);
}

/** The engine works sizes out only when somebody looks: the template is tried on an empty row first. */
function asksForSize(typed: string, now: SimTime): boolean {
  if (['', 'table', 'json', 'raw'].includes(typed)) return false;
  let asked = false;
  const template = readTemplate(typed);
  if ('flaw' in template) refuse(`failed to parse template: ${template.flaw}`);
  const listing = containerListing({ now, whole: true, onSize: () => { asked = true; } });
  const tried = template.render(rowOf(listing, {}));
  if ('flaw' in tried) refuse(`failed to execute template: ${tried.flaw}`);
  return asked;
}
