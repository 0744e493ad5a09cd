// A live lab under four clients that do whatever comes to mind, for as long as is asked; then everything is lived again
// and compared. Usage: node --expose-gc test/soak/live.mjs [minutes] [seed]. Exit 1 when a record differs, or memory
// grew without end.

import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const load = createRequire(join(root, 'services', 'conductor', 'dist', 'main.js'));
const cli = load('@netreel/cli');
const { DockerClient } = createRequire(join(root, 'packages', 'cli', 'dist', 'main.js'))('@netreel/docker-socket');
const { fileJournal } = load('@netreel/runtime');

const minutes = Number(process.argv[2] ?? 10);
let state = Number(process.argv[3] ?? 1);
const CLIENTS = 4;
/** What is alive after the first part of the time may grow by so much until the end. */
const GROWTH_MAX = 1.5;

function chance(below) {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

const home = mkdtempSync(join(tmpdir(), 'netreel-soak-'));
const places = cli.placesOf(home, {});
const service = await cli.LiveService.start(places, cli.testBed(2), '', { mode: 'embedded', pace: 'max',
  apiVersion: '1.41' }, console.log);
const sockets = Object.values(service.state.hosts).map((address) => address.replace('unix://', ''));

/** One client: a handful of names of its own, and all it can do with them. */
async function client(number, untilMs) {
  let calls = 0;
  const docker = new DockerClient(sockets[number % sockets.length], '1.41');
  const send = async (method, path, query = {}, body = null, streams = undefined) => {
    calls++;
    return docker.send({ method, path, query, body }, streams).answer;
  };
  const name = () => `client${number}-${chance(5)}`;
  const network = `net${number}`;
  const exec = async () => {
    const { body } = await send('POST', `/containers/${name()}/exec`, {}, { Cmd: ['ping', '-c', '2', name()],
      AttachStdout: true, AttachStdin: true });
    if (body?.Id === undefined) return;
    const sent = docker.send({ method: 'POST', path: `/exec/${body.Id}/start`, query: {}, body: { Detach: false } },
      { bare: false, duplex: true, piece: () => undefined });
    // Half of them go away in the middle.
    if (chance(2) === 0) sent.hangUp();
    else sent.inputEnded();
    await sent.answer.catch(() => undefined);
  };
  const deeds = [
    () => send('POST', '/containers/create', { name: name() }, { Image: ['busybox', 'nginx', 'redis'][chance(3)],
      HostConfig: { NetworkMode: chance(2) === 0 ? network : 'bridge', AutoRemove: chance(4) === 0 },
      ...(chance(2) === 0 ? { Cmd: ['sleep', '30'] } : {}) }),
    () => send('POST', `/containers/${name()}/start`),
    () => send('POST', `/containers/${name()}/start`),
    () => send('POST', `/containers/${name()}/stop`, { t: '1' }),
    () => send('POST', `/containers/${name()}/restart`, { t: '0' }),
    () => send('DELETE', `/containers/${name()}`, { force: '1' }),
    () => send('POST', '/networks/create', {}, { Name: network }),
    () => send('POST', `/networks/${network}/connect`, {}, { Container: name() }),
    () => send('POST', `/networks/${network}/disconnect`, {}, { Container: name(), Force: chance(2) === 0 }),
    () => send('GET', '/containers/json', { all: '1' }),
    () => send('GET', `/containers/${name()}/json`),
    () => send('GET', `/containers/${name()}/logs`, { stdout: '1', stderr: '1' }),
    () => send('POST', `/containers/${name()}/pause`),
    () => send('POST', `/containers/${name()}/unpause`),
    exec,
  ];
  while (Date.now() < untilMs) await deeds[chance(deeds.length)]().catch(() => undefined);
  return calls;
}

const startedMs = Date.now();
const untilMs = startedMs + minutes * 60_000;
const heaps = [];
const watch = setInterval(() => {
  globalThis.gc?.();
  heaps.push(process.memoryUsage().heapUsed);
}, Math.max(1_000, (minutes * 60_000) / 20));
const calls = (await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number, untilMs))))
  .reduce((sum, each) => sum + each, 0);
clearInterval(watch);
await service.down();

const journal = fileJournal(places.runs);
const { difference, records } = cli.verifyRun(await cli.readRun(journal, service.state.run));
await journal.close();
rmSync(home, { recursive: true });
const [early, late] = [heaps[Math.floor(heaps.length / 4)] ?? 0, heaps.at(-1) ?? 0];
console.log(`${calls} calls of ${CLIENTS} clients in ${minutes} minutes, ${records} records lived again; ` +
  `heap ${Math.round(early / 1e6)} MB after a quarter, ${Math.round(late / 1e6)} MB at the end`);
if (difference !== undefined) console.log(`✗ the first difference: ${JSON.stringify(difference)}`);
if (late > early * GROWTH_MAX) console.log('✗ memory grows');
process.exitCode = difference === undefined && late <= early * GROWTH_MAX ? 0 : 1;
