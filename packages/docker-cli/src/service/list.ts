import type { Json } from '@netreel/sim';
import { type Command, none } from '../command.js';
import { command } from '../daemon.js';
import { filterQuery } from '../filters.js';
import { flagTable } from '../flags/declare.js';
import { LISTING_FORMAT } from '../flags/format.js';
import { dig, listOf, numberOf, recordOf, textOf } from '../json.js';
import { column, type Listing, readFormat, writeListing } from '../table/listing.js';
import { naturalOrder, shortId } from '../table/words.js';

export const SERVICE_TABLE = '{{.ID}}\t{{.Name}}\t{{.Mode}}\t{{.Replicas}}\t{{.Image}}\t{{.Ports}}';
const TITLES: ReadonlyMap<string, string> = new Map([
  ['ID', 'ID'], ['Name', 'NAME'], ['Mode', 'MODE'], ['Replicas', 'REPLICAS'], ['Image', 'IMAGE'], ['Ports', 'PORTS'],
]);

const MODES: Readonly<Record<string, string>> = { Replicated: 'replicated', Global: 'global',
  ReplicatedJob: 'replicated job', GlobalJob: 'global job' };

export const SERVICE_LISTING: Listing<Json> = {
  type: '*service.serviceContext',
  titles: TITLES,
  columns: (service) => {
    const mode = Object.keys(recordOf(dig(service, 'Spec', 'Mode')))[0] ?? '';
    return new Map([
      ['ID', column(() => shortId(textOf(dig(service, 'ID'))))],
      ['Name', column(() => nameOf(service))],
      ['Mode', column(() => MODES[mode] ?? '')],
      ['Replicas', column(() => replicasText(service, mode))],
      ['Image', column(() => imageText(textOf(dig(service, 'Spec', 'TaskTemplate', 'ContainerSpec', 'Image'))))],
      ['Ports', column(() => portsText(service))],
    ]);
  },
};

export function nameOf(service: Json): string {
  return textOf(dig(service, 'Spec', 'Name'));
}

/** Without the digest that a name may carry. */
export function imageText(image: string): string {
  return image.replace(/@sha256:[0-9a-f]+$/, '');
}

function replicasText(service: Json, mode: string): string {
  const count = (name: string): number => numberOf(dig(service, 'ServiceStatus', name));
  const plain = `${count('RunningTasks')}/${count('DesiredTasks')}`;
  const most = numberOf(dig(service, 'Spec', 'TaskTemplate', 'Placement', 'MaxReplicas'));
  if (mode === 'ReplicatedJob') {
    return `${plain} (${count('CompletedTasks')}/${numberOf(dig(service, 'Spec', 'Mode', mode, 'TotalCompletions'))} ` +
      'completed)';
  }
  return most > 0 ? `${plain} (max ${most} per node)` : plain;
}

/** `*:8080->80/tcp`, neighbouring ports as a range. */
function portsText(service: Json): string {
  const ports = listOf(dig(service, 'Endpoint', 'Ports')).filter((port) => dig(port, 'PublishMode') === 'ingress')
    .map((port) => ({ protocol: textOf(dig(port, 'Protocol')), target: numberOf(dig(port, 'TargetPort')),
      published: numberOf(dig(port, 'PublishedPort')) }))
    .sort((a, b) => a.published - b.published);
  const ranges: { protocol: string; target: number; published: number; length: number }[] = [];
  for (const port of ports) {
    const last = ranges.at(-1);
    const follows = last !== undefined && last.protocol === port.protocol
      && port.published === last.published + last.length && port.target === last.target + last.length;
    if (follows) last.length++;
    else ranges.push({ ...port, length: 1 });
  }
  const span = (first: number, length: number): string => (length === 1 ? String(first)
    : `${first}-${first + length - 1}`);
  return ranges.map(({ protocol, target, published, length }) =>
    `*:${span(published, length)}->${span(target, length)}/${protocol}`).join(', ');
}

export const serviceList: Command = {
  paths: ['service ls'],
  synonyms: new Map([['service list', 'service ls']]),
  usage: '[OPTIONS]',
  about: 'List services',
  flags: flagTable(`
  -f, --filter filter   Filter output based on conditions provided
${LISTING_FORMAT}  -q, --quiet           Only display IDs
`),
  words: none,
  *run({ flags, output }) {
    const { body } = yield* command('GET', '/services', { status: 'true', ...filterQuery(flags.list('filter')) });
    const services = [...listOf(body)].sort((a, b) => naturalOrder(nameOf(a), nameOf(b)));
    const typed = flags.text('format');
    const quiet = flags.bool('quiet') && (typed === '' || typed === 'table');
    writeListing(output, SERVICE_LISTING, quiet ? { table: false, source: '{{.ID}}' }
      : readFormat(typed, SERVICE_TABLE), services);
    return 0;
  },
};
