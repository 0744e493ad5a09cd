// A recorded run told as a story, and the causes of single records.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileJournal } from '@netreel/runtime';
import { placesOf } from '../places.js';
import { runEmbedded } from '../running/embedded.js';
import { createRun } from '../running/manifest.js';
import { readScenario } from '../scenario/read.js';
import type { CommandContext } from './context.js';
import { replayCommand, tailCommand, type ReplayOptions } from './replay.js';
import { whyCommand } from './why.js';

const folder = mkdtempSync(join(tmpdir(), 'netreel-story-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const places = placesOf(folder, { NETREEL_HOME: folder });

const TEXT = `name: story
hosts: { host1: {}, host2: {} }
steps:
  - host1: docker network create -d overlay --attachable ov
  - host1: docker run -d --name web --network ov busybox sleep 1000
  - host2: docker run -d --name box --network ov busybox sleep 1000
  - host2: docker exec box ping -c 1 web
`;

let run: string;
beforeAll(async () => {
  const scenario = readScenario('story.yaml', TEXT);
  const journal = fileJournal(places.runs);
  ({ run } = await createRun(journal, scenario, TEXT, 'embedded', new Date(0)));
  await runEmbedded(scenario, run, journal, () => undefined);
  await journal.finish(run, {});
  await journal.close();
});

async function printed(command: (context: CommandContext) => Promise<void>): Promise<string[]> {
  let text = '';
  await command({ places, out: (more) => { text += more; }, err: () => undefined, colour: false,
    notice: () => undefined, exit: () => undefined });
  return text.trimEnd().split('\n');
}
const told = (options: ReplayOptions): Promise<string[]> =>
  printed((context) => replayCommand(context, run, options));
const where = async (pattern: RegExp): Promise<string> =>
  (await told({ kind: ['all'] })).find((line) => pattern.test(line))!.trim().split(/ +/)[1]!;

describe('a story', () => {
  it('tells what happened in words, with names of that moment', async () => {
    const text = (await told({})).join('\n');
    expect(text).toMatch(/ host1\/\d+ +\$ docker run -d --name web --network ov busybox sleep 1000 \(POST /);
    expect(text).toMatch(/ overlay\/\d+ +network ov has 10\.0\.1\.0\/24, VNI 4097/);
    expect(text).toMatch(/ host1\/\d+ +web is on ov: eth0 has 10\.0\.1\.2\/24/);
    expect(text).toMatch(/ host2\/\d+ +knows: web of ov is 10\.0\.1\.2 at 02:42:0a:00:01:02 on host1/);
    expect(text).toMatch(/ host2\/\d+ +br0 of network ov learned 02:42:0a:00:01:04 behind veth\w+ of network ov \(/);
    expect(text).not.toMatch(/undefined|NaN|\[object/);
  });

  it('names what brought a line about, and the typed line behind it', async () => {
    const text = (await told({})).join('\n');
    expect(text).toMatch(/host1\/\d+ +web is to be on ov +<- overlay\/\d+ \$ docker run -d --name web /);
  });

  it('has the same lines from any moment on', async () => {
    const all = await told({ kind: ['all'] });
    const bare = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/ {2}<- .*/, ''));
    for (const line of [all[40]!, all[200]!, all[all.length - 3]!]) {
      const from = line.trim().split(' ')[0]!;
      const first = all.findIndex((each) => each.trim().startsWith(`${from} `));
      expect(bare(await told({ kind: ['all'], from }))).toEqual(bare(all.slice(first)));
    }
  });

  it('ends where it is told to', async () => {
    const all = await told({ kind: ['all'] });
    const to = all[100]!.trim().split(' ')[0]!;
    const last = all.map((line) => line.trim().startsWith(`${to} `)).lastIndexOf(true);
    expect(await told({ kind: ['all'], to })).toHaveLength(last + 1);
  });

  it('keeps to some nodes and kinds', async () => {
    const lines = await told({ host: ['host2'], kind: ['container', 'frame'] });
    expect(lines.every((line) => / host2\/\d+ /.test(line))).toBe(true);
    expect(lines.some((line) => /frame of \d+ bytes to host1/.test(line))).toBe(true);
    expect(lines.some((line) => /container box runs/.test(line))).toBe(true);
    expect(lines.some((line) => /knows:/.test(line))).toBe(false);
    await expect(told({ kind: ['colour'] })).rejects.toThrow('no kind colour; there are all, frame, fault');
    await expect(told({ host: ['host9'] })).rejects.toThrow('no node host9');
  });

  it('of a run that is over ends when it is followed', async () => {
    const order = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/ {2}<- .*/, '')).sort();
    expect(order(await told({ follow: true }))).toEqual(order(await told({})));
    const objects = (await printed((context) => tailCommand(context, run, {})))
      .map((line) => JSON.parse(line) as { node: string; sequence: number });
    expect(objects).toHaveLength((await told({ kind: ['all'] })).length);
    expect(objects[0]).toMatchObject({ node: 'host1', sequence: 1, at: 0, kind: 'event' });
  });

  it('takes as long as its speed says', async () => {
    const startMs = performance.now();
    await told({ kind: ['command'], from: '0.5s', to: '0.7s', speed: 1 });
    expect(performance.now() - startMs).toBeLessThan(1_000);
    await told({ kind: ['command'], speed: 10 });
    const lastAt = Number((await told({ kind: ['command'] })).pop()!.trim().split('s ')[0]);
    expect(performance.now() - startMs).toBeGreaterThan(lastAt * 100 - 10);
  });
});

describe('why', () => {
  const why = (event: string): Promise<string[]> => printed((context) => whyCommand(context, run, event, {}));

  it('goes back over messages to the line that was typed', async () => {
    const chain = await why(await where(/knows: web of ov is/));
    expect(chain[0]).toMatch(/^[\d.]+s host1\/\d+ knows: web of ov is 10\.0\.1\.2/);
    const onOther = await why((await told({ host: ['host2'] })).find((line) => line.includes('knows: web'))!
      .trim().split(/ +/)[1]!);
    expect(onOther.length).toBeGreaterThan(2);
    expect(onOther.slice(1).every((line) => line.trim().startsWith('because  '))).toBe(true);
    expect(onOther[onOther.length - 1]).toMatch(/ \$ docker run -d --name (web|box) /);
    const times = onOther.map((line) => Number(/([\d.]+)s /.exec(line)![1]));
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });

  it('ends with the boot where nobody typed anything', async () => {
    expect((await why('host1/1')).pop()).toBe('because  0s the node was booted');
  });

  it.each([['host1', /is no record; expected NODE\/NUMBER/], ['host9/1', /is no record/],
    ['host1/99999', /host1 has no record 99999/]])('of %s is a mistake', async (event, message) => {
    await expect(why(event)).rejects.toThrow(message);
  });
});
