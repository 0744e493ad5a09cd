// basename, dirname, readlink, realpath and find. Busybox 1.35.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { matchesPattern } from '../../shell/glob.js';
import { busyboxOptions, usage } from '../../usage.js';
import { NO_SUCH, baseName, joined, pathOf, removeTree } from './tree.js';

export function* basename(sys: Sys, argv: readonly string[]): Operation<number> {
  const [path, suffix] = argv.slice(1);
  if (path === undefined || argv.length > 3) return usage(sys, 'basename');
  const name = baseName(path);
  sys.stdout(`${suffix !== undefined && name !== suffix && name.endsWith(suffix)
    ? name.slice(0, -suffix.length) : name}\n`);
  return 0;
}

export function* dirname(sys: Sys, argv: readonly string[]): Operation<number> {
  const path = argv[1];
  if (path === undefined || argv.length > 2) return usage(sys, 'dirname');
  const plain = path.replace(/\/+$/, '');
  const cut = plain.lastIndexOf('/');
  const folder = plain === '' ? (path === '' ? '.' : '/')
    : cut < 0 ? '.' : plain.slice(0, cut).replace(/\/+$/, '') || '/';
  sys.stdout(`${folder}\n`);
  return 0;
}

/** No file here is a link, so only -f has anything to say. */
export function* readlink(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'fnv', '');
  if (typeof parsed === 'number') return parsed;
  if (parsed.rest.length !== 1) return usage(sys, 'readlink');
  if (!parsed.flags.has('f')) return 1;
  sys.stdout(`${pathOf(sys, parsed.rest[0]!)}${parsed.flags.has('n') ? '' : '\n'}`);
  return 0;
}

export function* realpath(sys: Sys, argv: readonly string[]): Operation<number> {
  if (argv.length < 2) return usage(sys, 'realpath');
  let exitCode = 0;
  for (const name of argv.slice(1)) {
    const path = pathOf(sys, name);
    if (sys.files.stat(path) !== undefined) {
      sys.stdout(`${path}\n`);
    } else {
      sys.stderr(`realpath: ${name}: ${NO_SUCH}\n`);
      exitCode = 1;
    }
  }
  return exitCode;
}

interface Search {
  readonly tests: ((name: string, path: string) => boolean)[];
  readonly commands: (readonly string[])[];
  deepest: number;
  shallowest: number;
  removes: boolean;
}

export function* find(sys: Sys, argv: readonly string[]): Operation<number> {
  let at = 1;
  while (argv[at] !== undefined && !/^[-!(]/.test(argv[at]!)) at++;
  const roots = argv.slice(1, at);
  const search = readTests(sys, argv.slice(at));
  if (typeof search === 'string') {
    sys.stderr(`find: ${search}\n`);
    return search.startsWith('unrecognized') ? usage(sys, 'find') : 1;
  }
  let exitCode = 0;
  const found: string[] = [];
  const visit = (name: string, path: string, depth: number): void => {
    if (depth <= search.deepest && sys.files.stat(path)?.kind === 'folder') {
      if (depth < search.deepest && search.removes) inside(name, path, depth);
    }
    if (depth >= search.shallowest && search.tests.every((test) => test(name, path))) found.push(name);
    if (depth < search.deepest && !search.removes) inside(name, path, depth);
  };
  const inside = (name: string, path: string, depth: number): void => {
    for (const inner of sys.files.list(path) ?? []) visit(joined(name, inner), joined(path, inner), depth + 1);
  };
  for (const root of roots.length === 0 ? ['.'] : roots) {
    if (sys.files.stat(pathOf(sys, root)) !== undefined) {
      visit(root, pathOf(sys, root), 0);
      continue;
    }
    sys.stderr(`find: ${root}: ${NO_SUCH}\n`);
    exitCode = 1;
  }
  for (const name of found) {
    if (search.removes) removeTree(sys.files, pathOf(sys, name));
    else if (search.commands.length === 0) sys.stdout(`${name}\n`);
    for (const command of search.commands) yield* sys.run(command.map((word) => word.replaceAll('{}', name)));
  }
  return exitCode;
}

function readTests(sys: Sys, words: readonly string[]): Search | string {
  const search: Search = { tests: [], commands: [], deepest: Number.MAX_SAFE_INTEGER, shallowest: 0, removes: false };
  let negated = false;
  const add = (test: Search['tests'][number]): void => {
    const turned = negated;
    search.tests.push((name, path) => test(name, path) !== turned);
    negated = false;
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const value = words[at + 1];
    switch (word) {
      case '!': case '-not': negated = true; continue;
      case '-print': case '-a': case '-xdev': continue;
      case '-delete': search.removes = true; continue;
      case '-exec': {
        const end = words.findIndex((other, place) => place > at && (other === ';' || other === '+'));
        if (end < 0) return "missing ';'";
        search.commands.push(words.slice(at + 1, end));
        at = end;
        continue;
      }
      default:
    }
    if (!['-name', '-iname', '-path', '-type', '-maxdepth', '-mindepth', '-size', '-perm'].includes(word)) {
      return `unrecognized: ${word}`;
    }
    if (value === undefined) return `option requires an argument -- '${word.slice(1)}'`;
    at++;
    if (word === '-name') add((name) => matchesPattern(value, baseName(name)));
    else if (word === '-iname') add((name) => matchesPattern(value.toLowerCase(), baseName(name).toLowerCase()));
    else if (word === '-path') add((name) => matchesPattern(value, name));
    else if (word === '-type') add((_name, path) => (sys.files.stat(path)?.kind === 'folder') === (value === 'd'));
    else if (word === '-maxdepth') search.deepest = Number(value);
    else if (word === '-mindepth') search.shallowest = Number(value);
    else if (word === '-perm') add((_name, path) => sys.files.stat(path)?.mode === Number.parseInt(value, 8));
    else add((_name, path) => sizeMatches(sys.files.stat(path)?.sizeBytes ?? 0, value));
  }
  return search;
}

/** `+10k`, `-5c`, `3`: blocks of 512 bytes unless there is a unit. */
function sizeMatches(sizeBytes: number, wanted: string): boolean {
  const match = /^([-+]?)(\d+)([bck]?)$/.exec(wanted);
  if (match === null) return false;
  const unit = match[3] === 'c' ? 1 : match[3] === 'k' ? 1024 : 512;
  const wantedBytes = Number(match[2]) * unit;
  return match[1] === '+' ? sizeBytes > wantedBytes : match[1] === '-' ? sizeBytes < wantedBytes
    : sizeBytes === wantedBytes;
}
