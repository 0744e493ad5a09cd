// The command line as people use it, each call a process of its own: what it prints, how it ends, and that no mistake
// of a user's ever shows a stack trace.

import { copyFileSync, mkdirSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, ROOT, TOUR, lastObject, netreel, temporaryFolder } from './command.js';
import { describeWithServers, golden } from './cluster.js';

const folder = temporaryFolder();
const home = join(folder, 'home');
const ended: Ended[] = [];

async function call(...words: string[]): Promise<Ended> {
  const result = await netreel(words, { home });
  ended.push(result);
  return result;
}

function written(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const small = (steps: string, seed = 1): string => `name: small\nseed: ${seed}\nhosts: { host1: {} }\nsteps:\n${steps}`;
const HELD = '  - host1: docker run -dit --name box1 busybox\n  - host1: docker network create mine\n';

interface JsonOutcome {
  readonly run: string;
  readonly history: string;
  readonly checks: readonly object[];
}

let tour: JsonOutcome;
beforeAll(async () => { tour = lastObject<JsonOutcome>(await call('run', TOUR, '--json')); });

afterAll(() => {
  for (const { stdout, stderr } of ended) expect(stdout + stderr).not.toMatch(/\n\s+at \S+ \(|a bug, please report/);
});

describe('run', () => {
  it('ends with one object on the last line', () => {
    expect(tour).toEqual({ run: expect.stringMatching(/^tour-\d{8}-\d{6}$/) as string, seed: 7, mode: 'embedded',
      verdict: 'held',
      virtualNs: expect.any(Number) as number, wallMs: expect.any(Number) as number,
        events: expect.any(Number) as number,
      frames: expect.any(Number) as number, history: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
      checks: expect.any(Array) as object[] });
    expect(tour.checks[0]).toEqual({ name: expect.any(String) as string, held: true, detail: '' });
  });

  it('exits 0 when all held, and shows each step', async () => {
    const { status, stdout, stderr } = await call('run', written('held.yaml', small(HELD)));
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/✓ 2\/2 .* host1 \$ docker network create mine\n/);
    expect(stdout).toMatch(/✓ 2 checks held, 0 failed\n/);
  });

  it('exits 1 when a check did not hold, and says what was expected', async () => {
    const result = await call('run', written('failed.yaml', small('  - host1: docker network rm none\n')), '--json');
    expect(result.status).toBe(1);
    expect(lastObject(result)).toMatchObject({ verdict: 'failed', checks: [{ held: false }] });
    expect(result.stdout.trimEnd().split('\n')).toHaveLength(1);
  });

  it.each([
    ['a wrong key', 'hosts: { host1: {} }\nname: x\nspeed: 9\n', /wrong\.yaml:3:8: /],
    ['no YAML', '{', /wrong\.yaml:\d+:\d+: /],
    ['a host that is not there', small('  - host7: docker ps\n'), /wrong\.yaml:5:12: no host "host7".*there are host1/],
  ])('exits 2 with one line for %s', async (_what, text, line) => {
    const { status, stdout, stderr } = await call('run', written('wrong.yaml', text));
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(line);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it.each([['run'], ['run', 'nowhere.yaml'], ['run', TOUR, '--mode', 'sideways'], ['run', TOUR, '--seed', 'x'],
    ['dance']])(
    'exits 2 for: %s %s', async (...words) => {
      const { status, stderr } = await call(...words.filter((word) => word !== undefined));
      expect(status).toBe(2);
      expect(stderr).not.toBe('');
    });

  it('takes a seed from the command line', async () => {
    const file = join(folder, 'held.yaml');
    const [one, same, other] = [await call('run', file, '--json', '--seed', '1'), await call('run', file, '--json'),
      await call('run', file, '--json', '--seed', '2')].map((each) => lastObject<JsonOutcome & { seed: number }>(each));
    expect(other!.seed).toBe(2);
    expect(one!.history).toBe(same!.history);
    expect(other!.history).not.toBe(one!.history);
  });
});

describe('what was recorded', () => {
  it('is listed', async () => {
    const { status, stdout } = await call('ls');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^RUN .*HISTORY\n/);
    expect(stdout).toMatch(new RegExp(`${tour.run} +embedded +7 +held +\\S+ +\\d+ +${tour.history.slice(0, 19)}`));
    expect(lastObject<{ run: string }[]>(await call('ls', '--json')).map(({ run }) => run)).toContain(tour.run);
  });

  it('can be read event by event', async () => {
    const { stdout } = await call('events', tour.run);
    expect(stdout.split('\n')[0]).toMatch(/^host1 +1 @0.000000s NetnsAdded/);
    const lines = (await call('events', tour.run, '--json', '--node', 'host2')).stdout.trimEnd().split('\n')
      .map((line) => JSON.parse(line) as { node: string; sequence: number });
    expect(new Set(lines.map(({ node }) => node))).toEqual(new Set(['host2']));
    expect(lines.map(({ sequence }) => sequence)).toEqual(lines.map((_, place) => place + 1));
    const learned = (await call('events', tour.run, '--type', 'FdbLearned', '--to', '5s')).stdout.trimEnd().split('\n');
    expect(learned.every((line) => line.includes(' FdbLearned '))).toBe(true);
  });

  it('answers docker as it was then', async () => {
    const ask = async (time: string, ...words: string[]): Promise<string> =>
      (await call('at', tour.run, time, '--', 'docker', ...words)).stdout;
    expect(await ask('0.05s', 'network', 'ls')).not.toMatch(/user-network/);
    expect(await ask('end', 'network', 'ls')).toMatch(/user-network +bridge +local/);
    expect(await ask('end', 'network', 'inspect', '-f', '{{(index .IPAM.Config 0).Subnet}}', 'user-network'))
      .toBe('172.18.0.0/16\n');
    expect(await ask('end', 'inspect', '-f', '{{.NetworkSettings.IPAddress}}', 'box1')).toBe('172.17.0.2\n');
    expect((await ask('end', 'ps', '--format', '{{.Names}}')).split('\n'))
      .toEqual(expect.arrayContaining(['box1', 'box2', 'ov1']));
    expect((await call('at', tour.run, 'end', '--host', 'host2', '--', 'docker', 'ps', '--format', '{{.Names}}'))
      .stdout).toBe('ov2\n');
  });

  it('is not changed by asking', async () => {
    const { status, stderr } = await call('at', tour.run, 'end', '--', 'docker', 'network', 'rm', 'user-network');
    expect([status === 0, stderr]).toEqual([false, expect.stringContaining('a recorded moment')]);
  });

  it('is compared', async () => {
    const again = lastObject<JsonOutcome>(await call('run', TOUR, '--json'));
    expect(await call('diff', tour.run, again.run)).toMatchObject({ status: 0, stdout: `✓ equal: ${tour.history}\n` });
    const other = lastObject<JsonOutcome>(await call('run', TOUR, '--json', '--seed', '8'));
    const { status, stdout } = await call('diff', tour.run, other.run);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^✗ tour-\S+ and tour-\S+ part at [\d.]+s on host1\ntour-/);
  });

  it('travels as one file', async () => {
    const file = join(folder, 'sent.reel');
    expect((await call('export', tour.run, '--reel', file)).status).toBe(0);
    expect(await call('export', tour.run, '--reel', file)).toMatchObject({ status: 2 });
    const there = { home: join(folder, 'there') };
    expect(await netreel(['import', file], there)).toMatchObject({ status: 0, stdout: `${tour.run}\n` });
    expect(await netreel(['diff', tour.run, file], there)).toMatchObject({ status: 0 });
    expect((await netreel(['import', file], there)).status).toBe(2);
  });

  it.each([['verify', 'nosuch'], ['events', 'nosuch'], ['at', 'nosuch', '1s', '--', 'docker', 'ps'],
    ['diff', 'nosuch', 'nosuch'],
    ['verify', '/nowhere/x.reel'], ['import', '/nowhere/x.reel']])(
    'exits 3 with one line for a run that is not there: %s %s', async (...words) => {
    const { status, stdout, stderr } = await call(...words);
    expect([status, stdout, stderr.trimEnd().split('\n').length]).toEqual([3, '', 1]);
  });

  it('exits 3 for a host or node that is not there, 2 for no moment', async () => {
    expect(await call('events', tour.run, '--node', 'host9'))
      .toMatchObject({ status: 3, stderr: expect.stringContaining('there are host1') as string });
    expect(await call('at', tour.run, 'end', '--host', 'host9', '--', 'docker', 'ps')).toMatchObject({ status: 3 });
    expect(await call('at', tour.run, 'noon', '--', 'docker', 'ps')).toMatchObject({ status: 2 });
  });
});

describe('a file that is not what it was', () => {
  const reel = (name: string, change: (bytes: Buffer) => Buffer): string => {
    const file = join(folder, name);
    writeFileSync(file, change(readFileSync(join(home, 'runs', `${tour.run}.reel`))));
    return file;
  };
  const flipped = (bytes: Buffer, place: number): Buffer => {
    bytes[place] = bytes[place]! ^ 0x40;
    return bytes;
  };

  it.each([
    ['a changed byte in the middle', (bytes: Buffer) => flipped(bytes, bytes.length >> 1), /offset \d+: expected/],
    ['a changed byte in the manifest', (bytes: Buffer) => flipped(bytes, 40), /offset \d+: expected/],
    ['another format version', (bytes: Buffer) => flipped(bytes, 8), /format version \d+, expected 1/],
    ['something else altogether', () => Buffer.from('#!/bin/sh\necho hello, this is no recording\n'),
      /expected a \.reel file/],
    ['nothing', () => Buffer.alloc(0), /expected a file of at least/],
  ])('%s: exit 4, one line that names the place', async (_what, change, line) => {
    const file = reel('damaged.reel', change);
    for (const words of [['verify', file], ['events', file], ['import', file]]) {
      const { status, stdout, stderr } = await call(...words);
      expect([words[0], status, stdout]).toEqual([words[0], 4, '']);
      expect(stderr.trimEnd()).toMatch(line);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  it('cut short: verify does not take it for whole', async () => {
    for (const share of [0.9, 0.5, 0.1]) {
      const file = reel('short.reel', (bytes) => bytes.subarray(0, Math.floor(bytes.length * share)));
      const { status, stdout, stderr } = await call('verify', file);
      expect([share, status]).toEqual([share, expect.any(Number) as number]);
      expect(status === 1 || status === 4).toBe(true);
      expect(stdout + stderr).toMatch(/never finished|offset|difference|cut short/);
    }
  });

  it('of another schema: exit 4, named', async () => {
    const file = reel('schema.reel', (bytes) => bytes);
    copyFileSync(file, join(folder, 'copy.reel'));
    truncateSync(file, 12);
    const { encodeJson, ENTRY } = await import('../../packages/runtime/src/journal/file/format.js');
    writeFileSync(file, Buffer.concat([readFileSync(file), encodeJson(ENTRY.manifest,
      { run: 'old', name: 'old', createdAt: '', codeVersion: '0.0.1',
      schemaVersion: 'v0-12345678', nodeVersion: '', lab: { nodes: [] }, scenario: '', seed: 1, mode: 'embedded' })]));
    const { status, stderr } = await call('verify', file);
    const line = /recorded with schema v0-12345678 by netreel 0\.0\.1; this one reads v\d/;
    expect([status, stderr]).toEqual([4, expect.stringMatching(line)]);
  });

  it('does not keep others from being listed', async () => {
    const other = join(folder, 'other');
    mkdirSync(join(other, 'runs'), { recursive: true });
    writeFileSync(join(other, 'runs', 'broken.reel'), 'broken');
    copyFileSync(join(home, 'runs', `${tour.run}.reel`), join(other, 'runs', `${tour.run}.reel`));
    const { status, stdout, stderr } = await netreel(['ls'], { home: other });
    expect([status, stdout.split('\n').length, stderr.trimEnd().split('\n').length]).toEqual([0, 3, 1]);
  });
});

describe('servers that are missing', () => {
  const without = { NETREEL_REDIS_SERVER: '/nowhere/redis-server', NETREEL_NATS_SERVER: '/nowhere/nats-server' };

  it('end a run over processes with one line and exit 5', async () => {
    for (const missing of [without, { NETREEL_NATS_SERVER: without.NETREEL_NATS_SERVER }]) {
      const { status, stdout, stderr } = await netreel(['run', TOUR, '--mode', 'processes'],
        { home: join(folder, 'none'), environment: missing });
      const line = /^netreel: there is no (redis|nats)-server on this machine.*\n$/;
      expect([status, stdout, stderr]).toEqual([5, '', expect.stringMatching(line)]);
    }
  });

  it('do not matter to a run in one process', async () => {
    expect((await netreel(['run', join(folder, 'held.yaml')], { home, environment: without })).status).toBe(0);
  });

  it('cannot be read from either', async () => {
    const { status, stderr } = await call('ls', '--redis', 'redis://127.0.0.1:1');
    expect([status, stderr.trimEnd().split('\n').length]).toEqual([5, 1]);
  });
});

describeWithServers('a run over processes', () => {
  it('has the history of one process, can be listed and verified, and leaves no process behind', async () => {
    const result = await call('run', TOUR, '--mode', 'processes', '--json');
    const { history } = await golden(TOUR);
    expect([result.status, lastObject(result)]).toEqual([0, expect.objectContaining({ mode: 'processes',
      verdict: 'held', history })]);
    expect((await call('verify', 'last')).status).toBe(0);
    expect((await call('verify', 'last', '--redis')).status).toBe(0);
    const left = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid)).filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`NETREEL_HOME=${home}\0`)
          && pid !== String(process.pid);
      } catch {
        return false;
      }
    });
    expect(left).toEqual([]);
  });
});

it('the product is compiled where its tests run', () => {
  expect(readdirSync(join(ROOT, 'packages', 'cli', 'dist'))).toContain('main.js');
});
