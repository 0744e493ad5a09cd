// A scenario over real processes: one for each host, one for what spans hosts, one conductor; Redis keeps the history,
// NATS carries messages. Started, watched and ended from here. A process that dies is started again; it recovers from
// the journal.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Journal, type RunManifest, type RunningServer, redisJournal, startServer } from '@netreel/runtime';
import type { Ending, Scenario, StepResult } from '@netreel/world';
import { EXIT, UserFault } from '../fault.js';
import type { Places } from '../places.js';
import { ServiceProcess } from './service-process.js';

/** What the conductor told of the end. */
export interface Conducted {
  readonly ending: Ending;
  readonly until: number;
  readonly windows: number;
  readonly records: number;
  readonly frames: number;
  /** Grants said again. */
  readonly repeats: number;
}

/** Servers of one's own for one run: Redis on the data that stays, NATS on none. */
export class RunServers {
  private constructor(readonly redis: RunningServer, readonly nats: RunningServer, private readonly natsData: string) {}

  static async start(places: Places): Promise<RunServers> {
    const redis = await startServer('redis', { dataDir: places.redis });
    if (!redis.ok) throw new UserFault(EXIT.unreachable, redis.message);
    const natsData = join(places.home, `nats-${process.pid}`);
    const nats = await startServer('nats', { dataDir: natsData });
    if (!nats.ok) {
      await redis.server.stop();
      throw new UserFault(EXIT.unreachable, nats.message);
    }
    return new RunServers(redis.server, nats.server, natsData);
  }

  async stop(): Promise<void> {
    await this.nats.stop();
    await this.redis.stop();
    rmSync(this.natsData, { recursive: true, force: true });
  }
}

export interface ProcessRunOptions {
  readonly scenario: Scenario;
  readonly manifest: RunManifest;
  readonly places: Places;
  readonly redisUrl: string;
  readonly natsUrl: string;
  readonly onResult: (result: StepResult) => void;
  /** Told of what is going on beside the steps: processes that came and went. */
  readonly onNotice: (notice: string) => void;
}

/** The processes of a run: for tests that end some of them. */
export interface LabProcesses {
  readonly byName: ReadonlyMap<string, ServiceProcess>;
}

/** Conducts the run to its end; the journal must hold its manifest. */
export async function conductProcesses(options: ProcessRunOptions,
  watch: (lab: LabProcesses) => void = () => undefined): Promise<Conducted> {
  const { scenario, manifest, places } = options;
  const byName = new Map<string, ServiceProcess>();
  const nodes = (kind: string): string[] => scenario.lab.nodes.filter((node) => node.kind === kind)
    .map((node) => node.name);
  let conducted: Conducted | undefined;
  let again = false;

  return new Promise((resolve, reject) => {
    let over = false;
    const finish = (settle: () => void): void => {
      if (over) return;
      over = true;
      void Promise.all([...byName.values()].map((each) => each.stop())).then(settle);
    };
    const settings = (): Record<string,
      string> => ({ NETREEL_RUN: manifest.run, NETREEL_REDIS: options.redisUrl, NETREEL_NATS: options.natsUrl,
      ...(again ? { NETREEL_AGAIN: '1' } : {}) });
    const start = (name: string, service: string, environment: Record<string, string>): void => {
      const child =
        new ServiceProcess(name, join(places.root, 'services', service, 'dist', 'main.js'),
          () => ({ ...settings(), ...environment }), {
        line: (line) => heard(line),
        notice: (notice) => { if (!over) options.onNotice(notice); },
        gaveUp: (why) => finish(() => reject(new UserFault(EXIT.unreachable, why))),
        died: () => { if (name === 'conductor') startOver(); },
        ended: () => { if (name === 'conductor' && conducted !== undefined) finish(() => resolve(conducted!)); },
      });
      byName.set(name, child);
      child.start();
    };
    // A conductor keeps nothing: a new one begins at 0, and every node with it. What is recorded is recognised, not
    // written twice.
    const startOver = (): void => {
      again = true;
      for (const [name, each] of byName) if (name !== 'conductor') each.restart();
    };
    const heard = (line: string): void => {
      const told = JSON.parse(line) as { result?: Omit<StepResult, 'step'>; ended?: Conducted };
      if (told.ended !== undefined) conducted = told.ended;
      if (told.result === undefined || told.result.index < 0) return;
      // After a conductor's restart the first steps come once more.
      if (seen.has(told.result.index)) return;
      seen.add(told.result.index);
      options.onResult({ ...told.result, step: scenario.steps[told.result.index]! });
    };
    const seen = new Set<number>();
    for (const host of nodes('host')) start(host, 'host-agent', { NETREEL_NODES: host });
    start('overlay', 'overlay', { NETREEL_NODES: [...nodes('overlay'), ...nodes('router')].join(',') });
    start('conductor', 'conductor', {});
    watch({ byName });
  });
}

/** The journal that a run's processes write to. */
export function journalOf(servers: RunServers): Journal {
  return redisJournal(servers.redis.url);
}
