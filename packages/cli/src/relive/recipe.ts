// What it takes to live a run again: its inputs, and the links that its commits must come to. Read commit by commit,
// so that a long run needs memory for little more than what was typed.

import type { Journal, RunManifest } from '@netreel/runtime';
import type { LabSpec, SimTime } from '@netreel/sim';
import type { Order } from '@netreel/world';
import { EXIT, UserFault } from '../fault.js';
import { manifestOf } from '../past/open.js';
import { decodeStored } from '../past/stored-order.js';
import { CODE_VERSION } from '../running/manifest.js';

export interface Recipe {
  readonly manifest: RunManifest;
  readonly lab: LabSpec;
  readonly inputs: readonly Order[];
  /** By node index, then by commit number less one. */
  readonly links: readonly (readonly string[])[];
  /** Where the last recorded window begins. */
  readonly lastFrom: SimTime;
  readonly records: number;
}

/** Reads it; a fault when another version of the code recorded the run. */
export async function readRecipe(journal: Journal, run: string): Promise<Recipe> {
  const manifest = await manifestOf(journal, run);
  refuseOtherCode(manifest);
  const lab = manifest.lab as unknown as LabSpec;
  const inputs: Order[] = [];
  const links: string[][] = [];
  let lastFrom = 0;
  let records = 0;
  for (const [node, { name }] of lab.nodes.entries()) {
    const own: string[] = [];
    for await (const stored of journal.read(run, name)) {
      own.push(stored.chain);
      if (stored.from > lastFrom) lastFrom = stored.from;
      const commit = decodeStored(run, name, stored);
      records += commit.records.length;
      for (const record of commit.records) {
        if (record.kind === 'input') inputs.push({ node, at: record.at, body: record.body });
      }
    }
    links.push(own);
  }
  return { manifest, lab, inputs, links, lastFrom, records };
}

/** Folding old histories works for ever; living them again takes the code that lived them. */
export function refuseOtherCode({ run, codeVersion, nodeVersion }: RunManifest): void {
  if (codeVersion === CODE_VERSION) return;
  throw new UserFault(EXIT.damaged, `run ${run} was recorded by netreel ${codeVersion} on Node ${nodeVersion}: this ` +
    `is ${CODE_VERSION}, which reads it (at, replay, why, events, diff); to live it again use netreel ${codeVersion}`);
}
