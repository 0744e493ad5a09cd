// A run that goes on differently from a moment on, and where two runs part.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileJournal } from '@netreel/runtime';
import { type HistoryRecord, SECOND } from '@netreel/sim';
import { placesOf } from '../places.js';
import { runEmbedded } from '../running/embedded.js';
import { type RecordedRun, readRun } from '../running/histories.js';
import { createRun } from '../running/manifest.js';
import type { Outcome } from '../running/outcome.js';
import { verifyRun } from '../running/verify.js';
import { readScenario } from '../scenario/read.js';
import type { CommandContext } from './context.js';
import { diffCommand } from './diff.js';
import { type ForkOptions, forkCommand } from './fork.js';

const folder = mkdtempSync(join(tmpdir(), 'netreel-fork-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const places = placesOf(folder, { NETREEL_HOME: folder });

const TEXT = `name: fork
hosts: { host1: {}, host2: {} }
steps:
  - host1: docker run -d --name web busybox sleep 1000
  - fault: { loss: 50%, id: lossy }
  - host1: ping -c 20 -W 1 192.168.65.12
  - host1: docker stop -t 0 web
`;

let run: string;
const journal = fileJournal(places.runs);
beforeAll(async () => {
  const scenario = readScenario('fork.yaml', TEXT);
  ({ run } = await createRun(journal, scenario, TEXT, 'embedded', new Date(0)));
  await runEmbedded(scenario, run, journal, () => undefined);
});
afterAll(() => journal.close());

interface Printed { readonly text: string; readonly status: number }

async function printed(command: (context: CommandContext) => Promise<void>): Promise<Printed> {
  let text = '';
  let status = 0;
  await command({ places, out: (more) => { text += more; }, err: () => undefined, colour: false,
    notice: () => undefined, exit: (given) => { status = given; } });
  return { text, status };
}

async function forked(options: ForkOptions, of = run): Promise<RecordedRun> {
  const { text } = await printed((context) => forkCommand(context, of, { ...options, json: true }));
  const other = fileJournal(places.runs);
  const recorded = await readRun(other, (JSON.parse(text) as Outcome).run);
  await other.close();
  return recorded;
}

const recordsOf = ({ histories }: RecordedRun): HistoryRecord[] =>
  histories.flat().flatMap((commit) => commit.records);
const typesFrom = (recorded: RecordedRun, at: number): Set<string> =>
  new Set(recordsOf(recorded).filter((record) => record.at >= at).map((record) => record.body.type));
const linesOf = (recorded: RecordedRun): string[] => recordsOf(recorded)
  .map((record) => (record.body as { line?: string }).line).filter((line) => line !== undefined);

describe('a fork', () => {
  it('with another seed shares the past, loses other packets, and lives again as it was recorded', async () => {
    const at = 5 * SECOND;
    const original = await readRun(journal, run);
    const fork = await forked({ at: '5s', seed: 99 });
    const before = (recorded: RecordedRun): unknown => recorded.histories
      .map((commits) => commits.filter((commit) => commit.until <= at));
    expect(before(fork)).toEqual(before(original));
    expect(typesFrom(fork, at)).toContain('SeedChanged');
    const sent = (recorded: RecordedRun): number[] => recordsOf(recorded)
      .filter((record) => record.at > at && record.body.type === 'FrameCrossed').map((record) => record.at);
    expect(sent(fork)).not.toEqual(sent(original));
    expect(verifyRun(fork).difference).toBeUndefined();
    expect(fork.manifest.forks).toEqual([{ from: run, at, add: [], alone: false, seed: 99 }]);
  });

  it('with the same seed again is no other run, but for being told so', async () => {
    const original = await readRun(journal, run);
    const fork = await forked({ at: '5s', seed: original.manifest.seed });
    const bodies = (recorded: RecordedRun): string[] => recordsOf(recorded)
      .filter((record) => record.body.type !== 'SeedChanged').map((record) => `${record.at} ${record.body.type}`);
    expect(bodies(fork)).toEqual(bodies(original));
  });

  it('takes added steps, and then the rest of the scenario', async () => {
    const fork = await forked({ at: '3.5s', add: ['lift: [lossy]', 'host2: docker run -d --name late busybox'] });
    expect(linesOf(fork)).toEqual(expect.arrayContaining(['docker run -d --name late busybox',
      'docker stop -t 0 web']));
    expect(typesFrom(fork, 3.5 * SECOND)).toContain('FaultRemoved');
    expect(verifyRun(fork).difference).toBeUndefined();
  });

  it('may leave the rest out', async () => {
    const fork = await forked({ at: '3.5s', add: ['host2: hostname'], alone: true });
    expect(linesOf(fork)).toContain('hostname');
    expect(linesOf(fork)).not.toContain('docker stop -t 0 web');
    expect(verifyRun(fork).difference).toBeUndefined();
  });

  it('can be forked again', async () => {
    const first = await forked({ at: '3.5s', add: ['host2: hostname'] });
    const second = await forked({ at: '6s', seed: 5 }, first.manifest.run);
    expect(second.manifest.forks).toHaveLength(2);
    expect(linesOf(second)).toContain('hostname');
    expect(verifyRun(second).difference).toBeUndefined();
    const { text } = await printed((context) => diffCommand(context, first.manifest.run, second.manifest.run, {}));
    expect(text).toMatch(/ part at 6\.000000s on host1/);
  });

  it.each<[string, ForkOptions, RegExp]>([
    ['without a difference', { at: '2s' }, /nothing would be different/],
    ['at a moment that the run did not see', { at: '9h', seed: 1 }, /a fork needs a moment within the run/],
    ['at its end', { at: 'end', seed: 1 }, /a fork needs a moment within the run/],
    ['with words that are no step', { at: '2s', add: ['dance'] }, /expected a step of a scenario/],
    ['with a step on a host that is not there', { at: '2s', add: ['host9: ps'] }, /no host "host9"/],
  ])('%s is a mistake', async (_what, options, message) => {
    await expect(printed((context) => forkCommand(context, run, options))).rejects.toThrow(message);
  });
});

describe('diff', () => {
  const diff = (a: string, b: string): Promise<Printed> => printed((context) => diffCommand(context, a, b, {}));

  it('of a run and itself is none', async () => {
    const { history } = await readRun(journal, run);
    expect(await diff(run, run)).toEqual({ text: `✓ equal: ${history}\n`, status: 0 });
  });

  it('names the earliest place, what each run has there and why, and each node\'s own', async () => {
    const fork = await forked({ at: '4.25s', add: ['host2: docker run -d --name late busybox'] });
    const { text, status } = await diff(run, fork.manifest.run);
    expect(status).toBe(1);
    const lines = text.trimEnd().split('\n');
    expect(lines[0]).toBe(`✗ ${run} and ${fork.manifest.run} part at 4.250000s on host2`);
    expect(text).toMatch(new RegExp(`${run}\n {2}has nothing there`));
    expect(text).toMatch(/ {2}4\.250000s host2\/\d+ \$ docker run -d --name late busybox \(POST \S+\)/);
    expect(text).toMatch(/ {2}from it follow \d+ records: host2 \(\d+, from 4\.250000s\)/);
    expect(text).toMatch(/node by node:\n {2}host1 +(equal|differs)/);
    expect(text).toMatch(/\n {2}host2 +differs at 4\.250000s, record \d+/);
  });
});
