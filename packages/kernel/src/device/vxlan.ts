// A vxlan device: one VNI, Ethernet frames inside UDP. RFC 7348 sections 4.1 to 4.3 and 5. Whom it sends to is what its
// rows say; it learns nothing by itself, since Docker's control plane writes the rows.

import {
  ARP, ARP_OPERATION, ETHERNET, ETHERTYPE, type Frame, type Ipv4, VXLAN, read16, read32, read48, writeArp,
  writeEthernetHeader, writeVxlanHeader,
} from '@netreel/wire';
import type { KernelCore, Stack } from '../contract.js';
import type { LinkRow } from '../tables.js';
import { NetDevice } from './device.js';
import { tunnelSourcePort } from './flow.js';
import type { VxlanPort } from './vxlan-port.js';

/** Outer Ethernet, IPv4 and UDP headers and VXLAN's own (RFC 7348 section 5): what a frame grows by. */
export const VXLAN_OVERHEAD_BYTES = 14 + 20 + 8 + VXLAN.LENGTH;

export class VxlanDevice extends NetDevice {
  /** With `proxy` the device answers ARP requests itself where it has a PERMANENT neighbour row. */
  constructor(core: KernelCore, row: LinkRow, stack: Stack, readonly tunnel: VxlanPort,
    private readonly proxy: boolean) {
    super(core, row, stack);
  }

  override open(): boolean {
    return this.tunnel.add(this);
  }

  override shut(): void {
    this.tunnel.remove(this);
  }

  override close(): void {
    super.close();
    this.tunnel.remove(this);
  }

  transmit(frame: Frame): void {
    if (!this.admits(frame)) return;
    const { buffer, start } = frame;
    if (this.proxy && read16(buffer, start + ETHERNET.TYPE) === ETHERTYPE.arp && this.answer(frame)) return;
    const { remotes } = this.row;
    const ends = remotes.get(read48(buffer, start)) ?? remotes.get(0);
    if (ends === undefined) {
      this.dropOut('no-tunnel-row', frame);
      return;
    }
    this.sent(frame);
    const sourcePort = tunnelSourcePort(frame);
    const last = ends.length - 1;
    for (let i = 0; i < last; i++) this.encapsulate(this.core.pool.copy(frame), ends[i]!, sourcePort);
    this.encapsulate(frame, ends[last]!, sourcePort);
  }

  /** A frame came out of the tunnel. */
  receive(frame: Frame): void {
    if (this.arrive(frame)) this.passUp(frame);
  }

  private encapsulate(inner: Frame, remote: Ipv4, sourcePort: number): void {
    const { row, tunnel, core: { pool } } = this;
    let frame = inner;
    if (frame.start < VXLAN_OVERHEAD_BYTES) {
      // A tunnel inside a tunnel: the headroom is used up.
      frame = pool.copy(inner);
      pool.release(inner);
    }
    frame.start -= VXLAN.LENGTH;
    writeVxlanHeader(frame.buffer, frame.start, row.vni);
    tunnel.stack.sendUdpInPlace(frame, row.local, sourcePort, remote, row.port);
  }

  /** Turns an ARP request that a row answers into the reply, which comes in here as if the neighbour had sent it. */
  private answer(frame: Frame): boolean {
    const { buffer, start, end } = frame;
    const arp = start + ETHERNET.LENGTH;
    if (end - arp < ARP.LENGTH || read16(buffer, arp + ARP.OPERATION) !== ARP_OPERATION.request) return false;
    const wanted = read32(buffer, arp + ARP.TARGET_IP);
    const neighbour = this.row.neighbours.get(wanted);
    if (neighbour === undefined || neighbour.state !== 'PERMANENT') return false;
    this.sent(frame);
    const asker = read48(buffer, arp + ARP.SENDER_MAC);
    const askerIp = read32(buffer, arp + ARP.SENDER_IP);
    writeEthernetHeader(buffer, start, asker, neighbour.mac, ETHERTYPE.arp);
    writeArp(buffer, arp, ARP_OPERATION.reply, neighbour.mac, wanted, asker, askerIp);
    this.receive(frame);
    return true;
  }
}
