// The same recordings, typed into the real docker command by a real shell, against hosts behind real sockets: what the
// streams, the status codes and the pace of a live lab make of them. Some cases of every kind; LIVE_CASES=all for all.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveService, placesOf, testBed } from '@netreel/cli';
import { type Case, type CaseStep, readCase } from './case-file.js';
import { type Outcome, complaint } from './complaint.js';
import { Normaliser } from './normalise.js';

const folder = join(__dirname, 'cases');
const CHOSEN: readonly string[] = ['bridge-default-interactive', 'bridge-default-inspect', 'connect-disconnect-live',
  'container-errors', 'container-rm-frees', 'dns-rename', 'docker-port', 'events-container', 'events-network',
  'exec-and-env', 'host-mode-port-in-use', 'image-not-found', 'kill-frees-address', 'link-follows-restart',
  'network-labels', 'network-rm-errors', 'network-inspect-format', 'ps-filters', 'ps-table', 'publish-all',
  'publish-conflict-error', 'publish-loopback', 'restart-policy', 'run-errors', 'swarm-init', 'system-prune',
  'user-bridge-dns-names', 'wait-and-restart-order'];
const COMMAND_MS = 20_000;
const RETRY_MS = 100;

const docker = spawnSync('docker', ['version', '--format', '{{.Client.Version}}'], { encoding: 'utf8' });
const present = docker.error === undefined && docker.stdout.trim() !== '';
if (!present) console.warn('there is no docker command here: cases through real sockets are skipped');

(present ? describe : describe.skip)('through sockets, as the real engine answered', () => {
  const home = mkdtempSync(join(tmpdir(), 'netreel-live-'));
  let service: LiveService;

  beforeAll(async () => {
    service = await LiveService.start(placesOf(home, {}), testBed(1), '', { mode: 'embedded', pace: 'max',
      apiVersion: '1.41' }, () => undefined);
  });
  afterAll(async () => {
    await service.down();
    rmSync(home, { recursive: true });
  });

  const cases = readdirSync(folder)
    .filter((name) => process.env['LIVE_CASES'] === 'all' || CHOSEN.includes(name.replace('.case', ''))).sort()
    .map((name) => readCase(name, readFileSync(join(folder, name), 'utf8'))).filter(({ hosts }) => hosts === 1);

  it.each(cases.map((recorded): [string, Case] => [recorded.name, recorded]))('%s', async (_name, recorded) => {
    await service.reset();
    if (recorded.swarm > 0) await type({ command: 'docker swarm init --advertise-addr 192.168.65.11' });
    const normaliser = new Normaliser(recorded.steps.map(({ command }) => command),
      { ...recorded, swarm: recorded.swarm > 0, version: '20.10.24' });
    const complaints: string[] = [];
    for (const step of recorded.steps) {
      const { stdout, stderr, exit } = await type(step);
      const outcome: Outcome = { stdout: normaliser.lines(stdout), stderr: normaliser.lines(stderr), exit };
      complaints.push(...complaint(step, outcome));
    }
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
  }, 120_000);

  /** Types a line, again and again while it has to show something that is not there yet. */
  async function type({ command, until }: Pick<CaseStep, 'command'> & Partial<CaseStep>): Promise<Typed> {
    const limitMs = Date.now() + (until?.seconds ?? 0) * 1000;
    for (;;) {
      const result = await shell(command, service.state.hosts['host1']!);
      if (until === undefined || until.pattern.test(result.stdout) || Date.now() > limitMs) return result;
      await new Promise((resolve) => { setTimeout(resolve, RETRY_MS); });
    }
  }
});

interface Typed {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}

function shell(line: string, host: string): Promise<Typed> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', line], { stdio: ['ignore', 'pipe', 'pipe'], timeout: COMMAND_MS,
      env: { ...process.env, DOCKER_HOST: host, HOST1: host, DOCKER_CLI_HINTS: 'false' } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (bytes) => { stdout += String(bytes); });
    child.stderr.on('data', (bytes) => { stderr += String(bytes); });
    child.once('error', reject);
    child.once('close', (exit) => resolve({ stdout, stderr, exit: exit ?? -1 }));
  });
}
