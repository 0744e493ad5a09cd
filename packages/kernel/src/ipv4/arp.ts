// Who answers an ARP request, and what is learnt from which packet. RFC 826 "Packet Reception", RFC 5227 (probes and
// announcements), with Linux's defaults: arp_ignore 0, arp_announce 0, arp_accept 0.

import {
  ARP, ARP_OPERATION, BROADCAST_MAC, ETHERNET, ETHERTYPE, IPV4, isLoopbackIpv4, isMulticastIpv4, read16, read32, read48,
  writeArp, writeEthernetHeader, type Frame, type Ipv4, type Mac,
} from '@netreel/wire';
import type { Device, KernelCore } from '../contract.js';
import type { LinkRow } from '../tables.js';
import { placeOf, type Neighbours } from '../network/neighbour.js';
import type { Routes } from './route.js';

const HARDWARE_ETHERNET = 1;
/** Lengths of a MAC and of an IPv4 address, in one word as they stand in the packet. */
const LENGTHS = 0x0604;

/** ARP of one namespace. */
export class Arp {
  private neighbours: Neighbours | undefined;

  constructor(private readonly core: KernelCore, private readonly routes: Routes) {}

  /** Each needs the other: handed over once, after both are made. */
  use(neighbours: Neighbours): void {
    this.neighbours = neighbours;
  }

  /** `frame` starts at its Ethernet header. Owns the frame. */
  receive(device: Device, frame: Frame): void {
    const { buffer } = frame;
    const at = frame.start + ETHERNET.LENGTH;
    if (!wellFormed(buffer, at, frame.end)) return this.core.drop(placeOf(device.row), 'bad-arp', frame);
    const operation = read16(buffer, at + ARP.OPERATION);
    const senderMac = read48(buffer, at + ARP.SENDER_MAC);
    const sender = read32(buffer, at + ARP.SENDER_IP);
    const target = read32(buffer, at + ARP.TARGET_IP);
    const toUs = (buffer[frame.start + ETHERNET.TARGET]! & 1) === 0;
    if (isMulticastIpv4(target) || (isLoopbackIpv4(target) && device.row.kind !== 'loopback')) {
      return this.core.drop(placeOf(device.row), 'bad-arp', frame);
    }
    this.core.pool.release(frame);
    if (operation === ARP_OPERATION.request && this.routes.isLocal(target)) {
      // RFC 5227 section 2.1.1: a probe from 0.0.0.0 is answered, and nothing is learnt from it.
      if (sender !== 0) this.neighbours!.learn(device.row, device, sender, senderMac, false, true, true);
      return this.reply(device, senderMac, sender, target);
    }
    if (sender === 0) return;
    // RFC 826: an entry that exists is updated by any packet. An announcement names one address twice.
    const asked = operation === ARP_OPERATION.reply && toUs;
    this.neighbours!.learn(device.row, device, sender, senderMac, asked, false, sender === target);
  }

  /** Asks for `address`, from the address that the waiting packet comes from if it is ours (arp_announce 0). */
  solicit(link: LinkRow, device: Device, address: Ipv4, target: Mac, waiting: Frame | undefined): void {
    const from = waiting === undefined ? 0 : read32(waiting.buffer, waiting.start + IPV4.SOURCE);
    const sender = from !== 0 && this.routes.isLocal(from) ? from : this.routes.sourceOn(link, address);
    this.send(link, device, ARP_OPERATION.request, target, sender, 0, address);
  }

  /** RFC 5227 section 2.3: tells everybody on `link` who has `address`, for instance after it moved here. */
  announce(link: LinkRow, device: Device, address: Ipv4): void {
    this.send(link, device, ARP_OPERATION.request, BROADCAST_MAC, address, 0, address);
  }

  private reply(device: Device, mac: Mac, address: Ipv4, own: Ipv4): void {
    this.send(device.row, device, ARP_OPERATION.reply, mac, own, mac, address);
  }

  private send(link: LinkRow, device: Device, operation: number, target: Mac, senderIp: Ipv4, targetMac: Mac,
    targetIp: Ipv4): void {
    const frame = this.core.pool.take(ETHERNET.LENGTH + ARP.LENGTH);
    writeEthernetHeader(frame.buffer, frame.start, target, link.mac, ETHERTYPE.arp);
    writeArp(frame.buffer, frame.start + ETHERNET.LENGTH, operation, link.mac, senderIp, targetMac, targetIp);
    device.transmit(frame);
  }
}

function wellFormed(buffer: Uint8Array, at: number, end: number): boolean {
  if (end - at < ARP.LENGTH) return false;
  if (read16(buffer, at + ARP.HARDWARE) !== HARDWARE_ETHERNET) return false;
  if (read16(buffer, at + ARP.PROTOCOL) !== ETHERTYPE.ipv4) return false;
  if (read16(buffer, at + ARP.HARDWARE_LENGTH) !== LENGTHS) return false;
  const operation = read16(buffer, at + ARP.OPERATION);
  return operation === ARP_OPERATION.request || operation === ARP_OPERATION.reply;
}
