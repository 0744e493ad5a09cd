// ls: names in directories. Columns of busybox 1.35 when it does not write to a terminal: one name a line.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { absolutePath } from '../../files.js';
import { parseOptions, usage } from '../../usage.js';

export function* ls(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = parseOptions(argv, '1AaldCFhRrtx', '');
  if (typeof parsed === 'string') {
    sys.stderr(`ls: ${parsed}\n`);
    return usage(sys, 'ls [-1AaCxdLHRFplinshrSXvctu] [-w WIDTH] [FILE]...');
  }
  const { flags, rest } = parsed;
  const files: string[] = [];
  const folders: { readonly name: string; readonly inside: readonly string[] }[] = [];
  let exitCode = 0;
  for (const name of rest.length === 0 ? ['.'] : rest) {
    const path = absolutePath(sys.cwd, name);
    const inside = sys.files.list(path);
    if (inside !== undefined && !flags.has('d')) {
      folders.push({ name, inside });
    } else if (inside !== undefined || sys.files.read(path) !== undefined) {
      files.push(name);
    } else {
      sys.stderr(`ls: ${name}: No such file or directory\n`);
      exitCode = 1;
    }
  }
  for (const name of files.sort()) sys.stdout(`${line(sys, '', name, flags.has('l'))}\n`);
  folders.forEach(({ name, inside }, index) => {
    if (rest.length > 1) sys.stdout(`${files.length > 0 || index > 0 ? '\n' : ''}${name}:\n`);
    const hidden = flags.has('a') ? ['.', '..'] : [];
    const shown = inside.filter((entry) => !entry.startsWith('.') || flags.has('a') || flags.has('A'));
    if (flags.has('l')) sys.stdout('total 0\n');
    for (const entry of [...hidden, ...shown]) sys.stdout(`${line(sys, name, entry, flags.has('l'))}\n`);
  });
  return exitCode;
}

/** Files here have no owner, mode or time of their own: everything is root's and as old as the system. */
function line(sys: Sys, folder: string, name: string, long: boolean): string {
  if (!long) return name;
  const path = absolutePath(absolutePath(sys.cwd, folder === '' ? '.' : folder), name);
  const isFolder = sys.files.list(path) !== undefined;
  const size = isFolder ? 4096 : (sys.files.read(path) ?? '').length;
  const mode = isFolder ? 'drwxr-xr-x    2' : '-rw-r--r--    1';
  return `${mode} root     root     ${String(size).padStart(9)} Jan  1  1970 ${name}`;
}
