// A recorded run, read back: its manifest, its lab, the commits of all its nodes.

import { historyCodec, historyHash } from '@netreel/protocol';
import { type Journal, JournalFault, type RunManifest } from '@netreel/runtime';
import type { Commit, LabSpec, SimTime } from '@netreel/sim';
import type { Order } from '@netreel/world';
import { manifestOf } from '../past/open.js';

export interface RecordedRun {
  readonly manifest: RunManifest;
  readonly lab: LabSpec;
  /** By node index. */
  readonly histories: readonly (readonly Commit[])[];
  readonly history: string;
  /** Whether it was brought to its end; else its last window may lack what some of its nodes did. */
  readonly finished: boolean;
}

/** Reads the whole run, or as far as `upTo`. Every link of every chain is checked on the way. */
export async function readRun(journal: Journal, run: string, upTo?: SimTime): Promise<RecordedRun> {
  const manifest = await manifestOf(journal, run);
  const lab = manifest.lab as unknown as LabSpec;
  const chains = new Map<string, string>();
  const histories: Commit[][] = [];
  for (const { name } of lab.nodes) {
    const commits: Commit[] = [];
    for await (const stored of journal.read(run, name, upTo === undefined ? {} : { upTo })) {
      const decoded = historyCodec.decodeCommit(stored.bytes);
      if (!decoded.ok) throw new JournalFault('damaged',
        `run ${run}, ${name}, commit ${stored.number}: ${decoded.flaw}`);
      commits.push(decoded.commit);
      chains.set(name, stored.chain);
    }
    histories.push(commits);
  }
  // A node that never did anything still has its beginning.
  for (const { name } of lab.nodes) if (!chains.has(name)) chains.set(name, (await journal.last(run, name)).chain);
  return { manifest, lab, histories, history: historyHash(chains),
    finished: await journal.summary(run) !== undefined };
}

/** All inputs of a run, each node's in its recorded order. */
export function inputsOf(histories: readonly (readonly Commit[])[]): Order[] {
  return histories.flatMap((commits, node) => commits.flatMap((commit) => commit.records
    .filter((record) => record.kind === 'input').map((record) => ({ node, at: record.at, body: record.body }))));
}

/** Where the last recorded window begins. */
export function lastWindow(histories: readonly (readonly Commit[])[]): SimTime {
  return Math.max(0, ...histories.map((commits) => commits[commits.length - 1]?.from ?? 0));
}
