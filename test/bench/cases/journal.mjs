// A history written to a journal and folded from it: 100 events in a commit, commits appended as an embedded run does.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyKernelTables, evolveKernel } from '../../../packages/kernel/dist/index.js';
import { historyCodec } from '../../../packages/protocol/dist/index.js';
import { fileJournal, redisJournal, startServer } from '../../../packages/runtime/dist/index.js';
import { commitsOfEvents } from '../lab/history.mjs';
import { measureAsync } from '../measure.mjs';

const EVENTS_A_COMMIT = 100;
const COMMITS_A_CALL = 256;

export const variants = ['redis', 'file'];
export const notes = {
  redis: 'a server of its own on the same cores, AOF everysec. Appended: encoded, chained and stored. Folded: read,'
    + ' chain checked, decoded, applied',
  file: 'one .reel file in the system\'s temporary folder, written without fsync',
};

const manifest = {
  run: 'bench', name: 'bench', createdAt: '2026-01-01T00:00:00.000Z', codeVersion: '', schemaVersion: '',
    nodeVersion: process.version,
  lab: {}, scenario: '', seed: 7, mode: 'embedded',
};

/**
 * The rows that the events are about: a bridge, a link, a namespace. Without them a fold would have nothing to change.
 */
function tables() {
  const held = emptyKernelTables();
  evolveKernel(held, { type: 'NetnsAdded', netns: 'f3b2c41d90aa' });
  for (const [link, kind] of [[3, 'bridge'], [7, 'veth']]) {
    evolveKernel(held,
      { type: 'LinkAdded', link, netns: 'f3b2c41d90aa', name: `link${link}`, kind, mac: link, mtu: 1500, peer: 0,
      parent: 0, vni: 0, local: 0, port: 0 });
  }
  return held;
}

async function append(journal, commits) {
  const writer = await journal.writer('bench', 'host1');
  for (let start = 0; start < commits.length; start += COMMITS_A_CALL) {
    const batch = commits.slice(start, start + COMMITS_A_CALL)
      .map((commit) => ({ number: commit.number, from: commit.from, bytes: historyCodec.encodeCommit(commit) }));
    const result = await writer.append(batch);
    if (result.kind !== 'appended') throw new Error(result.kind);
  }
  await writer.close();
}

async function fold(journal) {
  const held = tables();
  let events = 0;
  for await (const stored of journal.read('bench', 'host1')) {
    const decoded = historyCodec.decodeCommit(stored.bytes);
    if (!decoded.ok) throw new Error(decoded.flaw);
    for (const record of decoded.commit.records) evolveKernel(held, record.body);
    events += decoded.commit.records.length;
  }
  return events;
}

async function measureJournal(journal, quick) {
  const count = quick ? 100_000 : 500_000;
  const commits = commitsOfEvents(count, EVENTS_A_COMMIT);
  await journal.create(manifest);
  const written = await measureAsync(() => append(journal, commits));
  const folded = await measureAsync(() => fold(journal));
  if (folded.result !== count) throw new Error(`folded ${folded.result} of ${count}`);
  await journal.close();
  return {
    appendedPerSecond: count / written.wallUs * 1e6, appendCpuUs: written.cpuUs / count,
    foldedPerSecond: count / folded.wallUs * 1e6, foldCpuUs: folded.cpuUs / count,
  };
}

export async function run(variant, { quick }) {
  const dataDir = mkdtempSync(join(tmpdir(), 'netreel-bench-'));
  try {
    if (variant === 'file') return await measureJournal(fileJournal(dataDir), quick);
    const started = await startServer('redis', { dataDir });
    if (!started.ok) return { skipped: started.message };
    try {
      return await measureJournal(redisJournal(started.server.url), quick);
    } finally {
      await started.server.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
