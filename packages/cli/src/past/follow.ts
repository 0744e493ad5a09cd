// A run that is still being recorded, read as it grows. What came since the last look is put in the order of the run;
// two looks are not put in order with each other, since nobody knows what a quiet node is about to record.

import { type Journal, wallClock } from '@netreel/runtime';
import type { LabSpec } from '@netreel/sim';
import { type Placed, inOrder } from '@netreel/views';
import { type WalkStart, commitsFrom, decodeStored } from './stored-order.js';

const LOOK_EVERY_MS = 200;
const LOOKS_BETWEEN_SUMMARIES = 5;

/** Batches as they come, until the run has its summary. */
export async function* followRecords(journal: Journal, run: string, lab: LabSpec,
  start: WalkStart): AsyncGenerator<readonly Placed[]> {
  const names = lab.nodes.map((node) => node.name);
  const all = names.map((_, node) => node);
  const numbers = [...start.numbers];
  let { offset } = start;
  let isOver = false;
  for (let looks = 1; ; looks++) {
    const commits = names.map(() => [] as ReturnType<typeof decodeStored>[]);
    for await (const stored of commitsFrom(journal, run, names, all, { offset, numbers }, Number.MAX_SAFE_INTEGER)) {
      const node = names.indexOf(stored.node);
      if (stored.end > 0) offset = stored.end;
      if (stored.number <= numbers[node]!) continue;
      numbers[node] = stored.number;
      commits[node]!.push(decodeStored(run, stored.node, stored));
    }
    const batch = [...inOrder(commits)];
    if (batch.length > 0) yield batch;
    // What was recorded before the summary has to be read once more after it was seen.
    if (isOver) return;
    if (looks % LOOKS_BETWEEN_SUMMARIES === 1) isOver = await journal.summary(run) !== undefined;
    if (!isOver) await wallClock.sleep(LOOK_EVERY_MS);
  }
}
