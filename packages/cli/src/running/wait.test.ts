import { memoryJournal } from '@netreel/runtime';
import { SECOND } from '@netreel/sim';
import { readScenario } from '../scenario/read.js';
import { runEmbedded } from './embedded.js';
import { readRun } from './histories.js';
import { createRun } from './manifest.js';
import { verifyRun } from './verify.js';

const lived = async (steps: string) => {
  const text = `name: waits\nhosts: { host1: {}, host2: {} }\nsteps:\n${steps}`;
  const scenario = readScenario('waits.yaml', text);
  const journal = memoryJournal();
  const { run } = await createRun(journal, scenario, text, 'embedded', new Date(0));
  const result = await runEmbedded(scenario, run, journal, () => undefined);
  return { result, recorded: await readRun(journal, run) };
};

describe('a wait', () => {
  it('at the end of a scenario is lived to its end', async () => {
    const { result, recorded } = await lived('  - host1: ping -c 1 192.168.65.12\n  - wait: 2m\n');
    expect(result.until).toBeGreaterThanOrEqual(120 * SECOND);
    // What was learned has gone stale meanwhile: somebody lived through it.
    const states = recorded.histories.flat().flatMap((commit) => commit.records)
      .map((record) => (record.body as { state?: string }).state);
    expect(states).toContain('STALE');
  });

  it('begins no window of its own: what is recorded lives again in the same windows', async () => {
    // A ping every tenth of a second goes on while one wait after the other begins.
    const waits = Array.from({ length: 12 }, (_, index) => `  - wait: ${37 + index * 11}ms\n`).join('');
    const ping = '  - host1: ping -c 40 -i 0.1 192.168.65.12\n    background: true\n';
    const { recorded } = await lived(`${ping}${waits}  - wait: 5s\n`);
    expect(verifyRun(recorded).difference).toBeUndefined();
  });

  it('ends a step that does not end by itself', async () => {
    const text = 'name: limit\nhosts: { host1: {} }\nstep-limit: 3s\n'
      + 'steps:\n  - host1: sleep 1000\n  - host1: hostname\n';
    const scenario = readScenario('limit.yaml', text);
    const result = await runEmbedded(scenario, 'none', undefined, () => undefined);
    expect(result.results.map(({ exit }) => exit)).toEqual([-1, 0]);
    expect(result.results[0]!.complaints.join()).toContain('did not end within its limit');
  });
});
