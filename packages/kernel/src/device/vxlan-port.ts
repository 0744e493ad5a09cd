// The UDP port that all vxlan devices of one underlay namespace share: it tells them apart by VNI. RFC 7348 section 5.

import { type Frame, type Ipv4, VXLAN, checkVxlan, readVni } from '@netreel/wire';
import type { KernelCore, Stack, TunnelReceiver } from '../contract.js';
import type { VxlanDevice } from './vxlan.js';

export class VxlanPort implements TunnelReceiver {
  private readonly devices = new Map<number, VxlanDevice>();

  /** Namespace and port, by which the kernel finds it. */
  readonly place: string;

  constructor(private readonly core: KernelCore, readonly netns: string, readonly stack: Stack, readonly port: number) {
    this.place = `${netns}:${port}`;
  }

  /** Opens the port with its first device. False when the port is a socket's. */
  add(device: VxlanDevice): boolean {
    if (this.devices.size === 0 && !this.stack.bindTunnel(this.port, this)) return false;
    this.devices.set(device.row.vni, device);
    return true;
  }

  /** Closes the port with its last device. */
  remove(device: VxlanDevice): void {
    if (this.devices.delete(device.row.vni) && this.devices.size === 0) this.stack.unbindTunnel(this.port);
  }

  receive(frame: Frame, _source: Ipv4): void {
    const { buffer, start, end } = frame;
    if (checkVxlan(buffer, start, end) !== undefined) {
      this.core.drop(this.netns, 'bad-vxlan', frame);
      return;
    }
    const device = this.devices.get(readVni(buffer, start));
    if (device === undefined) {
      this.core.drop(this.netns, 'unknown-vni', frame);
      return;
    }
    frame.start = start + VXLAN.LENGTH;
    device.receive(frame);
  }
}
