// lo: what goes out comes in again. As in Linux not within the same call: two programs that answer each other over
// lo would otherwise never return to the agenda.

import { type Handler, MICROSECOND } from '@netreel/sim';
import type { Frame } from '@netreel/wire';
import { NetDevice } from './device.js';

export const LOOPBACK_DELAY_NS = 10 * MICROSECOND;

export class LoopbackDevice extends NetDevice implements Handler<Frame> {
  transmit(frame: Frame): void {
    if (!this.admits(frame)) return;
    this.sent(frame);
    const { port } = this.core;
    port.schedule(port.now() + LOOPBACK_DELAY_NS, this, frame);
  }

  fire(frame: Frame): void {
    this.receive(frame);
  }

  receive(frame: Frame): void {
    // Every address is its own here, so no frame is for somebody else.
    if (this.arrive(frame)) this.stack.receive(this, frame);
  }
}
