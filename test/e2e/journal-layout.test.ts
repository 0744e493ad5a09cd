// docs/journal.md, done: a run in Redis read with redis-cli, protoc and sha256sum, and nothing of ours.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRun, readScenario, runEmbedded } from '@netreel/cli';
import { type RunningServer, findServer, redisJournal, startServer } from '@netreel/runtime';
import { ROOT, temporaryFolder } from './command.js';

const missing = ['redis-cli', 'protoc', 'sha256sum', 'head', 'xxd']
  .filter((program) => spawnSync(program, ['--version']).error !== undefined);
if (findServer('redis') === undefined) missing.push('redis-server');
if (missing.length > 0) process.stderr.write(`no ${missing.join(', no ')} here: the layout is not read from outside\n`);

const TEXT = `name: layout
hosts: { host1: {}, host2: {} }
steps:
  - host1: docker run -d --name web busybox sleep 1000
  - host1: ping -c 1 192.168.65.12
`;

(missing.length > 0 ? describe.skip : describe)('a run in Redis, seen from outside', () => {
  const folder = temporaryFolder();
  let server: RunningServer;
  let run: string;
  let history: string;
  beforeAll(async () => {
    const started = await startServer('redis', { dataDir: join(folder, 'redis') });
    if (!started.ok) throw new Error(started.message);
    ({ server } = started);
    const journal = redisJournal(server.url);
    const scenario = readScenario('layout.yaml', TEXT);
    ({ run } = await createRun(journal, scenario, TEXT, 'embedded', new Date(0)));
    ({ history } = await runEmbedded(scenario, run, journal, () => undefined));
    await journal.close();
  });
  afterAll(() => server.stop());

  const shell = (line: string): string => {
    const { status, stdout, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', line.replace(/redis-cli/g,
      `redis-cli -p ${server.port}`)], { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    expect([status, stderr]).toEqual([0, '']);
    return stdout;
  };
  const commitsKey = (node: string): string => `'netreel:{${run}/${node}}:commits'`;
  const commit = (node: string, place: number, field: 2 | 4): string =>
    `redis-cli --raw EVAL 'return redis.call("XRANGE", KEYS[1], "-", "+")[${place}][2][${field}]' 1 ${commitsKey(node)}`
    + ' | head -c -1';

  it('tells what it was made of', () => {
    const manifest = JSON.parse(shell(`redis-cli HGET netreel:runs ${run}`)) as { name: string;
      lab: { nodes: { name: string }[] } };
    expect(manifest.name).toBe('layout');
    expect(manifest.lab.nodes.map((node) => node.name)).toEqual(['host1', 'host2', 'overlay', 'router']);
  });

  it('has commits that protoc reads with the .proto files alone', () => {
    const text = shell(`for place in $(seq $(redis-cli XLEN ${commitsKey('host1')})); do ` +
      `${commit('host1', 1, 4).replace('[1][2]', '[\'$place\'][2]')} | ` +
      'protoc -I proto --decode netreel.v1.Commit netreel/v1/record.proto; done');
    // What protoc does not know it shows by number alone.
    expect(text).not.toMatch(/^\s*\d+[ :]/m);
    for (const known of [/^node: "host1"$/m, /host_commanded \{/, /line: "ping -c 1 192\.168\.65\.12"/,
      /container_created \{/, /frame_crossed \{/, /neighbour_changed \{/]) expect(text).toMatch(known);
    const numbers = [...text.matchAll(/^number: (\d+)$/gm)].map(([, number]) => Number(number));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  it('has links that sha256sum comes to, and with them the hash of the history', () => {
    const lines = ['host1', 'host2', 'overlay', 'router'].map((node) => {
      const count = Number(shell(`redis-cli XLEN ${commitsKey(node)}`));
      let link = shell(`printf 'netreel/v1/${node}' | sha256sum`).slice(0, 64);
      // The first ones by hand, the last as it is stored.
      for (let place = 1; place <= Math.min(count, 3); place++) {
        link = shell(`(printf ${link} | xxd -r -p; ${commit(node, place, 4)}) | sha256sum`).slice(0, 64);
        expect(shell(`${commit(node, place, 2)} | xxd -p -c 32`).trim()).toBe(link);
      }
      return `${node}=${count > 3 ? shell(`${commit(node, count, 2)} | xxd -p -c 32`).trim() : link}\n`;
    });
    expect(`sha256:${shell(`printf '${lines.join('')}' | sha256sum`).slice(0, 64)}`).toBe(history);
  });

  it('has ids that are moments', () => {
    const ids = shell('redis-cli --raw EVAL \'local found = {} ' +
      `for _, entry in ipairs(redis.call("XRANGE", KEYS[1], "-", "150000000")) do ` +
      `table.insert(found, entry[1]) end return found' 1 ${commitsKey('host1')}`).trim().split('\n');
    expect(ids.length).toBeGreaterThan(1);
    expect(ids.every((id) => Number(id.split('-')[0]) <= 150_000_000)).toBe(true);
  });
});

it('the page says what the test does', () => {
  const page = readFileSync(join(ROOT, 'docs', 'journal.md'), 'utf8');
  for (const key of ['netreel:runs', 'netreel:{RUN/NODE}:commits', 'protoc -I proto --decode netreel.v1.Commit']) {
    expect(page).toContain(key);
  }
});
