import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Journal, Waymarks, fileJournal, memoryJournal } from '@netreel/runtime';
import { type LabSpec, NEVER, RandomStream } from '@netreel/sim';
import { foldLab } from '@netreel/views';
import { runEmbedded } from '../running/embedded.js';
import { type RecordedRun, readRun } from '../running/histories.js';
import { createRun } from '../running/manifest.js';
import { readScenario } from '../scenario/read.js';
import { Seeker } from './seek.js';

const folder = mkdtempSync(join(tmpdir(), 'netreel-seek-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TEXT = `name: two
hosts: { host1: {}, host2: {} }
steps:
  - host1: docker network create -d overlay --attachable ov
  - host1: docker run -d --name web --network ov busybox sleep 1000
  - host2: docker run -d --name box --network ov busybox sleep 1000
  - host2: docker exec box ping -c 3 web
  - host1: docker rm -f web
`;

async function lived(journal: Journal, seed: number): Promise<string> {
  const scenario = readScenario('two.yaml', TEXT, seed);
  const { run } = await createRun(journal, scenario, TEXT, 'embedded', new Date(seed));
  await runEmbedded(scenario, run, journal, () => undefined);
  return run;
}

/** Some two hundred records lie between two marks in these tests. */
const seekerOf = (journal: Journal, run: string, recorded: RecordedRun, marks: string): Seeker =>
  new Seeker(journal, run, recorded.lab, new Waymarks(join(folder, marks)), 60);

/** Maps as lists of their entries, in order: tables that were read back are of another realm under this runner. */
function plain(value: unknown): unknown {
  const kind = Object.prototype.toString.call(value);
  if (kind === '[object Map]') return { map: [...value as Map<unknown, unknown>].map(plain) };
  if (kind === '[object Set]') return { set: [...value as Set<unknown>].map(plain) };
  if (Array.isArray(value)) return value.map(plain);
  if (kind !== '[object Object]') return value;
  return Object.fromEntries(Object.entries(value as object).map(([key, each]) => [key, plain(each)]));
}

const momentsOf = ({ lab, histories }: { lab: LabSpec; histories: RecordedRun['histories'] }): number[] => {
  const last = Math.max(...histories.flat().flatMap((commit) => commit.records).map((record) => record.at));
  const draws = new RandomStream(lab.seed, 'moments');
  return [0, last, ...Array.from({ length: 12 }, () => draws.below(last))];
};

describe.each(['file', 'memory'] as const)('a moment of a run in a journal of kind %s', (kind) => {
  const journal = kind === 'file' ? fileJournal(join(folder, 'runs')) : memoryJournal();
  let run: string;
  let recorded: RecordedRun;
  beforeAll(async () => {
    run = await lived(journal, 3);
    recorded = await readRun(journal, run);
  });

  it('has the tables that a fold from the beginning comes to, with marks and without', async () => {
    const seeker = seekerOf(journal, run, recorded, kind);
    // From late to early and back: marks are put up, then used.
    for (const at of [...momentsOf(recorded), ...momentsOf(recorded).reverse(), NEVER]) {
      const wanted = at === 0 ? [0, 1, 2, 3] : [0, 2];
      const { fold } = await seeker.tablesAt(at, wanted);
      const whole = foldLab(recorded.lab, recorded.histories, at);
      for (const node of wanted) expect(plain(fold.nodes[node])).toEqual(plain(whole.nodes[node]));
    }
    expect(new Waymarks(join(folder, kind)).list().length).toBeGreaterThan(3);
  });

  it('is reached from the mark before it', async () => {
    const total = recorded.histories.flat().reduce((sum, commit) => sum + commit.records.length, 0);
    const { records } = await seekerOf(journal, run, recorded, kind).tablesAt(momentsOf(recorded)[1]!, [0, 1]);
    expect(records).toBeLessThan(total / 4);
  });

  it.each([
    ['are gone', (marks: string) => rmSync(marks, { recursive: true })],
    ['lost their tables', (marks: string) => readdirSync(marks).filter((name) => name.endsWith('.tables'))
      .forEach((name) => rmSync(join(marks, name)))],
    ['have damaged tables', (marks: string) => readdirSync(marks).filter((name) => name.endsWith('.tables'))
      .forEach((name) => writeFileSync(join(marks, name), 'nothing of use'))],
    ['end in half a line', (marks: string) => appendFileSync(join(marks, 'waymarks.jsonl'), '{"offset":12,"no')],
  ])('is the same when its marks %s', async (_what, harm) => {
    const at = momentsOf(recorded)[5]!;
    const marks = join(folder, kind);
    await seekerOf(journal, run, recorded, kind).tablesAt(NEVER, [0]);
    harm(marks);
    const { fold } = await seekerOf(journal, run, recorded, kind).tablesAt(at, [1]);
    expect(plain(fold.nodes[1])).toEqual(plain(foldLab(recorded.lab, recorded.histories, at).nodes[1]));
  });

  it('is not taken from the marks of another history', async () => {
    const other = await lived(journal, 4);
    const marks = `${kind}-other`;
    await seekerOf(journal, run, recorded, marks).tablesAt(NEVER, [0]);
    const theirs = await readRun(journal, other);
    const { fold } = await seekerOf(journal, other, theirs, marks).tablesAt(NEVER, [0, 1]);
    for (const node of [0, 1]) {
      expect(plain(fold.nodes[node])).toEqual(plain(foldLab(theirs.lab, theirs.histories).nodes[node]));
    }
  });
});
