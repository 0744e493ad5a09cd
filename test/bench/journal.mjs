// Events per second into a real Redis and back out of it, decoded. One JSON row a line.
// Run after `pnpm build`: node test/bench/journal.mjs

import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitsOfEvents } from './history.mjs';

const require = createRequire(import.meta.url);
const { historyCodec } = require('../../packages/protocol/dist/index.js');
const { fileJournal, memoryJournal, redisJournal, startServer } = require('../../packages/runtime/dist/index.js');

const EVENTS = 300_000;
const ROUNDS = 3;

const manifest = (run) => ({ run, name: run, createdAt: '2026-01-01T00:00:00Z', codeVersion: '', schemaVersion: '', nodeVersion: '',
  lab: {}, scenario: '', seed: 0, mode: 'bench' });

async function measure(store, journal, perCommit, together) {
  const encoded = commitsOfEvents(EVENTS, perCommit)
    .map((commit) => ({ number: commit.number, from: commit.from, bytes: historyCodec.encodeCommit(commit) }));
  const best = { appended: 0, folded: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const run = `bench-${perCommit}-${together}-${round}`;
    await journal.create(manifest(run));
    const writer = await journal.writer(run, 'host1');
    let start = performance.now();
    for (let at = 0; at < encoded.length; at += together) {
      const result = await writer.append(encoded.slice(at, at + together));
      if (result.kind !== 'appended') throw new Error(result.kind);
    }
    best.appended = Math.max(best.appended, EVENTS / (performance.now() - start));
    start = performance.now();
    let events = 0;
    for await (const stored of journal.read(run, 'host1')) {
      const decoded = historyCodec.decodeCommit(stored.bytes);
      if (!decoded.ok) throw new Error(decoded.flaw);
      events += decoded.commit.records.length;
    }
    if (events !== EVENTS) throw new Error(`read ${events} of ${EVENTS} events`);
    best.folded = Math.max(best.folded, EVENTS / (performance.now() - start));
    await journal.remove(run);
  }
  console.log(JSON.stringify({ bench: 'journal', store, perCommit, together,
    appendedPerSecond: Math.round(best.appended * 1_000), foldedPerSecond: Math.round(best.folded * 1_000) }));
}

const dataDir = mkdtempSync(join(tmpdir(), 'netreel-bench-'));
try {
  for (const fsync of ['everysec', 'always']) {
    const started = await startServer('redis', { dataDir: join(dataDir, fsync), fsync });
    if (!started.ok) {
      console.log(JSON.stringify({ bench: 'journal', store: `redis ${fsync}`, skipped: started.message }));
      continue;
    }
    const journal = redisJournal(started.server.url);
    try {
      for (const [perCommit, together] of [[1, 256], [4, 64], [20, 1], [20, 32], [100, 1], [100, 16]]) {
        await measure(`redis ${fsync}`, journal, perCommit, together);
      }
    } finally {
      await journal.close();
      await started.server.stop();
    }
  }
  for (const [store, journal] of [['file', fileJournal(join(dataDir, 'files'))], ['memory', memoryJournal()]]) {
    for (const [perCommit, together] of [[4, 1], [20, 1], [100, 1]]) await measure(store, journal, perCommit, together);
    await journal.close();
  }
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
