// UDP datagrams. RFC 768; checksum rules RFC 1122 section 4.1.3.4, over IPv6 RFC 8200 section 8.1.

import { read16, write16 } from './bytes.js';
import { internetChecksum, pseudoHeaderSum } from './checksum.js';
import { decoded, flawed } from './flaw.js';
import type { Decoded, Flaw } from './flaw.js';
import { PROTOCOL } from './ipv4.js';
import type { Address } from './ipv6-address.js';

export const UDP = { SOURCE_PORT: 0, TARGET_PORT: 2, DATAGRAM_LENGTH: 4, CHECKSUM: 6, LENGTH: 8 } as const;

/** Stands in the checksum field when the sender computed none. */
export const UDP_NO_CHECKSUM = 0;

export interface UdpPacket {
  readonly sourcePort: number;
  readonly targetPort: number;
  readonly payload: Uint8Array;
}

/** The addresses around a datagram: its checksum covers them. */
export interface UdpAddresses {
  readonly source: Address;
  readonly target: Address;
}

/** What is wrong with the header or the checksum, if anything. */
export function checkUdp(buffer: Uint8Array, start: number, end: number, source: Address,
  target: Address): Flaw | undefined {
  const flaw = checkUdpLength(buffer, start, end);
  if (flaw !== undefined) return flaw;
  if (read16(buffer, start + UDP.CHECKSUM) === UDP_NO_CHECKSUM) {
    // RFC 8200 section 8.1: over IPv6 there is no other checksum, so there must be this one.
    return typeof source === 'number' ? undefined : 'bad-checksum';
  }
  const length = read16(buffer, start + UDP.DATAGRAM_LENGTH);
  const sum = pseudoHeaderSum(source, target, PROTOCOL.udp, length);
  return internetChecksum(buffer, start, start + length, sum) === 0 ? undefined : 'bad-checksum';
}

/** What is wrong with the lengths, if anything; for datagrams whose checksum is known to be right. */
export function checkUdpLength(buffer: Uint8Array, start: number, end: number): Flaw | undefined {
  if (end - start < UDP.LENGTH) return 'truncated';
  const length = read16(buffer, start + UDP.DATAGRAM_LENGTH);
  if (length < UDP.LENGTH) return 'bad-length';
  return length > end - start ? 'truncated' : undefined;
}

/** The payload is a view of `buffer`. Without addresses the checksum is not tested. */
export function decodeUdp(
  buffer: Uint8Array, start = 0, end = buffer.length, addresses?: UdpAddresses,
): Decoded<UdpPacket> {
  const flaw = addresses === undefined ? checkUdpLength(buffer, start, end)
    : checkUdp(buffer, start, end, addresses.source, addresses.target);
  if (flaw !== undefined) return flawed(flaw);
  return decoded({
    sourcePort: read16(buffer, start + UDP.SOURCE_PORT),
    targetPort: read16(buffer, start + UDP.TARGET_PORT),
    payload: buffer.subarray(start + UDP.LENGTH, start + read16(buffer, start + UDP.DATAGRAM_LENGTH)),
  });
}

/** A new array with header and payload. Without addresses it carries no checksum. */
export function encodeUdp(packet: UdpPacket, addresses?: UdpAddresses): Uint8Array {
  const length = UDP.LENGTH + packet.payload.length;
  if (length > 65535) throw new Error(`a UDP datagram of ${length} bytes`);
  const bytes = new Uint8Array(length);
  bytes.set(packet.payload, UDP.LENGTH);
  writeUdpHeader(bytes, 0, packet.sourcePort, packet.targetPort, length, UDP_NO_CHECKSUM);
  if (addresses !== undefined) {
    write16(bytes, UDP.CHECKSUM, udpChecksum(bytes, 0, length, addresses.source, addresses.target));
  }
  return bytes;
}

/** Writes 8 bytes at `offset`. `length` counts header and payload; `checksum` is {@link UDP_NO_CHECKSUM} for none. */
export function writeUdpHeader(
  buffer: Uint8Array, offset: number, sourcePort: number, targetPort: number, length: number, checksum: number,
): void {
  write16(buffer, offset + UDP.SOURCE_PORT, sourcePort);
  write16(buffer, offset + UDP.TARGET_PORT, targetPort);
  write16(buffer, offset + UDP.DATAGRAM_LENGTH, length);
  write16(buffer, offset + UDP.CHECKSUM, checksum);
}

/** The checksum for a datagram whose checksum field holds zero. Never zero itself: that would say "none". */
export function udpChecksum(buffer: Uint8Array, start: number, end: number, source: Address, target: Address): number {
  const sum = pseudoHeaderSum(source, target, PROTOCOL.udp, end - start);
  const checksum = internetChecksum(buffer, start, end, sum);
  return checksum === 0 ? 0xffff : checksum;
}

/** `UDP, length 5`. */
export function formatUdp(packet: UdpPacket): string {
  return `UDP, length ${packet.payload.length}`;
}
