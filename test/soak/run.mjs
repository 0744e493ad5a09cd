// What takes too long for every change: many seeds, and runs over processes in which everything is killed again and
// again. Usage: node test/soak/run.mjs [minutes]. Ends with what was done; exit 1 when anything came out differently.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const load = createRequire(join(root, 'services', 'conductor', 'dist', 'main.js'));
const { conductProcesses, createRun, readRun, readScenario, readScenarioFile, runEmbedded, verifyRun } =
  load('@netreel/cli');
const { memoryJournal, redisJournal, startServer } = load('@netreel/runtime');

const minutes = Number(process.argv[2] ?? 10);
const files = [join(root, 'tour.yaml'), ...readdirSync(join(root, 'test', 'scenarios')).sort()
  .filter((name) => name.endsWith('.yaml')).map((name) => join(root, 'test', 'scenarios', name))];
const folder = mkdtempSync(join(tmpdir(), 'netreel-soak-'));
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const problems = [];
const problem = (text) => {
  problems.push(text);
  console.log(`✗ ${text}`);
};

/** Every seed twice, and verified. */
async function seeds(untilMs) {
  let runs = 0;
  for (let seed = 1; Date.now() < untilMs; seed++) {
    for (const file of files) {
      const { text } = readScenarioFile(file);
      const scenario = readScenario(file, text, seed);
      const journal = memoryJournal();
      const { run } = await createRun(journal, scenario, text, 'embedded', new Date());
      await runEmbedded(scenario, run, journal, () => undefined);
      const recorded = await readRun(journal, run);
      const again = await runEmbedded(scenario, run, undefined, () => undefined);
      if (again.history !== recorded.history) problem(`${file} with seed ${seed}: two lives differ`);
      const { difference } = verifyRun(recorded);
      if (difference !== undefined) problem(`${file} with seed ${seed}: ${JSON.stringify(difference)}`);
      runs++;
    }
  }
  return runs;
}

/** Any process, and both servers, every now and then, until the run is over. */
async function upheaval(servers, lab, isOver, counts) {
  while (!isOver()) {
    await pause(50 + Math.random() * 450);
    const names = [...lab().keys()];
    const chosen = Math.floor(Math.random() * (names.length + 1));
    if (chosen < names.length) {
      const { pid } = lab().get(names[chosen]);
      if (pid === undefined) continue;
      try {
        process.kill(pid, 'SIGKILL');
        counts.kills++;
      } catch {
        // Gone by itself in between.
      }
      // A conductor begins anew each time: it needs some peace to get to the end.
      if (names[chosen] === 'conductor') await pause(8_000);
    } else {
      const kind = Math.random() < 0.5 ? 'redis' : 'nats';
      await servers.powerCut(kind, 100 + Math.random() * 2_900);
      counts.powerCuts++;
    }
  }
}

async function startServers() {
  const running = {};
  const begin = async (kind, port) => {
    const dataDir = join(folder, kind);
    mkdirSync(dataDir, { recursive: true });
    const started = await startServer(kind, { dataDir, fsync: 'always', ...(port === undefined ? {} : { port }) });
    if (!started.ok) throw new Error(started.message);
    running[kind] = started.server;
  };
  await begin('redis');
  await begin('nats');
  return {
    url: (kind) => running[kind].url,
    stop: async () => { for (const server of Object.values(running)) await server.stop(); },
    powerCut: async (kind, awayMs) => {
      const { port } = running[kind];
      await running[kind].kill();
      await pause(awayMs);
      await begin(kind, port);
    },
  };
}

/** Every process dies once at every place where dying hurts, a run for each; until a run passes its last one. */
async function failPoints(untilMs) {
  const file = join(root, 'test', 'scenarios', 'bridges.yaml');
  const { scenario, text } = readScenarioFile(file);
  const expected = (await runEmbedded(scenario, 'expected', undefined, () => undefined)).history;
  const servers = await startServers();
  const journal = redisJournal(servers.url('redis'));
  let points = 0;
  for (const process of ['host1', 'overlay']) {
    for (let point = 1, died = true; died && Date.now() < untilMs; point++) {
      const manifest = await createRun(journal, scenario, text, 'processes', new Date());
      died = false;
      await conductProcesses({ scenario, manifest, redisUrl: servers.url('redis'), natsUrl: servers.url('nats'),
        places: { root, home: folder, runs: join(folder, 'runs'), redis: join(folder, 'redis'),
          seek: join(folder, 'seek') },
        failAt: { process, point }, onResult: () => undefined, onNotice: () => { died = true; } });
      const { history } = await readRun(journal, manifest.run);
      if (history !== expected) problem(`${process} killed at point ${point}: ${history}, expected ${expected}`);
      if (died) points++;
    }
  }
  await journal.close();
  await servers.stop();
  return points;
}

async function processes(untilMs) {
  const counts = { runs: 0, kills: 0, powerCuts: 0 };
  const servers = await startServers();
  const journal = redisJournal(servers.url('redis'));
  for (let turn = 0; Date.now() < untilMs; turn++) {
    const file = files[turn % files.length];
    const { scenario, text } = readScenarioFile(file);
    const expected = (await runEmbedded(scenario, 'expected', undefined, () => undefined)).history;
    const manifest = await createRun(journal, scenario, text, 'processes', new Date());
    let byName = new Map();
    let over = false;
    const trouble = upheaval(servers, () => byName, () => over, counts);
    try {
      await conductProcesses({ scenario, manifest, redisUrl: servers.url('redis'), natsUrl: servers.url('nats'),
        places: { root, home: folder, runs: join(folder, 'runs'), redis: join(folder, 'redis'),
          seek: join(folder, 'seek') },
        onResult: () => undefined, onNotice: () => undefined }, (lab) => { byName = lab.byName; });
    } catch (error) {
      problem(`${file} over processes: ${error.message}`);
    }
    over = true;
    await trouble;
    const { history } = await readRun(journal, manifest.run);
    if (history !== expected) problem(`${file} over processes: ${history}, expected ${expected}`);
    counts.runs++;
  }
  await journal.close();
  await servers.stop();
  return counts;
}

/** Whether the figures of Linux that tests compare with hold for this machine's; skipped where that cannot be told. */
function linux() {
  const measured = spawnSync(process.execPath, [join(root, 'test', 'linux', 'measure.mjs'), '--check'],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  console.log(`Linux measured anew: ${measured.stdout.trim().split('\n').join('; ')}`);
  if (measured.status !== 0) problem('this machine\'s Linux is not as fast as the one that was measured');
}

linux();
const startMs = Date.now();
try {
  console.log(`${await seeds(startMs + minutes * 20_000)} runs with ever new seeds, each lived twice and verified`);
  console.log(`${await failPoints(startMs + minutes * 40_000)} points at which a process killed itself`);
  const { runs, kills, powerCuts } = await processes(startMs + minutes * 60_000);
  console.log(`${runs} runs over processes, with ${kills} processes killed and ${powerCuts} power cuts`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(problems.length === 0 ? '✓ every history was the same' : `✗ ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
