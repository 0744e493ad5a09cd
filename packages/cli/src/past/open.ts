// A recorded run opened for looking at single moments of it.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { SCHEMA_GENERATION, readsSchema } from '@netreel/protocol';
import { type Journal, type RunManifest, Waymarks } from '@netreel/runtime';
import { type LabSpec, NEVER, type SimTime } from '@netreel/sim';
import { PastHost } from '@netreel/views';
import { EXIT, UserFault } from '../fault.js';
import type { Places } from '../places.js';
import { buildKey } from './build-key.js';
import { Seeker } from './seek.js';

export interface OpenedRun {
  readonly manifest: RunManifest;
  readonly lab: LabSpec;
  readonly seeker: Seeker;
}

/** What a run was made of; a fault when there is no such run, or its records are of a kind that is not read here. */
export async function manifestOf(journal: Journal, run: string): Promise<RunManifest> {
  const manifest = await journal.manifest(run);
  if (manifest === undefined) throw new UserFault(EXIT.missing,
    `no run ${JSON.stringify(run)}; \`netreel ls\` shows those there are`);
  if (readsSchema(manifest.schemaVersion)) return manifest;
  throw new UserFault(EXIT.damaged,
    `run ${run} was recorded with schema ${manifest.schemaVersion} by netreel ${manifest.codeVersion}; ` +
      `this one reads ${SCHEMA_GENERATION}`);
}

/** `netreel at` keeps its waymarks in `seek/RUN/COPY-BUILD` of the home folder. */
export async function openRun(places: Places, journal: Journal, run: string): Promise<OpenedRun> {
  const manifest = await manifestOf(journal, run);
  const lab = manifest.lab as unknown as LabSpec;
  const copy = createHash('sha256').update(journal.copyId(run)).digest('hex').slice(0, 12);
  const marks = new Waymarks(join(places.seek, run, `${copy}-${buildKey()}`));
  return { manifest, lab, seeker: new Seeker(journal, run, lab, marks) };
}

/** A host of a run as it stood at a moment. */
export async function pastHost({ lab, seeker, manifest }: OpenedRun, at: SimTime,
  name: string | undefined): Promise<PastHost> {
  const hosts = lab.nodes.flatMap((node, index) => (node.kind === 'host' ? [index] : []));
  const node = name === undefined ? hosts[0] : hosts.find((index) => lab.nodes[index]!.name === name);
  if (node === undefined) throw new UserFault(EXIT.missing, `no host ${name ?? ''} in run ${manifest.run}; there are ` +
    hosts.map((index) => lab.nodes[index]!.name).join(', '));
  const stores = lab.nodes.flatMap(({ kind }, index) => (kind === 'overlay' ? [index] : []));
  // At the end it is as late as anybody's last record.
  const wanted = at === NEVER ? lab.nodes.map((_, index) => index) : [node, ...stores];
  const { fold, lastAt } = await seeker.tablesAt(at, wanted);
  return new PastHost(lab, node, fold.host(lab.nodes[node]!.name)!, fold.overlays(), at === NEVER ? lastAt : at);
}
