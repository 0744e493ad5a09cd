// Who recorded a run, and what it was made of.

import { type Journal, JournalFault, type RunFork, type RunManifest } from '@netreel/runtime';
import { schemaVersion } from '@netreel/protocol';
import type { Json } from '@netreel/sim';
import type { Scenario } from '@netreel/world';

/** Of package.json; part of every manifest. */
export const CODE_VERSION = '0.1.0';

/** Makes the run in the journal, named after the scenario and the moment. */
export async function createRun(journal: Pick<Journal, 'create'>, scenario: Pick<Scenario, 'name' | 'lab'>,
  text: string, mode: string, now: Date, forks?: readonly RunFork[]): Promise<RunManifest> {
  const slug = scenario.name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 40) || 'run';
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  for (let attempt = 1; ; attempt++) {
    const manifest: RunManifest = {
      run: `${slug}-${stamp}${attempt === 1 ? '' : `-${attempt}`}`, name: scenario.name, createdAt: now.toISOString(),
        codeVersion: CODE_VERSION,
      schemaVersion: schemaVersion(), nodeVersion: process.version, lab: scenario.lab as unknown as Json,
        scenario: text,
      seed: scenario.lab.seed, mode, ...(forks === undefined ? {} : { forks }),
    };
    try {
      await journal.create(manifest);
      return manifest;
    } catch (error) {
      if (!(error instanceof JournalFault) || error.code !== 'exists' || attempt === 100) throw error;
    }
  }
}
