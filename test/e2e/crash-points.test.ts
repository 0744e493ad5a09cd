// A node that crashes at any append, before it or behind it, comes back and goes on; the history is the same and
// nothing
// is stored twice.

import { lossyBus, memoryBus, memoryJournal } from '@netreel/runtime';
import { join } from 'node:path';
import { SCENARIOS, TOUR } from './command.js';
import { golden } from './cluster.js';
import { Crash, type CrashPoint, crashingJournal } from './crash-points.js';
import { type InProcess, runInProcess } from './in-process.js';

const ROUGH = join(SCENARIOS, 'rough-overlay.yaml');

async function liveWith(file: string, node: string, points: readonly CrashPoint[], lossy = false): Promise<InProcess> {
  const bus = memoryBus();
  const journal = memoryJournal();
  const counter = { appends: 0 };
  const crashing = crashingJournal(journal, points, counter);
  let participants = 0;
  return runInProcess(file, 'crash', {
    journal,
    busOf: () => (lossy ? lossyBus(bus, { seed: ++participants, dropPercent: 5, duplicatePercent: 5,
      delayPercent: 5 }) : bus),
    journalOf: (name) => (name === node ? crashing : journal),
    revives: (error) => error instanceof Crash,
  });
}

describe.each(['host1', 'overlay', 'router'])('%s', (node) => {
  it.each(['before', 'after'] as const)('crashes %s every append, one run each', async (where) => {
    const expected = await golden(ROUGH);
    const index = ['host1', 'host2', 'host3', 'overlay', 'router'].indexOf(node);
    // Every append of the router, which has few; a spread over those of the others.
    const count = expected.commits[index]!;
    const step = Math.max(1, Math.floor(count / 12));
    for (let append = 1; append <= count; append += step) {
      const lived = await liveWith(ROUGH, node, [{ append, where }]);
      expect({ append, ...lived }).toMatchObject({ append, ending: 'done', history: expected.history,
        commits: expected.commits, crashes: 1 });
    }
  });
});

it('a node that crashes again and again, on a bus that loses messages, gets there', async () => {
  const expected = await golden(TOUR);
  const points = Array.from({ length: 40 }, (_, place): CrashPoint =>
    ({ append: 3 + place * 4, where: place % 2 === 0 ? 'before' : 'after' }));
  const lived = await liveWith(TOUR, 'host1', points, true);
  expect(lived).toMatchObject({ ending: 'done', history: expected.history, commits: expected.commits });
  expect(lived.crashes).toBeGreaterThan(20);
});
