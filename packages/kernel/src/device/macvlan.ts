// A macvlan device in bridge mode: a second address on a NIC. Siblings reach each other directly; the NIC's own stack
// and its children do not, since neither sees what the other sends (as in Linux).

import type { Handler } from '@netreel/sim';
import { type Frame, read48 } from '@netreel/wire';
import type { KernelCore, Stack } from '../contract.js';
import type { LinkRow } from '../tables.js';
import { NetDevice } from './device.js';
import type { NicDevice } from './nic.js';
import { VETH_DELAY_NS } from './veth.js';

export class MacvlanDevice extends NetDevice implements Handler<Frame> {
  constructor(core: KernelCore, row: LinkRow, stack: Stack, readonly parent: NicDevice) {
    super(core, row, stack);
    parent.children.push(this);
  }

  transmit(frame: Frame): void {
    if (!this.admits(frame)) return;
    this.sent(frame);
    const { parent, core: { pool } } = this;
    if ((frame.buffer[frame.start]! & 1) === 1) {
      for (const sibling of parent.children) {
        if (sibling !== this && sibling.row.up) this.cross(sibling, pool.copy(frame));
      }
      parent.transmit(frame);
      return;
    }
    const sibling = parent.childOf(read48(frame.buffer, frame.start));
    if (sibling !== undefined) this.cross(sibling, frame);
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
    const at = this.parent.children.indexOf(this);
    if (at >= 0) this.parent.children.splice(at, 1);
  }

  private cross(sibling: MacvlanDevice, frame: Frame): void {
    const { port } = this.core;
    port.schedule(port.now() + VETH_DELAY_NS, sibling, frame);
  }
}
