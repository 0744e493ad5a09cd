// cp and mv. Busybox 1.35.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { busyboxOptions, usage } from '../../usage.js';
import { NO_SUCH, baseName, copyTree, isFolder, joined, pathOf, removeTree } from './tree.js';

export function* cp(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'arRPLHpfinlsTud', 't');
  if (typeof parsed === 'number') return parsed;
  const { flags } = parsed;
  const deep = flags.has('r') || flags.has('R') || flags.has('a');
  return transfer(sys, 'cp', parsed.values.get('t'), parsed.rest, flags.has('T'), (from, to, shown) => {
    const kind = sys.files.stat(from)?.kind;
    if (kind === undefined) return `can't stat '${shown.from}': ${NO_SUCH}`;
    if (kind === 'folder' && !deep) return `omitting directory '${shown.from}'`;
    if (from === to) return `'${shown.from}' and '${shown.to}' are the same file`;
    if (flags.has('n') && sys.files.stat(to) !== undefined) return undefined;
    const refused = copyTree(sys.files, from, to);
    return refused === undefined ? undefined : `can't create '${shown.to}': ${refused}`;
  });
}

export function* mv(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'finT', 't');
  if (typeof parsed === 'number') return parsed;
  const { flags, values, rest } = parsed;
  return transfer(sys, 'mv', values.get('t'), rest, flags.has('T'), (from, to, shown) => {
    if (sys.files.stat(from) === undefined) return `can't rename '${shown.from}': ${NO_SUCH}`;
    if (from === to) return `'${shown.from}' and '${shown.to}' are the same file`;
    if (flags.has('n') && sys.files.stat(to) !== undefined) return undefined;
    if (`${to}/`.startsWith(`${from}/`)) return `can't rename '${shown.from}': Invalid argument`;
    const refused = copyTree(sys.files, from, to) ?? removeTree(sys.files, from);
    return refused === undefined ? undefined : `can't rename '${shown.from}': ${refused}`;
  });
}

type Move = (from: string, to: string, shown: { readonly from: string; readonly to: string }) => string | undefined;

function transfer(sys: Sys, name: string, folder: string | undefined, words: readonly string[], plain: boolean,
  move: Move): number {
  const last = folder ?? words.at(-1);
  const sources = folder === undefined ? words.slice(0, -1) : words;
  if (last === undefined || sources.length === 0) return usage(sys, name);
  const into = !plain && (folder !== undefined || sources.length > 1 || isFolder(sys, pathOf(sys, last)));
  let exitCode = 0;
  for (const source of sources) {
    const to = into ? joined(last, baseName(source)) : last;
    const wrong = move(pathOf(sys, source), pathOf(sys, to), { from: source, to });
    if (wrong === undefined) continue;
    sys.stderr(`${name}: ${wrong}\n`);
    exitCode = 1;
  }
  return exitCode;
}
