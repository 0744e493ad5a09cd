// Which program a name runs.

import type { Program } from './contract.js';
import { filePrograms } from './program/files/catalogue.js';
import { networkPackages, networkPrograms } from './program/network/catalogue.js';
import { packagePrograms } from './program/package/catalogue.js';
import { streamPackages, streamPrograms } from './program/stream/catalogue.js';
import { systemPrograms } from './program/system/catalogue.js';
import { textPrograms } from './program/text/catalogue.js';
import { sh } from './shell/sh.js';

/** By bare name, or by path where an image has it in one place only. */
export const catalogue: ReadonlyMap<string, Program> = new Map<string, Program>([
  ...networkPrograms, ...streamPrograms, ...systemPrograms, ...textPrograms, ...filePrograms,
  ...packagePrograms,
  ['ash', sh], ['bash', sh], ['sh', sh],
]);

/** What Debian's packages put in the place of busybox' programs of the same name. */
export const packages: ReadonlyMap<string, ReadonlyMap<string, Program>> = new Map([...networkPackages,
  ...streamPackages]);

/** Directories of PATH: what they hold can be called by its bare name too. */
const FOLDERS: ReadonlySet<string> = new Set(['/bin', '/sbin', '/usr/bin', '/usr/sbin', '/usr/local/bin',
  '/usr/local/sbin']);

/** The program that `name`, a bare name or a path, runs where these packages are installed. */
export function programNamed(programs: ReadonlyMap<string, Program>, name: string,
  installed: readonly string[] = []): Program | undefined {
  const cut = name.lastIndexOf('/');
  const plain = cut < 0 || FOLDERS.has(name.slice(0, cut)) ? name.slice(cut + 1) : undefined;
  if (plain !== undefined) {
    for (const pack of installed) {
      const program = packages.get(pack)?.get(plain);
      if (program !== undefined) return program;
    }
  }
  return programs.get(name) ?? (plain === undefined ? undefined : programs.get(plain));
}

/** Whether a name runs anything. */
export function hasProgram(name: string): boolean {
  return programNamed(catalogue, name) !== undefined;
}
