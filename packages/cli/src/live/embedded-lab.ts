// A live lab in this one process: every node, its recorder, and a desk for the calls of each host.

import { CallDesk, type EngineDoor } from '@netreel/docker-socket';
import { NodeMaker } from '@netreel/host';
import type { Journal, LiveWorld, RunManifest } from '@netreel/runtime';
import type { AnyRecord, LabSpec, SimTime } from '@netreel/sim';
import { LiveOperator, World } from '@netreel/world';
import { Recorder } from '../running/record.js';
import type { LiveLab } from './lab.js';

export class EmbeddedLab implements LiveLab, LiveWorld {
  /** When an order that comes now is admitted, and who is to be told that it came: given by whoever drives the lab. */
  clock: () => SimTime = () => 0;
  onOrder: () => void = () => undefined;
  private readonly operator = new LiveOperator();
  private readonly desks = new Map<number, CallDesk>();
  private readonly world: World;
  private calls = 0;

  private constructor(readonly manifest: RunManifest, private readonly lab: LabSpec,
    private readonly recorder: Recorder) {
    const maker = new NodeMaker();
    this.world = new World(lab, { become: (machine) => maker.become(machine), sink: recorder.sink });
    lab.nodes.forEach(({ kind }, node) => {
      if (kind !== 'host') return;
      this.desks.set(node, new CallDesk(() => ++this.calls, (body) => this.order(node, body)));
    });
  }

  static async open(manifest: RunManifest, journal: Journal): Promise<EmbeddedLab> {
    const lab = manifest.lab as unknown as LabSpec;
    return new EmbeddedLab(manifest, lab, await Recorder.open(lab, manifest.run, journal));
  }

  door(host: string): EngineDoor {
    return this.desks.get(this.lab.nodes.findIndex(({ name }) => name === host))!;
  }

  async step(limitAt: SimTime): Promise<boolean> {
    if (this.world.step(this.operator, limitAt) !== undefined) return false;
    // After each window, so that a history that is cut short lacks nothing but the end of its last one.
    await this.recorder.flush();
    return true;
  }

  dueAt(): SimTime {
    return Math.min(this.operator.nextAt(), this.world.planner.earliest());
  }

  until(): SimTime {
    return this.world.until;
  }

  deliver(): boolean {
    const heard = this.operator.takeHeard();
    for (const { node, record } of heard) this.desks.get(node)?.hear(record.body);
    return heard.length > 0;
  }

  waitedFor(): boolean {
    let waitedFor = false;
    for (const desk of this.desks.values()) {
      const waiting = desk.waiting();
      if (waiting === 'person') return false;
      if (waiting === 'time') waitedFor = true;
    }
    return waitedFor;
  }

  /** Hangs up on everybody and closes the history. */
  async close(): Promise<{ readonly until: SimTime; readonly records: number; readonly frames: number;
    readonly history: string }> {
    for (const desk of this.desks.values()) desk.lose();
    await this.recorder.flush();
    await this.recorder.close();
    const { until, recordCount, frameCount } = this.world;
    return { until, records: recordCount, frames: frameCount, history: this.recorder.history() };
  }

  private order(node: number, body: AnyRecord): void {
    this.operator.admit(node, body, this.clock());
    this.onOrder();
  }
}
