// Records scenarios for this folder: node test/recordings/record.mjs VERSION FILE.yaml …

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '..', '..');
const [version, ...files] = process.argv.slice(2);
const home = mkdtempSync(join(tmpdir(), 'netreel-recordings-'));
const netreel = (...words) => {
  const { status, stdout, stderr } = spawnSync(join(root, 'netreel'), words,
    { env: { ...process.env, NETREEL_HOME: home }, encoding: 'utf8' });
  if (status !== 0) throw new Error(`netreel ${words.join(' ')}: ${stderr}`);
  return stdout;
};
try {
  mkdirSync(join(here, version), { recursive: true });
  for (const file of files) {
    const name = basename(file, '.yaml');
    const reel = join(here, version, `${name}.reel`);
    if (existsSync(reel)) throw new Error(`${reel} is there already, and is not replaced`);
    const { run } = JSON.parse(netreel('run', file, '--json').trimEnd().split('\n').pop());
    netreel('export', run, '--reel', reel);
    writeFileSync(join(here, version, `${name}.json`), '{}\n');
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
console.log('now run the test once with NETREEL_KEEP_FACTS=1: it writes what is seen in the new ones');
