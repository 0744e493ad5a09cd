// TCP's goodput over a lossy path, against what Linux itself reached over the same one (goodput.json, see README.md).

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transferUs } from './path.js';

interface Row {
  readonly lostOf10000: number; readonly skippedBytes: number; readonly countedBytes: number;
  readonly us: readonly number[];
}

const { rows } = JSON.parse(readFileSync(join(__dirname, 'goodput.json'), 'utf8')) as { rows: readonly Row[] };
/** Goodput is to be as near to Linux's own. */
const WITHIN = 0.2;
/** Not as many as Linux had: these differ less among each other. Seeds are fixed, so the answer is. */
const RUNS: Readonly<Record<number, number>> = { 10: 4, 100: 12, 500: 20 };

function goodput(sizeBytes: number, us: readonly number[]): number {
  return us.length * sizeBytes / us.reduce((sum, each) => sum + each, 0);
}

describe('goodput over 20 ms there and back', () => {
  it.each(rows.map((row) => [row.lostOf10000 / 100, row] as const))(
    'with %d %% of all segments lost is that of Linux, give or take a fifth', (_, row) => {
      const { lostOf10000, skippedBytes, countedBytes, us } = row;
      const runs = Array.from({ length: RUNS[lostOf10000]! }, (__, run) =>
        transferUs(skippedBytes, countedBytes, lostOf10000, run + 1));
      const ratio = goodput(countedBytes, runs) / goodput(countedBytes, us);
      expect(ratio).toBeGreaterThan(1 - WITHIN);
      expect(ratio).toBeLessThan(1 + WITHIN);
    }, 120_000);
});
