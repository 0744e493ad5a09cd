// An 802.1Q VLAN on another device: frames get a tag on their way out and lose it on their way in. IEEE 802.1Q clause
// 9.6 (tag control information). Priorities are not used, as by Linux without a map of them.

import { ETHERTYPE, type Frame, write16 } from '@netreel/wire';
import type { KernelCore, Stack } from '../contract.js';
import type { LinkRow } from '../tables.js';
import { NetDevice } from './device.js';
import { Stacked } from './stacked.js';

/** Of a tagged frame. The tag stands between the MACs and what was the EtherType. */
export const VLAN = { TAG: 12, CONTROL: 14, LENGTH: 18, TAG_BYTES: 4, NUMBER_MASK: 0x0fff } as const;

export class VlanDevice extends NetDevice {
  constructor(core: KernelCore, row: LinkRow, stack: Stack, readonly parent: NetDevice, readonly number: number) {
    super(core, row, stack);
    parent.stacked ??= new Stacked(core.pool);
    parent.stacked.vlans.set(number, this);
  }

  transmit(frame: Frame): void {
    if (!this.admits(frame)) return;
    this.sent(frame);
    const { buffer } = frame;
    const start = frame.start - VLAN.TAG_BYTES;
    buffer.copyWithin(start, frame.start, frame.start + VLAN.TAG);
    write16(buffer, start + VLAN.TAG, ETHERTYPE.vlan);
    write16(buffer, start + VLAN.CONTROL, this.number);
    frame.start = start;
    this.parent.transmit(frame);
  }

  /** A frame with this VLAN's tag came in below. */
  arrivesTagged(frame: Frame): void {
    const { buffer, start } = frame;
    buffer.copyWithin(start + VLAN.TAG_BYTES, start, start + VLAN.TAG);
    frame.start = start + VLAN.TAG_BYTES;
    this.receive(frame);
  }

  receive(frame: Frame): void {
    if (this.arrive(frame)) this.passUp(frame);
  }

  override close(): void {
    super.close();
    this.parent.stacked?.vlans.delete(this.number);
  }
}
