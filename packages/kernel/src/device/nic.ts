// The NIC on the underlay: a queue of limited bandwidth outwards, a filter of addresses inwards.

import type { Frame } from '@netreel/wire';
import type { KernelCore, Stack } from '../contract.js';
import type { LinkRow } from '../tables.js';
import { NetDevice } from './device.js';
import { Line } from './line.js';

export class NicDevice extends NetDevice {
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
    if (this.arrive(frame)) this.passUp(frame);
  }
}
