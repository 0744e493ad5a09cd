// docker build with the classic builder: the folder of the context goes to the engine as an archive.

import { base64Of, writeArchive, type ArchiveEntry } from '@netreel/docker-api';
import { type Command, exactly, type Invocation } from '../command.js';
import { filesOf } from '../container/files.js';
import { ask, demand, request } from '../daemon.js';
import { flagTable } from '../flags/declare.js';
import { dig, numberOf, textOf } from '../json.js';
import { refuse, Refusal } from '../refusal.js';
import type { Conversation } from '../step.js';
import { sizeText } from '../table/words.js';
import { isIgnored, readIgnore } from './ignore.js';
import { messagesOf } from './messages.js';
import { readImageName } from './reference.js';

export const imageBuild: Command = {
  paths: ['image build', 'build'],
  synonyms: new Map([['builder build', 'image build']]),
  usage: '[OPTIONS] PATH | URL | -',
  about: 'Build an image from a Dockerfile',
  flags: flagTable(`
      --build-arg list      Set build-time variables
  -f, --file string         Name of the Dockerfile (Default is
                            "PATH/Dockerfile")
      --force-rm            Always remove intermediate containers
      --label list          Set metadata for an image
      --network string      Set the networking mode for the RUN
                            instructions during build (default "default")
      --no-cache            Do not use cache when building the image
      --pull                Always attempt to pull a newer version of the
                            image
  -q, --quiet               Suppress the build output and print image ID on
                            success
      --rm                  Remove intermediate containers after a
                            successful build (default true)
  -t, --tag list            Name and optionally a tag in the "name:tag" format
      --target string       Set the target build stage to build.
`),
  words: exactly(1),
  run: build,
};

function* build({ flags, words, context, output }: Invocation): Conversation<number> {
  const [path] = words as [string];
  const tags = flags.list('tag');
  for (const tag of tags) readImageName(tag);
  const packed = /^(https?|git):\/\//.test(path) || path === '-' ? undefined : filesOf(context).pack(path);
  if (packed === undefined || packed[0]?.kind !== 'folder') {
    refuse(`unable to prepare context: path ${JSON.stringify(path)} not found`);
  }
  const entries = packed!.slice(1).map((entry) => ({ ...entry, name: entry.name.split('/').slice(1).join('/') }));
  const typed = flags.text('file');
  const plain = path.replace(/\/+$/, '');
  const dockerfile = typed === '' ? 'Dockerfile' : typed.startsWith(`${plain}/`) ? typed.slice(plain.length + 1)
    : typed;
  if (!entries.some(({ name }) => name === dockerfile)) {
    refuse(`unable to prepare context: unable to evaluate symlinks in Dockerfile path: lstat ${dockerfile}: no such `
      + 'file or directory');
  }
  const archive = writeArchive(kept(entries, dockerfile));
  const quiet = flags.bool('quiet');
  if (!quiet) output.line(`Sending build context to Docker daemon  ${sizeText(archive.length, 4)}`);
  const answer = demand(yield* ask({ ...request('POST', '/build', {
    t: tags.join(','), dockerfile, buildargs: JSON.stringify(tableOf(flags.list('build-arg'), context.env)),
    labels: JSON.stringify(tableOf(flags.list('label'), undefined)), target: flags.text('target'),
    networkmode: flags.text('network'), ...(flags.bool('no-cache') ? { nocache: '1' } : {}),
    ...(quiet ? { q: '1' } : {}), rm: flags.changed('rm') && !flags.bool('rm') ? '0' : '1',
    ...(flags.bool('force-rm') ? { forcerm: '1' } : {}),
  }), content: base64Of(archive) }));
  for (const message of messagesOf(answer)) {
    const error = textOf(dig(message, 'errorDetail', 'message'));
    if (error !== '') throw new Refusal(error, numberOf(dig(message, 'errorDetail', 'code')) || 1);
    output.write('stdout', textOf(dig(message, 'stream')));
    const status = textOf(dig(message, 'status'));
    const id = textOf(dig(message, 'id'));
    if (status !== '' && dig(message, 'progressDetail', 'current') === undefined) {
      output.line(id === '' ? status : `${id}: ${status}`);
    }
  }
  return 0;
}

/** What .dockerignore leaves of a context; the Dockerfile and .dockerignore itself always go along. */
function kept(entries: readonly ArchiveEntry[], dockerfile: string): readonly ArchiveEntry[] {
  const rules = readIgnore(entries.find(({ name }) => name === '.dockerignore'));
  return entries.filter(({ name }) => name === dockerfile || name === '.dockerignore' || !isIgnored(rules, name));
}

/** A name alone is given the value that it has in the client's environment. */
function tableOf(entries: readonly string[], env: ReadonlyMap<string, string> | undefined):
  { readonly [name: string]: string | null } {
  return Object.fromEntries(entries.map((entry) => {
    const equals = entry.indexOf('=');
    return equals < 0 ? [entry, env?.get(entry) ?? (env === undefined ? '' : null)]
      : [entry.slice(0, equals), entry.slice(equals + 1)];
  }));
}
