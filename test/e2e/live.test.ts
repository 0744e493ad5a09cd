// A lab that is up, as a newcomer meets it: started, found, asked, killed, ended; and what is left of it.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { type Ended, netreel, temporaryFolder } from './command.js';

const home = join(temporaryFolder(), 'home');
const call = (...words: string[]): Promise<Ended> => netreel(words, { home });
const docker = (host: string, line: string, input = ''): Promise<Ended> =>
  netreel(['docker', host, ...line.split(' ')], { home, input });
const state = (): { pid: number; run: string; hosts: { [name: string]: string } } =>
  JSON.parse(readFileSync(join(home, 'live.json'), 'utf8'));

// The command compiles itself when its sources are newer, and says so: that is no part of what is told here.
beforeAll(async () => { await call('ls'); });
afterAll(async () => { await call('down'); });

/** What a host answers over its socket. */
function api(host: string, method: string, path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const socketPath = state().hosts[host]!.replace('unix://', '');
    const asked = request({ socketPath, method, path }, (response) => {
      let text = '';
      response.on('data', (bytes) => { text += String(bytes); });
      response.on('end', () => resolve({ status: response.statusCode!, text }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

describe('a lab that is up', () => {
  it('answers on every host as soon as up comes back, and is found by env', async () => {
    const up = await call('up', '--hosts', '2', '--pace', 'max', '--detach');
    expect(up).toMatchObject({ status: 0, stderr: '' });
    expect(up.stdout).toMatch(/^hosts host1, host2 up at pace max, recorded as lab-/);
    expect(await api('host2', 'GET', '/_ping')).toEqual({ status: 200, text: 'OK' });
    expect((await call('env', 'host2')).stdout).toBe(`export DOCKER_HOST=${state().hosts['host2']}\n`);
    expect(await call('env', 'host9')).toMatchObject({ status: 3,
      stderr: 'netreel: no host host9 in this lab; there are host1, host2\n' });
    expect((await call('up')).stderr).toMatch(/^netreel: a lab is up already/);
    expect((await call('ls')).stdout).toMatch(/embedded +1 +live /);
  });

  it('takes the built-in docker command: streams, input, statuses, and no time to wait', async () => {
    expect(await docker('host1', 'run --rm busybox sh', 'echo never asked for')).toMatchObject({ status: 0 });
    expect(await docker('host1', 'run -i --rm busybox sh', 'echo out; echo err >&2; exit 3'))
      .toEqual({ status: 3, stdout: 'out\n', stderr: 'err\n' });
    const startedMs = Date.now();
    expect(await docker('host1', 'run --rm busybox sleep 600')).toMatchObject({ status: 0 });
    expect(Date.now() - startedMs).toBeLessThan(60_000);
    expect((await docker('host2', 'ps -aq')).stdout).toBe('');
  });

  it('is fresh after a reset, and the run so far has an end', async () => {
    const { run } = state();
    await docker('host1', 'network create mine');
    expect(await call('reset')).toMatchObject({ status: 0 });
    expect(state().run).not.toBe(run);
    expect((await docker('host1', 'network ls -q --filter name=mine')).stdout).toBe('');
    expect((await call('verify', run)).stdout).toMatch(/every one equal/);
  });

  it('that is killed leaves a history that holds, and one line about it', async () => {
    await docker('host1', 'run -d --name web nginx');
    const { run, pid } = state();
    process.kill(pid, 'SIGKILL');
    const env = await call('env', 'host1');
    expect(env).toMatchObject({ status: 3, stdout: '' });
    expect(env.stderr).toBe(`netreel: the lab that was up (${run}) was killed; its history is kept\n` +
      'netreel: no lab is up; `netreel up --detach` starts one\n');
    expect((await call('verify', run)).stdout).toMatch(/every one equal/);
    expect((await call('events', run, '--type', 'ContainerStarted')).stdout).toMatch(/ContainerStarted/);
  });

  it('leaves nothing behind but its history', async () => {
    await call('up', '--detach');
    expect((await call('down')).stdout).toMatch(/ is down; its history is kept\n$/);
    expect(existsSync(join(home, 'live.json'))).toBe(false);
    expect(readdirSync(home)).toEqual(['runs']);
    expect(await call('down')).toMatchObject({ status: 0, stdout: '' });
  });
});
