// mkdir, rmdir, rm, touch and chmod. Busybox 1.35.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { busyboxOptions, usage } from '../../usage.js';
import { NO_SUCH, changedMode, isFolder, joined, makeFolders, pathOf, removeTree } from './tree.js';

export function* mkdir(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'p', 'm', { long: { parents: 'p', mode: 'm' } });
  if (typeof parsed === 'number') return parsed;
  const mode = parsed.values.get('m');
  if (mode !== undefined && changedMode(0o777, mode) === undefined)
    return complain(sys, `mkdir: invalid mode '${mode}'`);
  if (parsed.rest.length === 0) return usage(sys, 'mkdir');
  return each(sys, parsed.rest, (name, path) => {
    const refused = parsed.flags.has('p') ? makeFolders(sys.files, path) : sys.files.makeFolder(path);
    if (refused !== undefined) return `mkdir: can't create directory '${name}': ${refused}`;
    if (mode !== undefined) sys.files.setMode(path, changedMode(0o777, mode)!);
    return undefined;
  });
}

export function* rmdir(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'p', '');
  if (typeof parsed === 'number') return parsed;
  if (parsed.rest.length === 0) return usage(sys, 'rmdir');
  return each(sys, parsed.rest, (name) => {
    const names = name.split('/');
    for (let depth = names.length; depth > 0; depth--) {
      const shown = names.slice(0, depth).join('/');
      const path = pathOf(sys, shown);
      const kind = sys.files.stat(path)?.kind;
      const refused = kind === undefined ? NO_SUCH : kind === 'file' ? 'Not a directory' : sys.files.remove(path);
      if (refused !== undefined) return `rmdir: '${shown}': ${refused}`;
      if (!parsed.flags.has('p')) break;
    }
    return undefined;
  });
}

export function* rm(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'irRf', '');
  if (typeof parsed === 'number') return parsed;
  const { flags, rest } = parsed;
  if (rest.length === 0) return flags.has('f') ? 0 : usage(sys, 'rm');
  return each(sys, rest, (name, path) => {
    if (/(?:^|\/)\.\.?\/*$/.test(name)) return "rm: can't remove '.' or '..'";
    if (sys.files.stat(path) === undefined) return flags.has('f') ? undefined
      : `rm: can't remove '${name}': ${NO_SUCH}`;
    if (isFolder(sys, path) && !flags.has('r') && !flags.has('R')) return `rm: '${name}' is a directory`;
    const refused = removeTree(sys.files, path);
    return refused === undefined ? undefined : `rm: can't remove '${name}': ${refused}`;
  });
}

export function* touch(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'cham', 'rdt', { long: { 'no-create': 'c' } });
  if (typeof parsed === 'number') return parsed;
  if (parsed.rest.length === 0) return usage(sys, 'touch');
  return each(sys, parsed.rest, (name, path) => {
    const known = sys.files.stat(path);
    if (known === undefined && parsed.flags.has('c')) return undefined;
    if (known?.kind === 'folder') return undefined;
    const refused = sys.files.write(path, sys.files.read(path) ?? '');
    return refused === undefined ? undefined : `touch: ${name}: ${refused}`;
  });
}

export function* chmod(sys: Sys, argv: readonly string[]): Operation<number> {
  // A mode such as -x is no option.
  const words = argv.slice(1);
  const deep = words.some((word) => /^-\w*R/.test(word));
  const [change, ...names] = words.filter((word) => !/^-[Rvcf]+$/.test(word));
  if (change === undefined || names.length === 0) return usage(sys, 'chmod');
  const apply = (name: string, path: string): string | undefined => {
    const stat = sys.files.stat(path);
    if (stat === undefined) return `chmod: ${name}: ${NO_SUCH}`;
    const mode = changedMode(stat.mode, change);
    if (mode === undefined) return `chmod: invalid mode '${change}'`;
    const refused = sys.files.setMode(path, mode);
    if (refused !== undefined) return `chmod: ${name}: ${refused}`;
    for (const inner of deep ? sys.files.list(path) ?? [] : []) {
      const wrong = apply(joined(name, inner), joined(path, inner));
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };
  return each(sys, names, apply);
}

/** Does it to one after the other, whatever goes wrong. */
function each(sys: Sys, names: readonly string[], action: (name: string, path: string) => string | undefined): number {
  let exitCode = 0;
  for (const name of names) {
    const wrong = action(name, pathOf(sys, name));
    if (wrong !== undefined) exitCode = complain(sys, wrong);
  }
  return exitCode;
}

function complain(sys: Sys, text: string): number {
  sys.stderr(`${text}\n`);
  return 1;
}
