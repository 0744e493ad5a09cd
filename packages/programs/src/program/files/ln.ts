// ln: links. Busybox 1.35; a hard link is a copy here.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { busyboxOptions, usage } from '../../usage.js';
import { baseName, isFolder, joined, pathOf } from './tree.js';

export function* ln(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'sfnbTv', 'S');
  if (typeof parsed === 'number') return parsed;
  const { flags, rest } = parsed;
  if (rest.length === 0) return usage(sys, 'ln');
  const last = rest.length === 1 ? '.' : rest.at(-1)!;
  const sources = rest.length === 1 ? rest : rest.slice(0, -1);
  let exitCode = 0;
  for (const source of sources) {
    const into = isFolder(sys, pathOf(sys, last)) && !flags.has('T') && !(flags.has('n')
      && sys.files.readLink(pathOf(sys, last)) !== undefined);
    const path = into ? joined(pathOf(sys, last), baseName(source)) : pathOf(sys, last);
    if (flags.has('f') && (sys.files.readLink(path) !== undefined || sys.files.stat(path) !== undefined)) {
      sys.files.remove(path);
    }
    const shown = into ? joined(last, baseName(source)) : last;
    const refused = flags.has('s') ? sys.files.makeLink(path, source) : copied(sys, source, path);
    if (refused === undefined) continue;
    sys.stderr(`ln: ${shown}: ${refused}\n`);
    exitCode = 1;
  }
  return exitCode;
}

function copied(sys: Sys, source: string, path: string): string | undefined {
  const text = sys.files.read(pathOf(sys, source));
  if (text === undefined) return 'No such file or directory';
  return sys.files.stat(path) === undefined ? sys.files.write(path, text) : 'File exists';
}
