// Devices that stand on another one: VLANs take the frames that carry their tag, then macvlan devices those that are
// for their MACs; what is left is the lower device's own.

import { ETHERNET, ETHERTYPE, type Frame, read16, read48 } from '@netreel/wire';
import type { FramePool } from '@netreel/wire';
import type { MacvlanDevice } from './macvlan.js';
import { VLAN, type VlanDevice } from './vlan.js';

export class Stacked {
  /** In the order in which they were added. */
  readonly macvlans: MacvlanDevice[] = [];
  /** By their number. */
  readonly vlans = new Map<number, VlanDevice>();

  constructor(private readonly pool: FramePool) {}

  /** A frame came in below; true when it was taken. A group's frame is for all and never taken by macvlan devices. */
  take(frame: Frame): boolean {
    if (this.vlans.size > 0 && read16(frame.buffer, frame.start + ETHERNET.TYPE) === ETHERTYPE.vlan) {
      const device = this.vlanOf(frame);
      if (device !== undefined) {
        device.arrivesTagged(frame);
        return true;
      }
    }
    return this.macvlans.length > 0 && this.takeByMac(frame);
  }

  /** Whether a macvlan device wants a frame that is not for the lower device itself. */
  wants(frame: Frame): boolean {
    return this.macvlans.length > 0 && this.targetOf(frame) !== undefined;
  }

  macvlanOf(mac: number): MacvlanDevice | undefined {
    for (const device of this.macvlans) if (device.row.mac === mac && device.row.up) return device;
    return undefined;
  }

  private vlanOf({ buffer, start, end }: Frame): VlanDevice | undefined {
    if (end - start < VLAN.LENGTH) return undefined;
    const device = this.vlans.get(read16(buffer, start + VLAN.CONTROL) & VLAN.NUMBER_MASK);
    return device?.row.up === true ? device : undefined;
  }

  private takeByMac(frame: Frame): boolean {
    if ((frame.buffer[frame.start]! & 1) === 1) {
      for (const device of this.macvlans) if (device.row.up) device.receive(this.pool.copy(frame));
      return false;
    }
    const device = this.targetOf(frame);
    if (device === undefined) return false;
    device.receive(frame);
    return true;
  }

  /** One that lets everything through to itself is alone on its device. */
  private targetOf(frame: Frame): MacvlanDevice | undefined {
    const [first] = this.macvlans;
    if (first !== undefined && first.row.mode === 'passthru') return first.row.up ? first : undefined;
    return this.macvlanOf(read48(frame.buffer, frame.start));
  }
}
