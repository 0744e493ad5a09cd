// Which build of the folding code this is: tables that another one left are not to be trusted.

import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The rooms whose code decides what tables look like. */
const ROOMS = ['@netreel/kernel', '@netreel/engine', '@netreel/overlay', '@netreel/host'];

let known: string | undefined;

/** Sixteen digits that change with every file of those rooms, and with the version of Node. */
export function buildKey(): string {
  known ??= keyNow();
  return known;
}

function keyNow(): string {
  const hash = createHash('sha256').update(process.version);
  const load = createRequire(__filename);
  // The rooms below the host are its own dependencies.
  const host = createRequire(load.resolve('@netreel/host'));
  for (const room of ROOMS) {
    const folder = dirname(room === '@netreel/host' ? load.resolve(room) : host.resolve(room));
    for (const file of filesIn(folder)) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${file.slice(folder.length)} ${size} ${Math.floor(mtimeMs)}\n`);
    }
  }
  return hash.digest('hex').slice(0, 16);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : /\.(js|ts)$/.test(entry.name) ? [path] : [];
  });
}
