import type { Json, SimTime } from '@netreel/sim';
import { atMost, type Command } from '../command.js';
import { command } from '../daemon.js';
import { filterQuery } from '../filters.js';
import { flagTable } from '../flags/declare.js';
import { LISTING_FORMAT } from '../flags/format.js';
import { dig, listOf, numberOf, textOf } from '../json.js';
import { dateText, unixSeconds } from '../table/calendar.js';
import { column, type Listing, readFormat, writeListing } from '../table/listing.js';
import { durationText, shortId, sizeText } from '../table/words.js';

const TABLE = '{{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{if .CreatedSince }}{{.CreatedSince}}{{else}}N/A{{end}}\t{{.Size}}';
const DIGEST_TABLE = TABLE.replace('{{.Tag}}', '{{.Tag}}\t{{.Digest}}');
const NOTHING = '<none>';

const TITLES: ReadonlyMap<string, string> = new Map([
  ['ID', 'IMAGE ID'], ['Repository', 'REPOSITORY'], ['Tag', 'TAG'], ['Digest', 'DIGEST'], ['CreatedSince', 'CREATED'],
  ['CreatedAt', 'CREATED AT'], ['Size', 'SIZE'], ['Containers', 'CONTAINERS'], ['VirtualSize', 'VIRTUAL SIZE'],
  ['SharedSize', 'SHARED SIZE'], ['UniqueSize', 'UNIQUE SIZE'],
]);

/** One name of an image: an image with three names has three rows. */
interface ImageRow {
  readonly image: Json;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

function rowsOf(image: Json, digests: boolean): readonly ImageRow[] {
  const digestOf =
    new Map(listOf(dig(image, 'RepoDigests')).map((each) => textOf(each).split('@') as [string, string]));
  const names = listOf(dig(image, 'RepoTags')).map(textOf).filter((name) => name !== '<none>:<none>');
  if (names.length > 0) {
    return names.map((name) => {
      const colon = name.lastIndexOf(':');
      const repository = name.slice(0, colon);
      return { image, repository, tag: name.slice(colon + 1),
        digest: (digests ? digestOf.get(repository) : undefined) ?? NOTHING };
    });
  }
  const repository = [...digestOf.keys()].find((name) => name !== NOTHING) ?? NOTHING;
  return [{ image, repository, tag: NOTHING, digest: (digests ? digestOf.get(repository) : undefined) ?? NOTHING }];
}

function listing(now: SimTime, whole: boolean): Listing<ImageRow> {
  return {
    type: '*formatter.imageContext',
    titles: TITLES,
    columns: ({ image, repository, tag, digest }) => {
      const created = numberOf(dig(image, 'Created'));
      const size = numberOf(dig(image, 'Size'));
      const counted = (name: string): string => {
        const value = dig(image, name);
        return typeof value === 'number' && value >= 0 ? String(value) : 'N/A';
      };
      const shared = counted('SharedSize');
      return new Map([
        ['ID', column(() => (whole ? textOf(dig(image, 'Id')) : shortId(textOf(dig(image, 'Id')))))],
        ['Repository', column(() => repository)],
        ['Tag', column(() => tag)],
        ['Digest', column(() => digest)],
        ['CreatedSince', column(() => (created <= 0 ? '' : `${durationText(unixSeconds(now) - created)} ago`))],
        ['CreatedAt', column(() => dateText(created))],
        ['Size', column(() => sizeText(size, 3))],
        ['Containers', column(() => counted('Containers'))],
        ['VirtualSize', column(() => sizeText(size, 4))],
        ['SharedSize', column(() => (shared === 'N/A' ? shared : sizeText(Number(shared), 4)))],
        ['UniqueSize', column(() => (shared === 'N/A' ? shared : sizeText(size - Number(shared), 4)))],
      ]);
    },
  };
}

export const imageList: Command = {
  paths: ['image ls', 'images'],
  synonyms: new Map([['image list', 'image ls']]),
  usage: '[OPTIONS] [REPOSITORY[:TAG]]',
  about: 'List images',
  flags: flagTable(`
  -a, --all             Show all images (default hides intermediate images)
      --digests         Show digests
  -f, --filter filter   Filter output based on conditions provided
${LISTING_FORMAT}      --no-trunc        Don't truncate output
  -q, --quiet           Only show image IDs
`),
  words: atMost(1),
  *run({ flags, words, context, output }) {
    const filters = [...flags.list('filter'), ...words.map((name) => `reference=${name}`)];
    const query = { ...(flags.bool('all') ? { all: '1' } : {}), ...filterQuery(filters) };
    const { body } = yield* command('GET', '/images/json', query);
    const digests = flags.bool('digests');
    const typed = flags.text('format');
    const format = flags.bool('quiet') && (typed === '' || typed === 'table') ? { table: false, source: '{{.ID}}' }
      : readFormat(typed, digests ? DIGEST_TABLE : TABLE);
    const rows = listOf(body).flatMap((image) => rowsOf(image, digests || format.source.includes('.Digest')));
    writeListing(output, listing(context.now, flags.bool('no-trunc')), format, rows);
    return 0;
  },
};
