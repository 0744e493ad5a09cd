// Grants windows of virtual time to node processes, carries an operator's orders to them and their answers back. It
// decides when a window is lived, never what happens in it; it keeps nothing that the journals do not hold.

import { type Codec, type ControlMessage } from '@netreel/protocol';
import { type HistoryRecord, type Json, type LabSpec, NEVER, type SimTime, Underlay } from '@netreel/sim';
import { type Ending, type Operator, type Order, type Window, WindowPlanner } from '@netreel/world';
import type { Bus, Subscription } from '../bus/bus.js';
import { controlSubject } from '../bus/subjects.js';
import type { Done, Grant } from './node-runner.js';

export interface ConductorOptions {
  readonly run: string;
  readonly lab: LabSpec;
  readonly bus: Bus;
  readonly codec: Codec;
  /** A grant without an answer is repeated after this long, then ever less often. Milliseconds. */
  readonly repeatMs?: number;
  /** A node that has not answered for this long is given up. Milliseconds. */
  readonly patienceMs?: number;
  readonly onWindow?: (until: SimTime) => void;
}

/** Grants that are out, and what has come back. */
interface Waiting {
  readonly window: number;
  readonly dones: Map<string, Done>;
  readonly wake: () => void;
  /** Says the grant of a node again. */
  readonly repeat: (node: string) => void;
}

/** A node process stayed silent for too long. */
export class NodeSilent extends Error {
  override readonly name = 'NodeSilent';
}

export class Conductor {
  windows = 0;
  records = 0;
  frames = 0;
  until: SimTime = 0;
  /** Grants that had to be said again. */
  repeats = 0;
  private readonly planner: WindowPlanner;
  private readonly sent: number[][];
  private readonly chains = new Map<string, { commits: number; chain: string }>();
  private readonly present = new Set<string>();
  private subscription: Subscription | undefined;
  private waiting: Waiting | undefined;
  private greeted: (() => void) | undefined;

  constructor(private readonly options: ConductorOptions) {
    const { lab } = options;
    this.planner = new WindowPlanner(lab.nodes.length, new Underlay(lab).lookaheadNs);
    this.sent = lab.nodes.map(() => new Array<number>(lab.nodes.length).fill(0));
  }

  /** Waits until a process has said hello for every node. */
  async gather(): Promise<void> {
    const { bus, run, codec, lab, patienceMs = 30_000 } = this.options;
    this.subscription = await bus.subscribe(controlSubject(run, 'conductor'), (_subject, bytes) => {
      const decoded = codec.decodeRecord(bytes);
      if (decoded.ok) this.heard(decoded.record as ControlMessage);
    });
    const deadline = Date.now() + patienceMs;
    while (lab.nodes.some((node) => !this.present.has(node.name))) {
      if (Date.now() > deadline) {
        const silent = lab.nodes.filter((node) => !this.present.has(node.name)).map((node) => node.name);
        throw new NodeSilent(`no process has said hello for ${silent.join(', ')}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 100);
        this.greeted = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Grants windows until the operator is done or nothing is left to do. */
  async conduct(operator: Operator, limitAt: SimTime = NEVER): Promise<Ending> {
    for (;;) {
      if (operator.done()) return 'done';
      const outsideAt = operator.nextAt();
      const wakeAt = operator.wakeAt();
      if (wakeAt < limitAt && wakeAt < outsideAt && wakeAt < this.planner.earliest()) {
        operator.wake(wakeAt);
        if (wakeAt > this.until) this.until = wakeAt;
        continue;
      }
      if (outsideAt >= limitAt && this.planner.earliest() >= limitAt) return outsideAt === NEVER ? 'stuck' : 'time-up';
      const window = this.planner.next(outsideAt);
      if (window === undefined) return 'stuck';
      const orders = operator.take(window.until);
      for (const order of orders) this.planner.expects(order.node, order.at);
      await this.grant(window, orders, operator);
      operator.windowEnded(window.until);
      this.until = window.until;
      this.options.onWindow?.(window.until);
    }
  }

  /** The last link of every node's chain, as its process told it. */
  lastLinks(): ReadonlyMap<string, { readonly commits: number; readonly chain: string }> {
    return this.chains;
  }

  /** Tells every process that the run is over. */
  async stop(reason: string): Promise<void> {
    const { bus, run, codec, lab } = this.options;
    const bytes = codec.encodeRecord({ type: 'Stop', reason } as ControlMessage);
    for (const node of lab.nodes) bus.publish(controlSubject(run, node.name), bytes);
    await bus.flush();
    this.subscription?.unsubscribe();
  }

  private async grant(window: Window, orders: readonly Order[], operator: Operator): Promise<void> {
    const { lab } = this.options;
    const number = ++this.windows;
    const grants: Grant[] = [];
    lab.nodes.forEach((node, index) => {
      if (!this.planner.takesPart(index, window)) return;
      grants.push({ type: 'Grant', node: node.name, window: number, from: window.from, until: window.until,
        expected: this.sent.map((row) => row[index]!),
        inputs: orders.filter((order) => order.node === index)
          .map(({ at, body }) => ({ at, body })) as unknown as Json });
    });
    const dones = await this.exchange(number, grants);
    // First everybody's own plans, then what they sent each other; observed in the order of the nodes, as in one
    // process.
    lab.nodes.forEach((node, index) => {
      const done = dones.get(node.name);
      if (done !== undefined) this.planner.settled(index, done.nextAt);
    });
    lab.nodes.forEach((node, index) => {
      const done = dones.get(node.name);
      if (done === undefined) return;
      this.sent[index] = [...done.sent];
      this.records += done.records;
      this.frames += done.frames;
      if (done.commits > 0) this.chains.set(node.name, { commits: done.commits, chain: done.chain });
      done.arrivals.forEach((at, target) => { if (at > 0) this.planner.expects(target, at); });
      for (const record of done.answers as unknown as readonly HistoryRecord[]) operator.observe(index, record);
    });
  }

  /** Says the grants, and says them again until every one has been answered. */
  private async exchange(window: number, grants: readonly Grant[]): Promise<ReadonlyMap<string, Done>> {
    const { bus, run, codec, repeatMs = 200, patienceMs = 30_000 } = this.options;
    const dones = new Map<string, Done>();
    const encoded = grants.map((grant) => ({ node: grant.node, bytes: codec.encodeRecord(grant) }));
    const deadline = Date.now() + patienceMs;
    let pauseMs = repeatMs;
    for (;;) {
      for (const { node, bytes } of encoded) if (!dones.has(node)) bus.publish(controlSubject(run, node), bytes);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pauseMs);
        const repeat = (name: string): void => {
          if (dones.has(name)) return;
          for (const { node, bytes } of encoded) if (node === name) bus.publish(controlSubject(run, name), bytes);
        };
        this.waiting = { window, dones, repeat, wake: () => {
          if (dones.size < grants.length) return;
          clearTimeout(timer);
          resolve();
        } };
        this.waiting.wake();
      });
      this.waiting = undefined;
      if (dones.size === grants.length) return dones;
      if (Date.now() > deadline) {
        const silent = grants.filter((grant) => !dones.has(grant.node)).map((grant) => grant.node);
        throw new NodeSilent(`${silent.join(', ')} did not answer for ${Math.round(patienceMs / 1000)} s`);
      }
      this.repeats++;
      if (pauseMs < 2_000) pauseMs *= 2;
    }
  }

  private heard(message: ControlMessage): void {
    if (message.type === 'Hello') {
      for (const node of message.nodes) {
        this.present.add(node);
        // A process that came back has not heard what it is to do.
        this.waiting?.repeat(node);
      }
      this.greeted?.();
    } else if (message.type === 'Done' && this.waiting !== undefined && message.window === this.waiting.window) {
      this.waiting.dones.set(message.node, message);
      this.waiting.wake();
    }
  }
}
