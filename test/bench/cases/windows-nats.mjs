// Windows a second with every node in a process of its own: grants and envelopes over NATS, every commit in Redis
// before it is told.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { controlCodec } from '../../../packages/protocol/dist/index.js';
import { Conductor, natsBus, redisJournal, startServer } from '../../../packages/runtime/dist/index.js';
import { LATENCY_NS, littleLab } from '../lab/little-node.mjs';
import { NOBODY } from '../lab/nobody.mjs';
import { measureAsync } from '../measure.mjs';

const NODES = { '2 node processes': 2, '4 node processes': 4, '8 node processes': 8 };
const NODE_PROCESS = fileURLToPath(new URL('../lab/node-process.mjs', import.meta.url));

export const variants = Object.keys(NODES);
export const notes = Object.fromEntries(variants.map((variant) =>
  [variant,
    'every node appends a commit of one event and one envelope in each window; servers, nodes and conductor share'
    + ' the machine']));

async function conduct(count, servers, quick) {
  const journal = redisJournal(servers.redis.url);
  const lab = littleLab(count);
  await journal.create(
    { run: 'bench', name: 'bench', createdAt: '2026-01-01T00:00:00.000Z', codeVersion: '', schemaVersion: '',
    nodeVersion: process.version, lab, scenario: '', seed: 7, mode: 'processes' });
  const bus = await natsBus(servers.nats.url);
  const children = lab.nodes.map(({ name }) => spawn(process.execPath,
    [NODE_PROCESS, servers.redis.url, servers.nats.url, String(count), name],
      { stdio: ['pipe', 'ignore', 'inherit'] }));
  const ends = children.map((child) => new Promise((resolve) => { child.once('exit', resolve); }));
  const conductor = new Conductor({ run: 'bench', lab, bus, codec: controlCodec });
  await conductor.gather();
  const warmUp = quick ? 100 : 400;
  const windows = quick ? 300 : 1_500;
  await conductor.conduct(NOBODY, warmUp * LATENCY_NS);
  const before = conductor.windows;
  const { wallUs } = await measureAsync(() => conductor.conduct(NOBODY, (warmUp + windows) * LATENCY_NS));
  const lived = conductor.windows - before;
  await conductor.stop('the bench is over');
  await Promise.all(ends);
  await bus.close();
  await journal.close();
  return { windowsPerSecond: lived / wallUs * 1e6, wallUsPerWindow: wallUs / lived, repeatedGrants: conductor.repeats };
}

export async function run(variant, { quick }) {
  const dataDir = mkdtempSync(join(tmpdir(), 'netreel-bench-'));
  const running = [];
  try {
    const servers = {};
    for (const kind of ['redis', 'nats']) {
      const started = await startServer(kind, { dataDir: join(dataDir, kind) });
      if (!started.ok) return { skipped: started.message };
      servers[kind] = started.server;
      running.push(started.server);
    }
    return await conduct(NODES[variant], servers, quick);
  } finally {
    for (const server of running) await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
