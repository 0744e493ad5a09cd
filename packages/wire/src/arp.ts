// ARP for IPv4 over Ethernet. RFC 826; probes and announcements are requests of RFC 5227 section 1.1.

import { formatIpv4, formatMac } from './address.js';
import type { Ipv4, Mac } from './address.js';
import { read16, read32, read48, write16, write32, write48 } from './bytes.js';
import { ETHERTYPE } from './ethernet.js';
import { decoded, flawed } from './flaw.js';
import type { Decoded } from './flaw.js';

export const ARP = {
  HARDWARE: 0, PROTOCOL: 2, HARDWARE_LENGTH: 4, PROTOCOL_LENGTH: 5, OPERATION: 6,
  SENDER_MAC: 8, SENDER_IP: 14, TARGET_MAC: 18, TARGET_IP: 24, LENGTH: 28,
} as const;

export const ARP_OPERATION = { request: 1, reply: 2 } as const;

const ETHERNET_HARDWARE = 1;
const MAC_BYTES = 6;
const IPV4_BYTES = 4;

export interface ArpPacket {
  readonly operation: 'request' | 'reply';
  readonly senderMac: Mac;
  readonly senderIp: Ipv4;
  /** Of no meaning in a request; usually zero there. */
  readonly targetMac: Mac;
  readonly targetIp: Ipv4;
}

/** Ignores what follows the 28 bytes: Ethernet pads short frames. */
export function decodeArp(buffer: Uint8Array, start = 0, end = buffer.length): Decoded<ArpPacket> {
  if (end - start < ARP.LENGTH) return flawed('truncated');
  if (read16(buffer, start + ARP.HARDWARE) !== ETHERNET_HARDWARE) return flawed('unsupported');
  if (read16(buffer, start + ARP.PROTOCOL) !== ETHERTYPE.ipv4) return flawed('unsupported');
  if (buffer[start + ARP.HARDWARE_LENGTH] !== MAC_BYTES || buffer[start + ARP.PROTOCOL_LENGTH] !== IPV4_BYTES) {
    return flawed('bad-length');
  }
  const operation = read16(buffer, start + ARP.OPERATION);
  if (operation !== ARP_OPERATION.request && operation !== ARP_OPERATION.reply) return flawed('unsupported');
  return decoded({
    operation: operation === ARP_OPERATION.request ? 'request' : 'reply',
    senderMac: read48(buffer, start + ARP.SENDER_MAC),
    senderIp: read32(buffer, start + ARP.SENDER_IP),
    targetMac: read48(buffer, start + ARP.TARGET_MAC),
    targetIp: read32(buffer, start + ARP.TARGET_IP),
  });
}

/** A new array of 28 bytes. */
export function encodeArp(packet: ArpPacket): Uint8Array {
  const bytes = new Uint8Array(ARP.LENGTH);
  writeArp(bytes, 0, ARP_OPERATION[packet.operation], packet.senderMac, packet.senderIp, packet.targetMac,
    packet.targetIp);
  return bytes;
}

/** Writes 28 bytes at `offset`; `operation` is one of {@link ARP_OPERATION}. */
export function writeArp(
  buffer: Uint8Array, offset: number, operation: number, senderMac: Mac, senderIp: Ipv4, targetMac: Mac, targetIp: Ipv4,
): void {
  write16(buffer, offset + ARP.HARDWARE, ETHERNET_HARDWARE);
  write16(buffer, offset + ARP.PROTOCOL, ETHERTYPE.ipv4);
  buffer[offset + ARP.HARDWARE_LENGTH] = MAC_BYTES;
  buffer[offset + ARP.PROTOCOL_LENGTH] = IPV4_BYTES;
  write16(buffer, offset + ARP.OPERATION, operation);
  write48(buffer, offset + ARP.SENDER_MAC, senderMac);
  write32(buffer, offset + ARP.SENDER_IP, senderIp);
  write48(buffer, offset + ARP.TARGET_MAC, targetMac);
  write32(buffer, offset + ARP.TARGET_IP, targetIp);
}

/** `Request who-has 10.0.0.3 tell 10.0.0.2` or `Reply 10.0.0.3 is-at 02:42:0a:00:00:03`. */
export function formatArp(packet: ArpPacket): string {
  if (packet.operation === 'reply') return `Reply ${formatIpv4(packet.senderIp)} is-at ${formatMac(packet.senderMac)}`;
  const known = packet.targetMac === 0 ? '' : ` (${formatMac(packet.targetMac)})`;
  return `Request who-has ${formatIpv4(packet.targetIp)}${known} tell ${formatIpv4(packet.senderIp)}`;
}
