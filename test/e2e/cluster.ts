// Runs over processes for tests: real servers in a folder of their own, and what the journal holds in the end.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type LabProcesses, type ProcessRunOptions, type RecordedRun, conductProcesses, createRun, readRun,
  readScenarioFile, runEmbedded } from '@netreel/cli';
import { type RunningServer, type ServerKind, findServer, memoryJournal, redisJournal,
  startServer } from '@netreel/runtime';
import type { StepResult } from '@netreel/world';
import { ROOT } from './command.js';

// Processes start slowly where many do at once.
jest.setTimeout(120_000);

/** Tests that need both servers; skipped, with a note, on a machine without them. */
export const describeWithServers: jest.Describe = hasServers() ? describe : describe.skip;

function hasServers(): boolean {
  const missing = (['redis', 'nats'] as const).filter((kind) => findServer(kind) === undefined);
  if (missing.length > 0) {
    process.stderr.write(`no ${missing.join(' and no ')} server here: tests over processes are skipped\n`);
  }
  return missing.length === 0;
}

/** Redis, which answers once its disk has what it was told, and NATS. */
export class Cluster {
  private constructor(private readonly folder: string, private readonly servers: Map<ServerKind, RunningServer>) {}

  static async start(folder: string): Promise<Cluster> {
    const cluster = new Cluster(folder, new Map());
    for (const kind of ['redis', 'nats'] as const) await cluster.begin(kind);
    return cluster;
  }

  url(kind: ServerKind): string {
    return this.servers.get(kind)!.url;
  }

  /** Kills a server as a power cut would; it comes back on its port, with its data, after a while. */
  async powerCut(kind: ServerKind, awayMs: number): Promise<void> {
    const { port } = this.servers.get(kind)!;
    await this.servers.get(kind)!.kill();
    await new Promise((resolve) => { setTimeout(resolve, awayMs); });
    await this.begin(kind, port);
  }

  async kill(kind: ServerKind): Promise<void> {
    await this.servers.get(kind)!.kill();
  }

  async stop(): Promise<void> {
    for (const server of this.servers.values()) await server.stop();
  }

  private async begin(kind: ServerKind, port?: number): Promise<void> {
    const dataDir = join(this.folder, kind);
    mkdirSync(dataDir, { recursive: true });
    const started = await startServer(kind, { dataDir, fsync: 'always', ...(port === undefined ? {} : { port }) });
    if (!started.ok) throw new Error(started.message);
    this.servers.set(kind, started.server);
  }
}

export interface Processed {
  readonly run: RecordedRun;
  readonly results: readonly StepResult[];
  readonly notices: readonly string[];
  readonly ending: string;
  /** By node: how many commits the journal has. */
  readonly commits: readonly number[];
}

export interface Disturbance {
  /** Told of every step that ended, and of the processes as they are. */
  readonly onStep?: (index: number, lab: LabProcesses) => void;
  readonly groups?: NonNullable<ProcessRunOptions['groups']>;
  readonly standby?: boolean;
  readonly failAt?: NonNullable<ProcessRunOptions['failAt']>;
}

/** A scenario over processes, to its end. */
export async function runProcesses(file: string, folder: string, cluster: Cluster,
  disturbance: Disturbance = {}): Promise<Processed> {
  const { scenario, text } = readScenarioFile(file);
  const journal = redisJournal(cluster.url('redis'));
  try {
    const manifest = await createRun(journal, scenario, text, 'processes', new Date());
    const results: StepResult[] = [];
    const notices: string[] = [];
    let lab: LabProcesses | undefined;
    const { groups, failAt, standby = false } = disturbance;
    const conducted = await conductProcesses({
      scenario, manifest, redisUrl: cluster.url('redis'), natsUrl: cluster.url('nats'),
        ...(groups === undefined ? {} : { groups }), ...(failAt === undefined ? {} : { failAt }), standby,
      places: { root: ROOT, home: folder, runs: join(folder, 'runs'), redis: join(folder, 'redis'),
        seek: join(folder, 'seek') },
      onResult: (result) => {
        results.push(result);
        disturbance.onStep?.(result.index, lab!);
      },
      onNotice: (notice) => notices.push(notice),
    }, (processes) => { lab = processes; });
    const run = await readRun(journal, manifest.run);
    return { run, results, notices, ending: conducted.ending, commits: run.histories.map((commits) => commits.length) };
  } finally {
    await journal.close();
  }
}

export interface Golden {
  readonly history: string;
  readonly commits: readonly number[];
  readonly steps: number;
}

/** The same scenario in this one process, without any server. */
export async function golden(file: string): Promise<Golden> {
  const { scenario, text } = readScenarioFile(file);
  const journal = memoryJournal();
  const { run } = await createRun(journal, scenario, text, 'embedded', new Date());
  await runEmbedded(scenario, run, journal, () => undefined);
  const { history, histories } = await readRun(journal, run);
  return { history, commits: histories.map((commits) => commits.length), steps: scenario.steps.length };
}
