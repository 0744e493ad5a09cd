// Histories that older versions recorded are folded for ever. Each lies here as it was recorded, beside what was seen
// in it then. One is never written anew: what a change of the code makes of it is what this test is about.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RecordedRun, readRun, refuseOtherCode } from '@netreel/cli';
import { reelFile } from '@netreel/runtime';
import { Timeline, inOrder } from '@netreel/views';
import { parseDuration } from '@netreel/sim';
import { type Facts, factsOf } from './facts.js';

const here = __dirname;
const versions = readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
const recordings = versions.flatMap((version) => readdirSync(join(here, version))
  .filter((name) => name.endsWith('.reel')).map((name) => [version, name.replace('.reel', '')] as const));

async function read(version: string, name: string): Promise<RecordedRun> {
  const journal = reelFile(join(here, version, `${name}.reel`));
  const [manifest] = await journal.runs();
  const recorded = await readRun(journal, manifest!.run);
  await journal.close();
  return recorded;
}

/** Of a recording that nobody has looked at yet. */
function keepFacts(file: string, recorded: RecordedRun): void {
  const records = recorded.histories.flat().flatMap((commit) => commit.records);
  const last = records.reduce((latest, record) => Math.max(latest, record.at), 0);
  const moments = [0.1, 0.3, 0.5, 0.7, 0.9, 1].map((share) => Math.floor(last * share));
  writeFileSync(file, `${JSON.stringify({ history: recorded.history, records: records.length,
    facts: factsOf(recorded, moments) }, null, 1)}\n`);
}

describe.each(recordings)('%s: %s', (version, name) => {
  let recorded: RecordedRun;
  let kept: { readonly history: string; readonly records: number; readonly facts: Facts };
  beforeAll(async () => {
    recorded = await read(version, name);
    const file = join(here, version, `${name}.json`);
    if (process.env['NETREEL_KEEP_FACTS'] === '1' && readFileSync(file, 'utf8') === '{}\n') keepFacts(file, recorded);
    kept = JSON.parse(readFileSync(file, 'utf8')) as typeof kept;
  });

  it('has the history that it had', () => {
    expect(recorded.history).toBe(kept.history);
    expect(recorded.histories.flat().reduce((sum, commit) => sum + commit.records.length, 0)).toBe(kept.records);
  });

  it('shows at each moment what it showed then', () => {
    const moments = Object.keys(kept.facts).map((text) => parseDuration(text)!);
    expect(factsOf(recorded, moments)).toEqual(kept.facts);
  });

  it('is still told', () => {
    const timeline = new Timeline(recorded.lab);
    const lines = [...inOrder(recorded.histories)].map((placed) => timeline.tell(placed).text);
    expect(lines.every((line) => line !== '' && !/undefined|NaN|\[object/.test(line))).toBe(true);
  });
});

it('a history of another version is lived again by that version alone', async () => {
  const { manifest } = await read(...recordings[0]!);
  expect(() => refuseOtherCode({ ...manifest, codeVersion: '99.1.0' }))
    .toThrow(/recorded by netreel 99\.1\.0 on Node .*reads it \(at, replay.*to live it again use netreel 99\.1\.0/);
});
