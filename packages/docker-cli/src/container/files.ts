// docker diff, export, commit and cp.

import { base64Of, fromBase64, readArchive, textOf as textOfBytes, writeArchive, type ArchiveEntry }
  from '@netreel/docker-api';
import { between, type Command, exactly } from '../command.js';
import { ask, command, refusalOf, request, succeeded } from '../daemon.js';
import { flagTable } from '../flags/declare.js';
import { dig, listOf, numberOf, textOf } from '../json.js';
import { refuse } from '../refusal.js';
import type { CliContext, ClientFiles, Conversation } from '../step.js';

export const containerDiff: Command = {
  paths: ['container diff', 'diff'],
  usage: 'CONTAINER',
  about: "Inspect changes to files or directories on a container's filesystem",
  flags: flagTable(''),
  words: exactly(1),
  *run({ words, output }) {
    const { body } = yield* command('GET', `/containers/${words[0]!}/changes`);
    for (const change of listOf(body)) {
      output.line(`${'CAD'[numberOf(dig(change, 'Kind'))] ?? 'C'} ${textOf(dig(change, 'Path'))}`);
    }
    return 0;
  },
};

export const containerExport: Command = {
  paths: ['container export', 'export'],
  usage: '[OPTIONS] CONTAINER',
  about: "Export a container's filesystem as a tar archive",
  flags: flagTable(`
  -o, --output string   Write to a file, instead of STDOUT
`),
  words: exactly(1),
  *run({ flags, words, context, output }) {
    if (flags.text('output') === '' && context.terminal === true) {
      refuse('cowardly refusing to save to a terminal. Use the -o flag or redirect');
    }
    const { content } = yield* command('GET', `/containers/${words[0]!}/export`);
    const bytes = fromBase64(content?.base64 ?? '');
    if (flags.text('output') === '') output.write('stdout', textOfBytes(bytes));
    else writeFile(context, flags.text('output'), bytes);
    return 0;
  },
};

export const containerCommit: Command = {
  paths: ['container commit', 'commit'],
  usage: '[OPTIONS] CONTAINER [REPOSITORY[:TAG]]',
  about: "Create a new image from a container's changes",
  flags: flagTable(`
  -a, --author string    Author (e.g., "John Hannibal Smith
                         <hannibal@a-team.com>")
  -c, --change list      Apply Dockerfile instruction to the created image
  -m, --message string   Commit message
  -p, --pause            Pause container during commit (default true)
`),
  words: between(1, 2),
  *run({ flags, words, output }) {
    const name = words[1] ?? '';
    const colon = name.lastIndexOf(':') > name.lastIndexOf('/') ? name.lastIndexOf(':') : name.length;
    const { body } = yield* command('POST', '/commit', { container: words[0]!, repo: name.slice(0, colon),
      tag: name === '' ? '' : name.slice(colon + 1) || 'latest', comment: flags.text('message'),
      author: flags.text('author'), changes: flags.list('change').join('\n') });
    output.line(textOf(dig(body, 'Id')));
    return 0;
  },
};

export const containerCopy: Command = {
  paths: ['container cp', 'cp'],
  usage: '[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-\n\tdocker cp [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH',
  about: 'Copy files/folders between a container and the local filesystem',
  flags: flagTable(`
  -a, --archive       Archive mode (copy all uid/gid information)
  -L, --follow-link   Always follow symbol link in SRC_PATH
  -q, --quiet         Suppress progress output during copy. Progress
                      output is automatically suppressed if no terminal
                      is attached
`),
  words: exactly(2),
  *run({ words, context, output }) {
    const [from, to] = words.map(splitPlace) as [Place, Place];
    if (from.container !== '' && to.container !== '') refuse('copying between containers is not supported');
    if (from.container === '' && to.container === '') refuse('must specify at least one container source');
    if (to.container !== '') return yield* copyIn(context, from.path, to);
    const { content } = yield* command('GET', `/containers/${from.container}/archive`, { path: from.path });
    const bytes = fromBase64(content?.base64 ?? '');
    if (to.path === '-') {
      output.write('stdout', textOfBytes(bytes));
      return 0;
    }
    const entries = readArchive(bytes);
    if (typeof entries === 'string') refuse(entries);
    place(filesOf(context), entries as readonly ArchiveEntry[], to.path, /\/\.$/.test(from.path));
    return 0;
  },
};

interface Place {
  readonly container: string;
  readonly path: string;
}

/** `NAME:PATH`; a path that begins with a dot or a slash is never a container's. */
function splitPlace(text: string): Place {
  const colon = /^[./]/.test(text) ? -1 : text.indexOf(':');
  return colon < 0 ? { container: '', path: text } : { container: text.slice(0, colon), path: text.slice(colon + 1) };
}

export function filesOf({ files }: CliContext): ClientFiles {
  return files ?? refuse('this client has no files of its own here');
}

function* copyIn(context: CliContext, from: string, to: Place): Conversation<number> {
  const entries = filesOf(context).pack(from);
  if (entries === undefined) refuse(`lstat ${from}: no such file or directory`);
  const root = entries![0]!;
  const head = yield* ask(request('HEAD', `/containers/${to.container}/archive`, { path: to.path }));
  const there = succeeded(head) ? statOf(head.headers ?? {}) : undefined;
  if (there === undefined && /No such container/.test(refusalOf(head).text)) throw refusalOf(head);
  if (there === undefined && to.path.endsWith('/') && root.kind !== 'folder') refuse('no such directory');
  if (there === 'file' && root.kind === 'folder') refuse('cannot copy directory');
  const slash = to.path.replace(/\/+$/, '').lastIndexOf('/');
  const intoFolder = there === 'folder';
  const folder = intoFolder ? to.path : to.path.slice(0, slash) || '/';
  const name = intoFolder ? undefined : to.path.replace(/\/+$/, '').slice(slash + 1);
  const contents = /(^|\/)\.$/.test(from);
  const renamed = entries!.map((entry) => ({ ...entry, name: contents && intoFolder
    ? entry.name.split('/').slice(1).join('/') : name === undefined ? entry.name
      : [name, ...entry.name.split('/').slice(1)].join('/') })).filter((entry) => entry.name !== '');
  const answer = yield* ask({ ...request('PUT', `/containers/${to.container}/archive`, { path: folder,
    noOverwriteDirNonDir: 'true' }), content: base64Of(writeArchive(renamed)) });
  if (!succeeded(answer)) throw refusalOf(answer);
  return 0;
}

/** Bit 31 of the mode marks a folder. */
function statOf(headers: { readonly [name: string]: string }): 'file' | 'folder' {
  const text = textOfBytes(fromBase64(headers['X-Docker-Container-Path-Stat'] ?? ''));
  return numberOf(dig(JSON.parse(text === '' ? '{}' : text), 'mode')) >= 2_147_483_648 ? 'folder' : 'file';
}

/** Puts what came out of a container where it was wanted. */
function place(files: ClientFiles, entries: readonly ArchiveEntry[], path: string, contents: boolean): void {
  const kind = files.kindOf(path);
  const plain = path.replace(/\/+$/, '');
  const slash = plain.lastIndexOf('/');
  const folder = kind === 'folder' ? path : slash < 0 ? '.' : plain.slice(0, slash) || '/';
  const name = kind === 'folder' ? undefined : plain.slice(slash + 1);
  const renamed = entries.map((entry) => ({ ...entry, name: name === undefined || contents ? entry.name
    : [name, ...entry.name.split('/').slice(1)].join('/') }));
  const flaw = files.unpack(folder, contents && name !== undefined
    ? renamed.map((entry) => ({ ...entry, name: `${name}/${entry.name}` })) : renamed);
  if (flaw !== undefined) refuse(flaw);
}

/** Writes one file of the client. */
export function writeFile(context: CliContext, path: string, bytes: Uint8Array): void {
  const slash = path.lastIndexOf('/');
  const flaw = filesOf(context).unpack(slash < 0 ? '.' : path.slice(0, slash) || '/', [{ name: path.slice(slash + 1),
    kind: 'file', mode: 0o600, seconds: 0, bytes, target: '' }]);
  if (flaw !== undefined) refuse(flaw);
}

/** A file of the client. */
export function readFile(context: CliContext, path: string): Uint8Array {
  const entry = filesOf(context).pack(path)?.[0];
  if (entry?.kind !== 'file') refuse(`open ${path}: no such file or directory`);
  return entry!.bytes;
}

export const CONTAINER_FILES: readonly Command[] = [containerDiff, containerExport, containerCommit, containerCopy];
