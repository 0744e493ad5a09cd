// A macvlan device: a further address on another device. Neither the device below nor its own stack sees what its
// macvlan devices send, so that they do not reach each other (as in Linux). In bridge mode siblings do, without the
// line; in the modes private and vepa all goes out by the line, which brings nothing back; passthru is alone and takes
// whatever comes.

import type { Handler } from '@netreel/sim';
import { type Frame, read48 } from '@netreel/wire';
import type { KernelCore, Stack } from '../contract.js';
import type { LinkRow } from '../tables.js';
import { NetDevice } from './device.js';
import { Stacked } from './stacked.js';
import { VETH_DELAY_NS } from './veth.js';

export const MACVLAN_MODES = ['bridge', 'private', 'vepa', 'passthru'] as const;
export type MacvlanMode = typeof MACVLAN_MODES[number];

export class MacvlanDevice extends NetDevice implements Handler<Frame> {
  private readonly siblings: Stacked;

  constructor(core: KernelCore, row: LinkRow, stack: Stack, readonly parent: NetDevice) {
    super(core, row, stack);
    this.siblings = parent.stacked ??= new Stacked(core.pool);
    this.siblings.macvlans.push(this);
  }

  transmit(frame: Frame): void {
    if (!this.admits(frame)) return;
    this.sent(frame);
    const { parent, siblings, core: { pool } } = this;
    if (this.row.mode !== 'bridge') {
      parent.transmit(frame);
      return;
    }
    if ((frame.buffer[frame.start]! & 1) === 1) {
      for (const sibling of siblings.macvlans) {
        if (sibling !== this && sibling.row.up && sibling.row.mode === 'bridge') this.cross(sibling, pool.copy(frame));
      }
      parent.transmit(frame);
      return;
    }
    const sibling = siblings.macvlanOf(read48(frame.buffer, frame.start));
    if (sibling !== undefined && sibling.row.mode === 'bridge') this.cross(sibling, frame);
    else parent.transmit(frame);
  }

  receive(frame: Frame): void {
    if (this.arrive(frame)) this.passUp(frame);
  }

  /** A sibling's frame has crossed. */
  fire(frame: Frame): void {
    this.receive(frame);
  }

  override close(): void {
    super.close();
    const { macvlans } = this.siblings;
    const at = macvlans.indexOf(this);
    if (at >= 0) macvlans.splice(at, 1);
  }

  private cross(sibling: MacvlanDevice, frame: Frame): void {
    const { port } = this.core;
    port.schedule(port.now() + VETH_DELAY_NS, sibling, frame);
  }
}
