// Law 4: kill -9 of any process, at any moment, changes no byte of the history, and nothing is stored twice.

import type { LabProcesses } from '@netreel/cli';
import { TOUR, temporaryFolder } from './command.js';
import { Cluster, type Golden, describeWithServers, golden, runProcesses } from './cluster.js';

describeWithServers('kill -9', () => {
  const folder = temporaryFolder();
  let cluster: Cluster;
  let expected: Golden;
  beforeAll(async () => {
    cluster = await Cluster.start(folder);
    expected = await golden(TOUR);
  });
  afterAll(() => cluster.stop());

  const kill = (lab: LabProcesses, name: string): void => {
    const { pid } = lab.byName.get(name)!;
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  };

  it.each([
    ['a host', { 4: 'host1', 20: 'host1', 36: 'host2' }],
    ['the overlay', { 2: 'overlay', 30: 'overlay', 38: 'overlay' }],
    ['the conductor', { 3: 'conductor', 35: 'conductor' }],
    ['one after the other', { 10: 'host2', 31: 'host1', 32: 'overlay', 34: 'conductor', 40: 'host3' }],
  ] as const)('of %s: the run holds, with the same history', async (_whom, kills: Readonly<Record<number, string>>) => {
    const killed: string[] = [];
    const { run, ending, results, notices, commits } = await runProcesses(TOUR, folder, cluster, {
      onStep: (index, lab) => {
        const name = kills[index];
        if (name === undefined) return;
        killed.push(name);
        kill(lab, name);
      },
    });
    expect(killed).toEqual(Object.values(kills));
    expect(notices.filter((notice) => notice.includes('SIGKILL')).length).toBeGreaterThanOrEqual(1);
    expect([ending, run.history, commits]).toEqual(['done', expected.history, expected.commits]);
    expect(results.length).toBe(expected.steps);
    expect(results.flatMap((result) => result.complaints)).toEqual([]);
  });

  it('of everybody at once: the run holds, with the same history', async () => {
    const { run, ending, commits } = await runProcesses(TOUR, folder, cluster, {
      onStep: (index, lab) => { if (index === 33) for (const name of lab.byName.keys()) kill(lab, name); },
    });
    expect([ending, run.history, commits]).toEqual(['done', expected.history, expected.commits]);
  });
});
