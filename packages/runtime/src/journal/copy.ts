// A run from one journal into another: export to a file, import from one.

import type { Journal, StoredCommit } from './journal.js';
import { JournalFault } from './journal.js';

const TOGETHER = 500;

/** Copies a whole run, links and all; `as` gives it another name. What is there already must be equal. */
export async function copyRun(source: Journal, target: Journal, run: string, as = run): Promise<void> {
  const manifest = await source.manifest(run);
  if (manifest === undefined) throw new JournalFault('missing', `there is no run ${run}`);
  await target.create({ ...manifest, run: as });
  for (const node of await source.nodes(run)) {
    const writer = await target.writer(as, node);
    let waiting: StoredCommit[] = [];
    const store = async (): Promise<void> => {
      const result = await writer.append(waiting);
      if (result.kind !== 'appended' && result.kind !== 'identical') {
        throw new JournalFault('damaged',
          `copying ${run}/${node} stopped before commit ${waiting[0]?.number}: ${result.kind}`);
      }
      waiting = [];
    };
    for await (const commit of source.read(run, node)) if (waiting.push(commit) >= TOGETHER) await store();
    await store();
    await writer.close();
  }
  const summary = await source.summary(run);
  if (summary !== undefined) await target.finish(as, summary);
}
