// A whole lab in one process: every node, the underlay between them, one window after the other. Windows are the same
// that a conductor grants to processes, so that commits, and not only states, are equal byte for byte.

import { type Commit, type LabSpec, Machine, NEVER, type SimTime, Underlay, assert } from '@netreel/sim';
import { type Operator, isAnswer } from './operator.js';
import { WindowPlanner } from './window.js';

/**
 * Gets every commit as soon as its node has lived through the window. It must not keep frames: their buffers go on to
 * be used.
 */
export type CommitSink = (commit: Commit, node: number) => void;

/** Gives a machine its behaviour by the kind of node it is. */
export type BecomeNode = (machine: Machine) => void;

export interface WorldOptions {
  readonly become: BecomeNode;
  /** Off for benches: no records, no commits. Default on. */
  readonly recording?: boolean;
  readonly sink?: CommitSink;
  /** Windows shorter than the lookahead: they cost time and change no record. */
  readonly windowNs?: number;
}

export type Ending = 'done' | 'stuck' | 'time-up';

export class World {
  readonly machines: readonly Machine[];
  readonly planner: WindowPlanner;
  windows = 0;
  /** Records of all kinds that were committed so far. */
  recordCount = 0;
  /** Envelopes that carried a frame. */
  frameCount = 0;
  until: SimTime = 0;

  constructor(readonly lab: LabSpec, private readonly options: WorldOptions) {
    this.machines = lab.nodes.map((_, index) => new Machine(lab, index, options.recording ?? true));
    for (const machine of this.machines) options.become(machine);
    const { lookaheadNs } = new Underlay(lab);
    const { windowNs = lookaheadNs } = options;
    assert(windowNs <= lookaheadNs, `a window of ${windowNs} ns reaches beyond the lookahead of ${lookaheadNs} ns`);
    this.planner = new WindowPlanner(lab.nodes.length, windowNs);
  }

  /** Lives windows until the operator is done, nothing is left to do, or virtual time reaches `limitAt`. */
  run(operator: Operator, limitAt: SimTime = NEVER): Ending {
    for (;;) {
      if (operator.done()) return 'done';
      const ending = this.step(operator, limitAt);
      if (ending !== undefined) return ending;
    }
  }

  /** Lives one window; undefined when there was one. */
  step(operator: Operator, limitAt: SimTime = NEVER): Ending | undefined {
    const { planner } = this;
    const outsideAt = operator.nextAt();
    const wakeAt = operator.wakeAt();
    if (wakeAt < limitAt && wakeAt < outsideAt && wakeAt < planner.earliest()) {
      operator.wake(wakeAt);
      if (wakeAt > this.until) this.until = wakeAt;
      return undefined;
    }
    if (outsideAt === NEVER && planner.earliest() === NEVER) return 'stuck';
    if (outsideAt >= limitAt && planner.earliest() >= limitAt) return 'time-up';
    const window = planner.next(outsideAt);
    if (window === undefined) return 'stuck';
    for (const order of operator.take(window.until)) {
      this.machines[order.node]!.admit(order.at, order.body);
      planner.expects(order.node, order.at);
    }
    // Who takes part is settled before anybody runs: what is sent in a window only matters after it.
    const nodes: number[] = [];
    for (let node = 0; node < this.machines.length; node++) if (planner.takesPart(node, window)) nodes.push(node);
    for (const node of nodes) this.live(node, window.from, window.until, operator);
    this.windows++;
    this.until = window.until;
    operator.windowEnded(window.until);
    return undefined;
  }

  private live(node: number, from: SimTime, until: SimTime, operator: Operator): void {
    const machine = this.machines[node]!;
    machine.run(until);
    this.planner.settled(node, machine.nextAt());
    const commit = machine.takeCommit(from, until);
    if (commit !== undefined) {
      this.recordCount += commit.records.length;
      this.options.sink?.(commit, node);
      for (const record of commit.records) if (isAnswer(record)) operator.observe(node, record);
    }
    for (const envelope of machine.takeEnvelopes()) {
      if (envelope.body.type === 'FrameCrossed') this.frameCount++;
      const target = this.machines[envelope.target]!;
      target.accept(envelope);
      this.planner.expects(envelope.target, envelope.arrivesAt);
    }
  }
}
