// Puts a run into the journal, so that processes that are told its name find out what they are to live.
// Usage: NETREEL_REDIS=redis://HOST:PORT node deploy/prepare-run.mjs RUN FILE. A run that is there already is left
// alone.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { pathToFileURL, fileURLToPath } from 'node:url';

const [run, file] = process.argv.slice(2);
const url = process.env.NETREEL_REDIS;
if (run === undefined || file === undefined || !url) {
  console.error('usage: NETREEL_REDIS=redis://HOST:PORT node deploy/prepare-run.mjs RUN FILE');
  process.exit(2);
}

// The conductor's own packages: this script stands outside of the workspace's packages.
const main = fileURLToPath(new URL('../services/conductor/dist/main.js', import.meta.url));
const load = createRequire(pathToFileURL(main));
const { createRun, readScenario } = load('@netreel/cli');
const { JournalFault, redisJournal } = load('@netreel/runtime');

const journal = redisJournal(url);
let there = false;
// The name is the one we were given; all the rest is as in any run.
const named = {
  async create(manifest) {
    try {
      await journal.create({ ...manifest, run });
    } catch (error) {
      there = error instanceof JournalFault && error.code === 'exists';
      if (!there) throw error;
    }
  },
};

try {
  const text = readFileSync(file, 'utf8');
  await createRun(named, readScenario(basename(file), text), text, 'processes', new Date());
  console.log(`${run}: ${there ? 'there already' : 'prepared'}`);
} catch (error) {
  console.error(`netreel: ${error.message}`);
  process.exitCode = 1;
} finally {
  await journal.close();
}
