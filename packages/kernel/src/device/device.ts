// What all network devices share: counters, the checks at their two doors, and the way up to a bridge or a stack.

import { ETHERNET, ETHERTYPE, type Frame, read16, read48 } from '@netreel/wire';
import type { Device, DeviceCounters, KernelCore, Stack } from '../contract.js';
import type { DropReason } from '../drop.js';
import type { LinkRow } from '../tables.js';
import type { BridgeDevice, ForwardingEntry } from './bridge.js';
import type { Stacked } from './stacked.js';

/** IEEE 802.3 clause 3.2.7: a tagged frame may be longer by its tag. */
const TAG_BYTES = 4;

export abstract class NetDevice implements Device {
  readonly counters: DeviceCounters = {
    rxPackets: 0, rxBytes: 0, rxDropped: 0, txPackets: 0, txBytes: 0, txDropped: 0,
  };
  /** The bridge that this device is a port of. */
  bridge: BridgeDevice | undefined = undefined;
  /** VLANs and macvlan devices that stand on this one. */
  stacked: Stacked | undefined = undefined;
  /** What a bridge remembers about this port between frames: behind most there is one station. */
  recentSource: ForwardingEntry | undefined = undefined;
  /** Where its losses are counted: names of devices are unique only within a namespace. */
  place: string;
  /** Frames that were under way when the device was deleted find this false. */
  protected present = true;

  constructor(protected readonly core: KernelCore, readonly row: LinkRow, protected stack: Stack) {
    this.place = `${row.netns}/${row.name}`;
  }

  abstract transmit(frame: Frame): void;
  abstract receive(frame: Frame): void;

  /** The device is about to be set up; false when a resource that it needs is taken. */
  open(): boolean {
    return true;
  }

  /** The device was set down. */
  shut(): void {}

  close(): void {
    this.present = false;
  }

  /** The device is now in another namespace, or has another name. */
  moved(stack: Stack): void {
    this.stack = stack;
    this.place = `${this.row.netns}/${this.row.name}`;
  }

  /** Whether a frame may leave through here; when not, it was dropped. */
  protected admits(frame: Frame): boolean {
    const { row } = this;
    if (!row.up) return this.dropOut(this.present ? 'link-down' : 'device-gone', frame);
    if (!row.carrier) return this.dropOut('no-carrier', frame);
    const room = row.mtu + ETHERNET.LENGTH;
    if (frame.end - frame.start > room && !fitsTagged(frame, room)) return this.dropOut('mtu-exceeded', frame);
    return true;
  }

  /** A frame is on its way out. */
  protected sent(frame: Frame): void {
    this.counters.txPackets++;
    this.counters.txBytes += frame.end - frame.start;
    if (this.core.tap !== undefined) this.core.tap.frame('out', this.row, frame);
  }

  /** A frame came in. False when it was dropped. */
  protected arrive(frame: Frame): boolean {
    const { row, counters } = this;
    const sizeBytes = frame.end - frame.start;
    if (!row.up) return this.dropIn(this.present ? 'link-down' : 'device-gone', frame);
    if (sizeBytes < ETHERNET.LENGTH) return this.dropIn('bad-ethernet', frame);
    counters.rxPackets++;
    counters.rxBytes += sizeBytes;
    if (this.core.tap !== undefined) this.core.tap.frame('in', row, frame);
    return true;
  }

  /** Hands a frame that arrived to what stands on this device, to the bridge, or to the stack if it is meant for it. */
  protected passUp(frame: Frame): void {
    if (this.stacked !== undefined && this.stacked.take(frame)) return;
    const bridge = this.bridge;
    if (bridge !== undefined) {
      bridge.forward(frame, this);
    } else if ((frame.buffer[frame.start]! & 1) === 1 || read48(frame.buffer, frame.start) === this.row.mac) {
      this.stack.receive(this, frame);
    } else {
      this.dropIn('not-for-us', frame);
    }
  }

  protected dropOut(reason: DropReason, frame: Frame): false {
    this.counters.txDropped++;
    this.core.drop(this.place, reason, frame);
    return false;
  }

  protected dropIn(reason: DropReason, frame: Frame): false {
    this.counters.rxDropped++;
    this.core.drop(this.place, reason, frame);
    return false;
  }
}

function fitsTagged({ buffer, start, end }: Frame, room: number): boolean {
  return end - start <= room + TAG_BYTES && read16(buffer, start + ETHERNET.TYPE) === ETHERTYPE.vlan;
}
