// A device without another end: what is sent there is gone. Something for others to stand on.

import type { Frame } from '@netreel/wire';
import { NetDevice } from './device.js';

export class DummyDevice extends NetDevice {
  transmit(frame: Frame): void {
    if (!this.admits(frame)) return;
    this.sent(frame);
    this.core.pool.release(frame);
  }

  receive(frame: Frame): void {
    if (this.arrive(frame)) this.passUp(frame);
  }
}
