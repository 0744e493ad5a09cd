// Servers that go away in the middle of a run and come back: the same history, or one line that says what is missing.

import { join } from 'node:path';
import type { ServerKind } from '@netreel/runtime';
import { TOUR, temporaryFolder } from './command.js';
import { Cluster, type Golden, describeWithServers, golden, runProcesses } from './cluster.js';

describeWithServers('a power cut of', () => {

  const folder = temporaryFolder();
  let cluster: Cluster;
  let expected: Golden;
  beforeAll(async () => {
    cluster = await Cluster.start(folder);
    expected = await golden(TOUR);
  });
  afterAll(() => cluster.stop());

  it.each([
    ['NATS, for a moment', 'nats', 5, 100],
    ['NATS, for two seconds', 'nats', 35, 2_000],
    ['Redis, for a moment', 'redis', 12, 100],
    ['Redis, for two seconds', 'redis', 35, 2_000],
  ] as const)('%s: the same history', async (_what, kind: ServerKind, step, awayMs) => {
    let back: Promise<void> | undefined;
    const { run, ending, results, commits } = await runProcesses(TOUR, folder, cluster, {
      onStep: (index) => { if (index === step) back = cluster.powerCut(kind, awayMs); },
    });
    await back;
    expect([ending, run.history, commits]).toEqual(['done', expected.history, expected.commits]);
    expect(results.flatMap((result) => result.complaints)).toEqual([]);
  });

  it('NATS and Redis, one after the other: the same history', async () => {
    const back: Promise<void>[] = [];
    const { run, ending, commits } = await runProcesses(TOUR, folder, cluster, {
      onStep: (index) => {
        if (index === 8) back.push(cluster.powerCut('redis', 300));
        if (index === 33) back.push(cluster.powerCut('nats', 300));
        if (index === 37) back.push(cluster.powerCut('redis', 300));
      },
    });
    await Promise.all(back);
    expect([ending, run.history, commits]).toEqual(['done', expected.history, expected.commits]);
  });

  it('NATS, for good: one line that says so', async () => {
    const alone = await Cluster.start(join(folder, 'alone'));
    const run = runProcesses(TOUR, join(folder, 'alone'), alone, {
      onStep: (index, lab) => {
        if (index !== 33) return;
        void alone.kill('nats');
        process.kill(lab.byName.get('host2')!.pid!, 'SIGKILL');
      },
    });
    const line = /^netreel host-agent: no answer from NATS at nats:.*$/;
    await expect(run).rejects.toMatchObject({ exit: 5, message: expect.stringMatching(line) as string });
    await alone.stop();
  });
});
