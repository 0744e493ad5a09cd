// docker system df: what images, containers, volumes and the build cache take up.

import type { Json, SimTime } from '@netreel/sim';
import { type Command, type Invocation, none } from '../command.js';
import { containerListing } from '../container/list.js';
import { command } from '../daemon.js';
import { flagTable } from '../flags/declare.js';
import { LISTING_FORMAT } from '../flags/format.js';
import { dig, listOf, numberOf, textOf } from '../json.js';
import type { Output } from '../output.js';
import type { Conversation } from '../step.js';
import { unixSeconds } from '../table/calendar.js';
import { column, type Listing, readFormat, writeListing } from '../table/listing.js';
import { durationText, shortId, sizeText } from '../table/words.js';

export const systemDiskUsage: Command = {
  paths: ['system df'],
  usage: '[OPTIONS]',
  about: 'Show docker disk usage',
  flags: flagTable(`
${LISTING_FORMAT}  -v, --verbose         Show detailed information on space usage
`),
  words: none,
  run: diskUsage,
};

const TABLE = '{{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}';
const CONTAINERS = 'table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.LocalVolumes}}\t{{.Size}}\t{{.RunningFor}}\t' +
  '{{.Status}}\t{{.Names}}';

/** A line of the summary. */
interface Kind {
  readonly type: string;
  readonly count: number;
  readonly active: number;
  readonly bytes: number;
  readonly reclaimable: number;
  /** Whether the share is told. */
  readonly shares: boolean;
}

const KINDS: Listing<Kind> = {
  type: '*formatter.diskUsageContext',
  titles: new Map([['Type', 'TYPE'], ['TotalCount', 'TOTAL'], ['Active', 'ACTIVE'], ['Size', 'SIZE'],
    ['Reclaimable', 'RECLAIMABLE']]),
  columns: (kind) => new Map([
    ['Type', column(() => kind.type)], ['TotalCount', column(() => String(kind.count))],
    ['Active', column(() => String(kind.active))], ['Size', column(() => sizeText(kind.bytes, 4))],
    ['Reclaimable', column(() => sizeText(kind.reclaimable, 4) + (kind.shares && kind.bytes > 0
      ? ` (${Math.floor((kind.reclaimable * 100) / kind.bytes)}%)` : ''))],
  ]),
};

function* diskUsage({ flags, context, output }: Invocation): Conversation<number> {
  const { body } = yield* command('GET', '/system/df');
  if (flags.bool('verbose')) writeVerbose(output, body, context.now);
  else writeListing(output, KINDS, readFormat(flags.text('format'), TABLE), kindsOf(body));
  return 0;
}

const sum = (items: readonly Json[], bytes: (item: Json) => number): number =>
  items.reduce<number>((total, item) => total + bytes(item), 0);

function kindsOf(body: Json): readonly Kind[] {
  const images = listOf(dig(body, 'Images'));
  const containers = listOf(dig(body, 'Containers'));
  const volumes = listOf(dig(body, 'Volumes'));
  const cache = listOf(dig(body, 'BuildCache'));
  const layers = numberOf(dig(body, 'LayersSize'));
  const inUse = images.filter((image) => numberOf(dig(image, 'Containers')) > 0);
  const unique = (image: Json): number => numberOf(dig(image, 'Size')) - numberOf(dig(image, 'SharedSize'));
  const running = (each: Json): boolean => ['running', 'paused', 'restarting'].includes(textOf(dig(each, 'State')));
  const written = (each: Json): number => numberOf(dig(each, 'SizeRw'));
  const links = (each: Json): number => numberOf(dig(each, 'UsageData', 'RefCount'));
  const held = (each: Json): number => numberOf(dig(each, 'UsageData', 'Size'));
  const size = (each: Json): number => numberOf(dig(each, 'Size'));
  return [
    { type: 'Images', count: images.length, active: inUse.length, bytes: layers,
      reclaimable: layers - sum(inUse, unique), shares: true },
    { type: 'Containers', count: containers.length, active: containers.filter(running).length,
      bytes: sum(containers, written), reclaimable: sum(containers.filter((each) => !running(each)), written),
      shares: true },
    { type: 'Local Volumes', count: volumes.length, active: volumes.filter((each) => links(each) > 0).length,
      bytes: sum(volumes, held), reclaimable: sum(volumes.filter((each) => links(each) === 0), held), shares: true },
    { type: 'Build Cache', count: cache.length, active: cache.filter((each) => dig(each, 'InUse') === true).length,
      bytes: sum(cache, size), reclaimable: sum(cache.filter((each) => dig(each, 'InUse') !== true), size),
      shares: false },
  ];
}

function writeVerbose(output: Output, body: Json, now: SimTime): void {
  output.write('stdout', 'Images space usage:\n\n');
  writeListing(output, imageUsage(now), readFormat('', '{{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t' +
    '{{.Size}}\t{{.SharedSize}}\t{{.UniqueSize}}\t{{.Containers}}'), listOf(dig(body, 'Images')));
  output.write('stdout', '\nContainers space usage:\n\n');
  writeListing(output, containerListing({ now, whole: false }), readFormat(CONTAINERS, ''),
    listOf(dig(body, 'Containers')));
  output.write('stdout', '\nLocal Volumes space usage:\n\n');
  writeListing(output, VOLUMES, readFormat('', '{{.Name}}\t{{.Links}}\t{{.Size}}'), listOf(dig(body, 'Volumes')));
  const cache = listOf(dig(body, 'BuildCache'));
  output.write('stdout', `\nBuild cache usage: ${sizeText(sum(cache, (each) => numberOf(dig(each, 'Size'))), 4)}\n\n`);
  writeListing(output, CACHES, readFormat('', '{{.ID}}\t{{.CacheType}}\t{{.Size}}\t{{.CreatedSince}}\t' +
    '{{.LastUsedSince}}\t{{.UsageCount}}\t{{.Shared}}'), cache);
}

function imageUsage(now: SimTime): Listing<Json> {
  return {
    type: '*formatter.imageContext',
    titles: new Map([['Repository', 'REPOSITORY'], ['Tag', 'TAG'], ['ID', 'IMAGE ID'], ['CreatedSince', 'CREATED'],
      ['Size', 'SIZE'], ['SharedSize', 'SHARED SIZE'], ['UniqueSize', 'UNIQUE SIZE'], ['Containers', 'CONTAINERS']]),
    columns: (image) => {
      const name = textOf(listOf(dig(image, 'RepoTags'))[0]) || '<none>:<none>';
      const colon = name.lastIndexOf(':');
      const [size, shared] = [numberOf(dig(image, 'Size')), numberOf(dig(image, 'SharedSize'))];
      return new Map([
        ['Repository', column(() => name.slice(0, colon))], ['Tag', column(() => name.slice(colon + 1))],
        ['ID', column(() => shortId(textOf(dig(image, 'Id'))))],
        ['CreatedSince', column(() => `${durationText(unixSeconds(now) - numberOf(dig(image, 'Created')))} ago`)],
        ['Size', column(() => sizeText(size, 3))], ['SharedSize', column(() => sizeText(shared, 4))],
        ['UniqueSize', column(() => sizeText(size - shared, 4))],
        ['Containers', column(() => String(numberOf(dig(image, 'Containers'))))],
      ]);
    },
  };
}

const VOLUMES: Listing<Json> = {
  type: '*formatter.volumeContext',
  titles: new Map([['Name', 'VOLUME NAME'], ['Links', 'LINKS'], ['Size', 'SIZE']]),
  columns: (volume) => new Map([
    ['Name', column(() => textOf(dig(volume, 'Name')))],
    ['Links', column(() => String(numberOf(dig(volume, 'UsageData', 'RefCount'))))],
    ['Size', column(() => sizeText(numberOf(dig(volume, 'UsageData', 'Size')), 4))],
  ]),
};

const CACHES: Listing<Json> = {
  type: '*formatter.buildCacheContext',
  titles: new Map([['ID', 'CACHE ID'], ['CacheType', 'CACHE TYPE'], ['Size', 'SIZE'], ['CreatedSince', 'CREATED'],
    ['LastUsedSince', 'LAST USED'], ['UsageCount', 'USAGE'], ['Shared', 'SHARED']]),
  columns: (cache) => new Map([
    ['ID', column(() => textOf(dig(cache, 'ID')))], ['CacheType', column(() => textOf(dig(cache, 'Type')))],
    ['Size', column(() => sizeText(numberOf(dig(cache, 'Size')), 3))], ['CreatedSince', column(() => '')],
    ['LastUsedSince', column(() => '')], ['UsageCount', column(() => String(numberOf(dig(cache, 'UsageCount'))))],
    ['Shared', column(() => String(dig(cache, 'Shared') === true))],
  ]),
};
