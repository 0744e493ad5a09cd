// Where a node meets the underlay: a switch that knows the MAC of every node's NIC. Frames and control messages leave
// through the same place, so that one set of fault rules covers both.

import type { AnyRecord, Machine } from '@netreel/sim';
import { ETHERNET, Frame, type FramePool, type Mac, isGroupMac, read48 } from '@netreel/wire';
import { type FaultRule, verdictOf } from './faults.js';

export class Uplink {
  /** Messages that a fault rule swallowed here. */
  faulted = 0;
  /** For onlookers alone: a rule swallowed a frame. */
  onFaulted: ((rule: string, target: number, frame: Frame) => void) | undefined = undefined;
  private readonly nodeOfMac = new Map<Mac, number>();
  /** Nodes with a NIC on the underlay's wire: hosts and routers. */
  private readonly wired: readonly number[];

  constructor(private readonly machine: Machine, private readonly pool: FramePool,
    private readonly rules: ReadonlyMap<string, FaultRule>) {
    const wired: number[] = [];
    machine.lab.nodes.forEach((node, index) => {
      if (node.kind === 'overlay') return;
      this.nodeOfMac.set(node.mac, index);
      if (index !== machine.index) wired.push(index);
    });
    this.wired = wired;
  }

  /** A frame leaves the NIC after `waitNs` in its queue. Owns the frame. */
  frame(frame: Frame, waitNs: number): void {
    const target = read48(frame.buffer, frame.start + ETHERNET.TARGET);
    const known = this.nodeOfMac.get(target);
    if (known !== undefined && known !== this.machine.index) {
      this.message(known, { type: 'FrameCrossed', frame } as AnyRecord, waitNs);
      return;
    }
    // Group addresses, and MACs that no NIC carries itself (a macvlan's), reach everybody, as on a switch that has not
    // learned.
    if (known === undefined || isGroupMac(target)) {
      for (const node of this.wired) {
        this.message(node, { type: 'FrameCrossed', frame: this.pool.copy(frame) } as AnyRecord, waitNs);
      }
    }
    this.pool.release(frame);
  }

  /** A message leaves for another node, unless a fault rule has it otherwise. */
  message(target: number, body: AnyRecord, waitNs = 0): void {
    const { machine } = this;
    if (this.rules.size > 0) {
      const name = machine.lab.nodes[target]!.name;
      const verdict =
        verdictOf(this.rules, machine.name, name, body.type, machine.now(), (purpose) => machine.random(purpose));
      if (verdict.kind === 'drop') {
        this.faulted++;
        this.let(body, target, verdict.rule);
        return;
      }
      if (verdict.kind === 'duplicate') machine.send(target, this.duplicate(body), waitNs + verdict.delayNs);
      if (verdict.kind === 'delay') {
        machine.send(target, body, waitNs + verdict.delayNs);
        return;
      }
    }
    machine.send(target, body, waitNs);
  }

  private let(body: AnyRecord, target: number, rule: string): void {
    const frame = (body as { frame?: unknown }).frame;
    if (!(frame instanceof Frame)) return;
    this.onFaulted?.(rule, target, frame);
    this.pool.release(frame);
  }

  private duplicate(body: AnyRecord): AnyRecord {
    const frame = (body as { frame?: unknown }).frame;
    return frame instanceof Frame ? ({ ...body, frame: this.pool.copy(frame) } as AnyRecord) : body;
  }
}
