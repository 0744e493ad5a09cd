// Law 3: the same inputs, the same bytes; whatever the time zone, the language, the compiler or the hash seeds around.

import { readScenarioFile, runEmbedded } from '@netreel/cli';
import { basename, join } from 'node:path';
import { type CommandOptions, SCENARIOS, TOUR, historyOf, scenarioNames, temporaryFolder } from '../e2e/command.js';

jest.setTimeout(120_000);

const files = [TOUR, ...scenarioNames().map((name) => join(SCENARIOS, name))];
const home = temporaryFolder();

const surroundings: readonly (readonly [string, Omit<CommandOptions, 'home'>])[] = [
  ['in another part of the world', { environment: { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8',
    LC_ALL: 'tr_TR.UTF-8' } }],
  ['without a compiler', { nodeFlags: ['--jitless'] }],
  ['with other hash seeds', { nodeFlags: ['--random-seed=5', '--hash-seed=7'] }],
  ['with a busy garbage collector', { nodeFlags: ['--gc-interval=100', '--stress-compaction'] }],
];

describe.each(files.map((file) => [basename(file), file]))('%s', (_name, file) => {
  let cold = '';
  beforeAll(async () => { cold = await historyOf(file, { home }); });

  it('holds', () => expect(cold).toMatch(/^sha256:[0-9a-f]{64}$/));

  it('leaves the same history a second time', async () => expect(await historyOf(file, { home })).toBe(cold));

  it.each(surroundings)('leaves the same history %s', async (_where, options) => {
    expect(await historyOf(file, { home, ...options })).toBe(cold);
  });

  it('leaves the same history in a process that has lived others before', async () => {
    const { scenario } = readScenarioFile(file);
    for (let time = 0; time < 3; time++) {
      expect((await runEmbedded(scenario, 'again', undefined, () => undefined)).history).toBe(cold);
    }
  });

  it('leaves another history with another seed', async () => {
    const { scenario } = readScenarioFile(file);
    const lab = { ...scenario.lab, seed: scenario.lab.seed + 1 };
    expect((await runEmbedded({ ...scenario, lab }, 'other', undefined, () => undefined)).history).not.toBe(cold);
  });
});
