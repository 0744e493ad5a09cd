// Moments of histories of growing length, reached over waymarks: the time must not grow with the history.

import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Seeker } from '../../../packages/cli/dist/index.js';
import { Waymarks, fileJournal, redisJournal, startServer } from '../../../packages/runtime/dist/index.js';
import { churnAt, churnCommits, churnLab } from '../lab/churn.mjs';
import { measureAsync, spread } from '../measure.mjs';

const EVENTS_A_COMMIT = 20;
const EVENTS_A_CALL = 20_000;
const SEEKS = 40;

const LENGTHS = { '100,000 events': 100_000, '1,000,000 events': 1_000_000, '10,000,000 events': 10_000_000 };
export const variants = [...Object.keys(LENGTHS), '1,000,000 events in Redis'];
export const notes = Object.fromEntries(variants.map((variant) => [variant,
  `20 events a commit, a mark every 100,000; first: nothing was marked yet; then ${SEEKS} moments, to and fro`]));

const manifest = { run: 'bench', name: 'bench', createdAt: '2026-01-01T00:00:00.000Z', codeVersion: '',
  schemaVersion: '', nodeVersion: process.version, lab: churnLab, scenario: '', seed: 7, mode: 'embedded' };

async function record(journal, count) {
  await journal.create(manifest);
  const writer = await journal.writer('bench', 'host1');
  for (let first = 0; first < count; first += EVENTS_A_CALL) {
    await writer.append([...churnCommits(first, Math.min(EVENTS_A_CALL, count - first), EVENTS_A_COMMIT)]);
  }
  await writer.close();
}

async function measureSeeks(journal, folder, count) {
  await record(journal, count);
  const seek = async (at) => (await measureAsync(() => new Seeker(journal, 'bench', churnLab, new Waymarks(folder))
    .tablesAt(at, [0]))).wallUs / 1000;
  const last = churnAt(count - 1, EVENTS_A_COMMIT);
  const firstMs = await seek(last);
  const times = [];
  for (let each = 0; each < SEEKS; each++) times.push(await seek(Math.floor(last * ((each * 0.618) % 1))));
  const marks = (existsSync(folder) ? readdirSync(folder) : []).filter((name) => name.endsWith('.tables'));
  const sizes = marks.map((name) => statSync(join(folder, name)).size);
  const { median, greatest } = spread(times);
  return { seekMs: median, slowestSeekMs: greatest, firstMs, firstPerSecond: count / firstMs * 1000,
    marks: marks.length, markBytes: marks.length === 0 ? 0 : spread(sizes).median };
}

export async function run(variant, { quick }) {
  const inRedis = variant.endsWith('Redis');
  const count = inRedis ? 1_000_000 : LENGTHS[variant];
  if (quick && count > 100_000) return { skipped: 'long histories are for whole runs' };
  const folder = mkdtempSync(join(tmpdir(), 'netreel-bench-'));
  try {
    if (!inRedis) return await measureSeeks(fileJournal(folder), join(folder, 'marks'), count);
    const started = await startServer('redis', { dataDir: folder });
    if (!started.ok) return { skipped: started.message };
    const journal = redisJournal(started.server.url);
    try {
      return await measureSeeks(journal, join(folder, 'marks'), count);
    } finally {
      await journal.close();
      await started.server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
