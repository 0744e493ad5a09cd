// The NIC on the underlay: a queue of limited bandwidth outwards, a filter of addresses inwards.

import { type Frame, read48 } from '@netreel/wire';
import type { KernelCore, Stack } from '../contract.js';
import type { LinkRow } from '../tables.js';
import { NetDevice } from './device.js';
import { Line } from './line.js';
import type { MacvlanDevice } from './macvlan.js';

export class NicDevice extends NetDevice {
  /** Macvlan devices on this NIC, in the order in which they were added. */
  readonly children: MacvlanDevice[] = [];
  private readonly line: Line;

  constructor(core: KernelCore, row: LinkRow, stack: Stack, bitsPerSecond: number) {
    super(core, row, stack);
    this.line = new Line(bitsPerSecond);
  }

  transmit(frame: Frame): void {
    if (!this.admits(frame)) return;
    const { port } = this.core;
    const waitNs = this.line.send(frame.end - frame.start, port.now());
    if (waitNs < 0) {
      this.dropOut('queue-full', frame);
      return;
    }
    this.sent(frame);
    port.transmit(this.row, frame, waitNs);
  }

  receive(frame: Frame): void {
    if (!this.row.carrier) {
      this.dropIn(this.present ? 'no-carrier' : 'device-gone', frame);
      return;
    }
    if (!this.arrive(frame)) return;
    if (this.children.length > 0 && this.passToChildren(frame)) return;
    this.passUp(frame);
  }

  /** The child with that address. */
  childOf(mac: number): MacvlanDevice | undefined {
    for (const child of this.children) if (child.row.mac === mac && child.row.up) return child;
    return undefined;
  }

  /** Group frames go to every child and to this NIC as well. True when the frame was a child's alone. */
  private passToChildren(frame: Frame): boolean {
    if ((frame.buffer[frame.start]! & 1) === 1) {
      for (const child of this.children) if (child.row.up) child.receive(this.core.pool.copy(frame));
      return false;
    }
    const child = this.childOf(read48(frame.buffer, frame.start));
    if (child === undefined) return false;
    child.receive(frame);
    return true;
  }
}
