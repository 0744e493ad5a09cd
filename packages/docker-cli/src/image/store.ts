// docker tag, history, save, load and import.

import { base64Of, fromBase64, textOf as textOfBytes } from '@netreel/docker-api';
import type { Json } from '@netreel/sim';
import { atLeast, between, type Command, exactly, none } from '../command.js';
import { readFile, writeFile } from '../container/files.js';
import { ask, command, demand, request } from '../daemon.js';
import { flagTable } from '../flags/declare.js';
import { dig, listOf, numberOf, textOf } from '../json.js';
import { refuse } from '../refusal.js';
import { dateText, unixSeconds } from '../table/calendar.js';
import { column, type Listing, readFormat, writeListing } from '../table/listing.js';
import { durationText, shortId, sizeText } from '../table/words.js';
import { messagesOf } from './messages.js';
import { readImageName, withTag } from './reference.js';

export const imageTag: Command = {
  paths: ['image tag', 'tag'],
  usage: 'SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]',
  about: 'Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE',
  flags: flagTable(''),
  words: exactly(2),
  *run({ words }) {
    const name = withTag(readImageName(words[1]!));
    yield* command('POST', `/images/${words[0]!}/tag`, {
      repo: name.familiar.slice(0, name.familiar.length - name.tag.length - 1), tag: name.tag });
    return 0;
  },
};

const TITLES: ReadonlyMap<string, string> = new Map([['ID', 'IMAGE'], ['CreatedSince', 'CREATED'],
  ['CreatedAt', 'CREATED AT'], ['CreatedBy', 'CREATED BY'], ['Size', 'SIZE'], ['Comment', 'COMMENT']]);
const TABLE = '{{.ID}}\t{{if .CreatedSince }}{{.CreatedSince}}{{else}}N/A{{end}}\t{{.CreatedBy}}\t{{.Size}}\t'
  + '{{.Comment}}';
const WIDTH = 45;

function listing(now: number, whole: boolean, human: boolean): Listing<Json> {
  return {
    type: '*history.historyContext',
    titles: TITLES,
    columns: (line) => {
      const id = textOf(dig(line, 'Id'));
      const by = textOf(dig(line, 'CreatedBy')).replace(/\t/g, ' ');
      const created = numberOf(dig(line, 'Created'));
      const iso = dateText(created).replace(' ', 'T').replace(/ .*$/, 'Z');
      const size = numberOf(dig(line, 'Size'));
      return new Map([
        ['ID', column(() => (whole ? id : shortId(id)))],
        ['CreatedSince', column(() => (human ? `${durationText(unixSeconds(now) - created)} ago` : iso))],
        ['CreatedAt', column(() => iso)],
        ['CreatedBy', column(() => (whole || by.length <= WIDTH ? by : `${by.slice(0, WIDTH - 1)}…`))],
        ['Size', column(() => (human ? sizeText(size, 3) : String(size)))],
        ['Comment', column(() => textOf(dig(line, 'Comment')))],
      ]);
    },
  };
}

export const imageHistory: Command = {
  paths: ['image history', 'history'],
  usage: '[OPTIONS] IMAGE',
  about: 'Show the history of an image',
  flags: flagTable(`
      --format string     Format output using a custom template
  -H, --human             Print sizes and dates in human readable format
                          (default true)
      --no-trunc          Don't truncate output
      --platform string   Show history for the given platform
  -q, --quiet             Only show image IDs
`),
  words: exactly(1),
  *run({ flags, words, context, output }) {
    const { body } = yield* command('GET', `/images/${words[0]!}/history`);
    const format = flags.bool('quiet') && flags.text('format') === '' ? { table: false, source: '{{.ID}}' }
      : readFormat(flags.text('format'), TABLE);
    const human = !flags.changed('human') || flags.bool('human');
    writeListing(output, listing(context.now, flags.bool('no-trunc'), human), format, listOf(body));
    return 0;
  },
};

export const imageSave: Command = {
  paths: ['image save', 'save'],
  usage: '[OPTIONS] IMAGE [IMAGE...]',
  about: 'Save one or more images to a tar archive (streamed to STDOUT by default)',
  flags: flagTable(`
  -o, --output string      Write to a file, instead of STDOUT
      --platform strings   Save only the given platform(s)
`),
  words: atLeast(1),
  *run({ flags, words, context, output }) {
    const file = flags.text('output');
    if (file === '' && context.terminal === true) {
      refuse('cowardly refusing to save to a terminal. Use the -o flag or redirect');
    }
    const { content } = yield* command('GET', '/images/get', { names: words.join(',') });
    const bytes = fromBase64(content?.base64 ?? '');
    if (file === '') output.write('stdout', textOfBytes(bytes));
    else writeFile(context, file, bytes);
    return 0;
  },
};

export const imageLoad: Command = {
  paths: ['image load', 'load'],
  usage: '[OPTIONS]',
  about: 'Load an image from a tar archive or STDIN',
  flags: flagTable(`
  -i, --input string       Read from tar archive file, instead of STDIN
      --platform strings   Load only the given platform(s)
  -q, --quiet              Suppress the load output
`),
  words: none,
  *run({ flags, context, output }) {
    if (flags.text('input') === '') refuse('requested load from stdin, but stdin is empty');
    const content = base64Of(readFile(context, flags.text('input')));
    const answer = demand(yield* ask({ ...request('POST', '/images/load', { quiet: '1' }), content }));
    for (const message of messagesOf(answer)) output.write('stdout', textOf(dig(message, 'stream')));
    return 0;
  },
};

export const imageImport: Command = {
  paths: ['image import', 'import'],
  usage: '[OPTIONS] file|URL|- [REPOSITORY[:TAG]]',
  about: 'Import the contents from a tarball to create a filesystem image',
  flags: flagTable(`
  -c, --change list       Apply Dockerfile instruction to the created image
  -m, --message string    Set commit message for imported image
      --platform string   Set platform if server is multi-platform capable
`),
  words: between(1, 2),
  *run({ flags, words, context, output }) {
    const content = base64Of(readFile(context, words[0]!));
    const answer = demand(yield* ask({ ...request('POST', '/images/create', { fromSrc: '-', repo: words[1] ?? '',
      message: flags.text('message'), changes: flags.list('change').join('\n') }), content }));
    for (const message of messagesOf(answer)) output.line(textOf(dig(message, 'status')));
    return 0;
  },
};

export const IMAGE_STORE: readonly Command[] = [imageTag, imageHistory, imageSave, imageLoad, imageImport];
