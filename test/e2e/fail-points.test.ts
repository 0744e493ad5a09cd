// A process that kills itself at the k-th place where dying hurts: it is started again, the run ends, and the history
// is the undisturbed one, byte for byte and entry for entry. A few places here; `pnpm soak` goes through all of them.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Golden, Cluster, describeWithServers, golden, runProcesses } from './cluster.js';
import { temporaryFolder } from './command.js';

const TEXT = `name: points
hosts: { host1: {}, host2: {} }
steps:
  - host1: docker network create -d overlay --attachable ov
  - host1: docker run -d --name web --network ov busybox sleep 1000
  - host2: ping -c 1 192.168.65.11
`;

describeWithServers('killed at one point', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'points.yaml');
  let cluster: Cluster;
  let expected: Golden;
  beforeAll(async () => {
    writeFileSync(file, TEXT);
    cluster = await Cluster.start(folder);
    expected = await golden(file);
  });
  afterAll(() => cluster.stop());

  // Behind the fence, behind the first append, around an acknowledgement, and later.
  it.each([['host1', 2], ['host1', 4], ['host1', 7], ['overlay', 13]])(
    '%s at %d: the same history', async (process, point) => {
      const { run, ending, notices, commits } = await runProcesses(file, folder, cluster,
        { failAt: { process, point } });
      expect(notices.filter((notice) => notice.includes('SIGKILL'))).toHaveLength(1);
      expect([ending, run.history, commits]).toEqual(['done', expected.history, expected.commits]);
    });
});
