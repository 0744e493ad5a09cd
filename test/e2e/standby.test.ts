// A process that stands by follows the one that lives the nodes, and takes over when that dies: nobody waits until a
// whole history has been lived again, and no byte of it changes.

import type { LabProcesses } from '@netreel/cli';
import { Cluster, describeWithServers, golden, runProcesses } from './cluster.js';
import { TOUR, temporaryFolder } from './command.js';

describeWithServers('kill -9 with processes that stand by', () => {
  const folder = temporaryFolder();
  let cluster: Cluster;
  beforeAll(async () => { cluster = await Cluster.start(folder); });
  afterAll(() => cluster.stop());

  const kill = (lab: LabProcesses, name: string): void => {
    const { pid } = lab.byName.get(name)!;
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  };

  it('the run holds, with the same history, whoever dies: the one that lives, the next, the one behind', async () => {
    const kills: Readonly<Record<number, string>> = { 6: 'host1', 20: 'host1', 30: 'overlay', 34: 'host2 standby' };
    const expected = await golden(TOUR);
    const { run, ending, notices, commits } = await runProcesses(TOUR, folder, cluster, { standby: true,
      onStep: (index, lab) => { if (kills[index] !== undefined) kill(lab, kills[index]); } });
    expect(notices.filter((notice) => notice.includes('SIGKILL'))).toHaveLength(4);
    expect([ending, run.history, commits]).toEqual(['done', expected.history, expected.commits]);
  });
});
