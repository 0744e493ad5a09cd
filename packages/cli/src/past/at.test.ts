// What a host answered then, it answers again: each step of a run is asked once more at the moment at which it ended.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryJournal } from '@netreel/runtime';
import { askDocker, askShell, type LineResult } from '@netreel/views';
import type { StepResult } from '@netreel/world';
import { placesOf } from '../places.js';
import { runEmbedded } from '../running/embedded.js';
import { createRun } from '../running/manifest.js';
import { readScenario } from '../scenario/read.js';
import { openRun, pastHost } from './open.js';

const folder = mkdtempSync(join(tmpdir(), 'netreel-at-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LOOKS = [
  'docker exec box ip addr', 'docker exec box ip route', 'docker exec box ip neigh', 'docker exec box cat /etc/hosts',
  'docker exec box cat /etc/resolv.conf', 'docker exec box nslookup web', 'docker exec box nslookup 10.0.1.2',
  'docker exec box sh -c \'ip -4 -o addr | grep eth0\'', 'docker exec -e A=b box env', 'docker exec box hostname',
  'docker exec box nosuchprogram', 'docker exec nobody ls', 'docker exec box netstat -rn',
  'docker ps -a', 'docker network ls', 'docker network inspect ov', 'docker inspect box', 'docker top box',
  'docker logs box', 'docker images', 'docker port box', 'docker diff box', 'docker history busybox',
  'ip link', 'ip route', 'ip neigh', 'bridge fdb', 'iptables-save', 'brctl show', 'cat /etc/hosts', 'netstat -tln',
];
const TEXT = `name: looks
hosts: { host1: {}, host2: {} }
steps:
  - host1: docker network create -d overlay --attachable ov
  - host1: docker run -d --name web --network ov busybox sleep 1000
  - host2: docker run -d --name box --network ov busybox sleep 1000
  - host2: docker exec box ping -c 1 web
${LOOKS.map((line) => `  - host2: ${JSON.stringify(line)}\n`).join('')}`;

const scenario = readScenario('looks.yaml', TEXT);
const journal = memoryJournal();
let results: readonly StepResult[];
let ask: (at: number, line: string) => Promise<LineResult>;
beforeAll(async () => {
  const { run } = await createRun(journal, scenario, TEXT, 'embedded', new Date(0));
  ({ results } = await runEmbedded(scenario, run, journal, () => undefined));
  const opened = await openRun(placesOf(folder, { NETREEL_HOME: folder }), journal, run);
  ask = async (at, line) => {
    const host = await pastHost(opened, at, 'host2');
    if (!line.startsWith('docker ')) return askShell(host, line);
    return askDocker(host, line.match(/'[^']*'|\S+/g)!.slice(1).map((word) => word.replace(/'/g, '')));
  };
});

it.each(LOOKS)('%s', async (line) => {
  const step = results.find((result) => result.step.kind === 'command' && result.step.command === line)!;
  const { exit, stdout, stderr } = await ask(step.endedAt, line);
  expect({ exit, stdout, stderr }).toEqual({ exit: step.exit, stdout: step.stdout, stderr: step.stderr });
});

it('knows a container by the networks it was on before, and not before it was there', async () => {
  const [, , run] = results;
  expect((await ask(run!.startedAt - 1, 'docker exec box ip addr')).stderr).toMatch(/No such container: box/);
  expect((await ask(run!.endedAt, 'docker exec box ip addr')).exit).toBe(0);
});

it.each([
  ['docker exec box ping -c 1 web', 'the program would send an echo to 10.0.1.2, and nothing moves'],
  ['docker exec box wget -qO- http://10.0.1.2/', 'the program would connect to 10.0.1.2:80, and nothing moves'],
  ['docker exec box nslookup router.lab', 'the program would send a datagram to 192.168.65.1:53, and nothing moves'],
  ['docker exec box sleep 1', 'the program would wait, and nothing moves'],
  ['tcpdump -c 1', 'the program would watch packets pass, and nothing moves'],
  ['ip link set eth0 down', 'the program would change eth0, and nothing moves'],
  ['docker rm -f box', 'only commands that read can be asked of it'],
])('%s is not guessed', async (line, reason) => {
  const { exit, stdout, stderr } = await ask(results[3]!.endedAt, line);
  expect(exit).not.toBe(0);
  expect(stdout).toBe('');
  expect(stderr).toContain(`this is a recorded moment: ${reason}\n`);
});

it('says that counters are not known', async () => {
  expect((await ask(results[3]!.endedAt, 'docker exec box ifconfig eth0')).stderr)
    .toBe('packet counters are no part of a history: zeros stand for them\n');
});
