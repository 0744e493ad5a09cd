// Law 5: one total order. However the nodes are spread over processes, the history is the same.

import { join } from 'node:path';
import type { NodeGroup } from '@netreel/cli';
import { SCENARIOS, TOUR, temporaryFolder } from './command.js';
import { Cluster, type Golden, describeWithServers, golden, runProcesses } from './cluster.js';

const group = (name: string, service: string, ...nodes: string[]): NodeGroup => ({ name, service, nodes });

const spreads: readonly (readonly [string, readonly NodeGroup[] | undefined])[] = [
  ['one process', [group('all', 'host-agent', 'host1', 'host2', 'host3', 'overlay', 'router')]],
  ['two processes', [group('first', 'host-agent', 'host1', 'host3'),
    group('second', 'overlay', 'host2', 'overlay', 'router')]],
  ['a process for each host', undefined],
  ['a process for each node', ['host1', 'host2', 'host3', 'overlay', 'router'].map((node) =>
    group(node, 'host-agent', node))],
];

describeWithServers('nodes spread over processes', () => {
  const folder = temporaryFolder();
  let cluster: Cluster;
  beforeAll(async () => { cluster = await Cluster.start(folder); });
  afterAll(() => cluster.stop());

  const scenarios = [['tour', TOUR], ['rough overlay', join(SCENARIOS, 'rough-overlay.yaml')],
    ['swarm', join(SCENARIOS, 'swarm-leader-cut-off.yaml')]] as const;

  describe.each(scenarios)('%s', (_name, file) => {
    let expected: Golden;
    beforeAll(async () => { expected = await golden(file); });

    it.each(spreads)('in %s: one history', async (_where, groups) => {
      const { run, ending, results, commits } = await runProcesses(file, folder, cluster, groups === undefined
        ? {} : { groups });
      expect([ending, run.history, commits]).toEqual(['done', expected.history, expected.commits]);
      expect(results.flatMap((result) => result.complaints)).toEqual([]);
    });
  });
});
