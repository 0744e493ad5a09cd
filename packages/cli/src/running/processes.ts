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
    const redis = await startServer('redis', { dataDir: places.redis, fsync: 'always' });
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

/** Nodes that share a process. */
export interface NodeGroup {
  readonly name: string;
  /** Folder under services/. */
  readonly service: string;
  readonly nodes: readonly string[];
}

export interface ProcessRunOptions {
  /** How nodes are spread over processes; one for each host if not given. It changes no byte of the history. */
  readonly groups?: readonly NodeGroup[];
  readonly scenario: Scenario;
  readonly manifest: RunManifest;
  readonly places: Places;
  /** Beside each process of nodes another one that follows it and takes over at once when it dies. */
  readonly standby?: boolean;
  readonly redisUrl: string;
  readonly natsUrl: string;
  /** For tests: this process, in its first life, dies at that point (`packages/runtime/src/loop/fail-points.ts`). */
  readonly failAt?: { readonly process: string; readonly point: number };
  readonly onResult: (result: StepResult) => void;
  /** Told of what is going on beside the steps: processes that came and went. */
  readonly onNotice: (notice: string) => void;
}

/** The processes of a run: for tests that end some of them. */
export interface LabProcesses {
  readonly byName: ReadonlyMap<string, ServiceProcess>;
}

/** Conducts the run to its end; the journal must hold its manifest. */
export function conductProcesses(options: ProcessRunOptions,
  watch: (lab: LabProcesses) => void = () => undefined): Promise<Conducted> {
  return new ProcessRun(options).conduct(watch);
}

class ProcessRun {
  private readonly byName = new Map<string, ServiceProcess>();
  /** Steps whose end was told already: after a new conductor the first ones come once more. */
  private readonly told = new Set<number>();
  private conducted: Conducted | undefined;
  private over = false;
  private settle: (conducted: Conducted | UserFault) => void = () => undefined;
  private readonly interrupted = (): void => {
    this.finish(new UserFault(EXIT.interrupted, 'interrupted; what was recorded so far is kept'));
  };

  constructor(private readonly options: ProcessRunOptions) {}

  conduct(watch: (lab: LabProcesses) => void): Promise<Conducted> {
    return new Promise((resolve, reject) => {
      this.settle = (result) => { if (result instanceof UserFault) reject(result); else resolve(result); };
      for (const signal of INTERRUPTIONS) process.once(signal, this.interrupted);
      for (const { name, service, nodes } of this.options.groups ?? groupsOf(this.options.scenario)) {
        const more = { NETREEL_NODES: nodes.join(',') };
        if (this.options.standby === true) this.startPair(name, service, more);
        else this.start(name, service, more);
      }
      this.start('conductor', 'conductor', {});
      watch({ byName: this.byName });
    });
  }

  /** Two processes for the same nodes: one lives them, one follows; they change places when the first dies. */
  private startPair(name: string, service: string, more: Record<string, string>): void {
    const standby = `${name} standby`;
    const roles: readonly { standsBy: boolean }[] = [{ standsBy: false }, { standsBy: true }];
    const pair = roles.map((role, place) => this.start(place === 0 ? name : standby, service, more, role, () => {
      if (role.standsBy) return;
      const other = 1 - place;
      role.standsBy = true;
      roles[other]!.standsBy = false;
      this.byName.set(name, pair[other]!);
      this.byName.set(standby, pair[place]!);
      pair[other]!.tell('take over');
    }));
  }

  private start(name: string, service: string, more: Record<string, string>, role = { standsBy: false },
    dying: () => void = () => undefined): ServiceProcess {
    const { manifest, places, redisUrl, natsUrl, failAt } = this.options;
    let lives = 0;
    const file = join(places.root, 'services', service, 'dist', 'main.js');
    const environment = (): Record<string, string> => ({
      NETREEL_RUN: manifest.run, NETREEL_REDIS: redisUrl, NETREEL_NATS: natsUrl, ...more,
      ...(role.standsBy ? { NETREEL_STANDBY: '1' } : {}),
      ...(failAt?.process === name && ++lives === 1 ? { NETREEL_FAIL_AT: String(failAt.point) } : {}),
    });
    const isConductor = name === 'conductor';
    const child = new ServiceProcess(name, file, environment, {
      line: (line) => this.heard(line),
      notice: (notice) => { if (!this.over) this.options.onNotice(notice); },
      gaveUp: (why) => this.finish(new UserFault(EXIT.unreachable, why)),
      dying,
      died: () => { if (isConductor) this.startOver(); },
      ended: () => { if (isConductor && this.conducted !== undefined) this.finish(this.conducted); },
    });
    this.byName.set(name, child);
    child.start();
    return child;
  }

  /**
   * A conductor keeps nothing: a new one begins at 0, every node with it. What is recorded is recognised, not written
   * twice.
   */
  private startOver(): void {
    for (const [name, each] of this.byName) if (name !== 'conductor') each.restart();
  }

  private heard(line: string): void {
    const { result, ended } = JSON.parse(line) as { result?: Omit<StepResult, 'step'>; ended?: Conducted };
    if (ended !== undefined) this.conducted = ended;
    if (result === undefined || this.told.has(result.index)) return;
    this.told.add(result.index);
    this.options.onResult({ ...result, step: this.options.scenario.steps[result.index]! });
  }

  private finish(result: Conducted | UserFault): void {
    if (this.over) return;
    this.over = true;
    for (const signal of INTERRUPTIONS) process.removeListener(signal, this.interrupted);
    void Promise.all([...this.byName.values()].map((each) => each.stop())).then(() => this.settle(result));
  }
}

const INTERRUPTIONS = ['SIGINT', 'SIGTERM'] as const;

/** A process for each host, and one for what spans hosts. */
function groupsOf(scenario: Scenario): NodeGroup[] {
  const { nodes } = scenario.lab;
  const hosts = nodes.filter((node) => node.kind === 'host')
    .map(({ name }) => ({ name, service: 'host-agent', nodes: [name] }));
  const others = nodes.filter((node) => node.kind !== 'host').map((node) => node.name);
  return others.length === 0 ? hosts : [...hosts, { name: 'overlay', service: 'overlay', nodes: others }];
}

/** The journal that a run's processes write to. */
export function journalOf(servers: RunServers): Journal {
  return redisJournal(servers.redis.url);
}
