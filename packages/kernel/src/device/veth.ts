// A veth pair: what one end transmits, the other receives a moment later. The only hop inside a host that goes through
// the agenda, which also keeps any path through bridges and stacks from nesting without end.

import { type Handler, MICROSECOND } from '@netreel/sim';
import type { Frame } from '@netreel/wire';
import { NetDevice } from './device.js';

export const VETH_DELAY_NS = 10 * MICROSECOND;

export class VethDevice extends NetDevice implements Handler<Frame> {
  peer: VethDevice | undefined = undefined;

  transmit(frame: Frame): void {
    if (!this.admits(frame)) return;
    this.sent(frame);
    const { port } = this.core;
    // With carrier there is a peer.
    port.schedule(port.now() + VETH_DELAY_NS, this.peer!, frame);
  }

  /** The frame has crossed to this end. */
  fire(frame: Frame): void {
    this.receive(frame);
  }

  receive(frame: Frame): void {
    if (this.arrive(frame)) this.passUp(frame);
  }
}
