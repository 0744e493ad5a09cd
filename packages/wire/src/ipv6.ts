// IPv6 packets. RFC 8200 section 3. What may stand between header and payload is in ipv6-extension.ts.

import { read16, write16, write32 } from './bytes.js';
import { decoded, flawed } from './flaw.js';
import type { Decoded, Flaw } from './flaw.js';
import { formatProtocol } from './ipv4.js';
import { readIpv6, writeIpv6 } from './ipv6-address.js';
import type { Ipv6 } from './ipv6-address.js';

export const IPV6 = {
  VERSION: 0, PAYLOAD_LENGTH: 4, NEXT_HEADER: 6, HOP_LIMIT: 7, SOURCE: 8, TARGET: 24, LENGTH: 40,
} as const;

/** Every link carries packets of this size (RFC 8200 section 5). */
export const IPV6_MTU_LEAST = 1280;

const VERSION = 6;

export interface Ipv6Packet {
  /** DSCP and ECN (RFC 2474, RFC 3168). */
  readonly trafficClass: number;
  readonly flowLabel: number;
  readonly hopLimit: number;
  /** Of the payload's first header, an extension or a protocol. */
  readonly nextHeader: number;
  readonly source: Ipv6;
  readonly target: Ipv6;
  readonly payload: Uint8Array;
}

/** What is wrong with the header, if anything. */
export function checkIpv6(buffer: Uint8Array, start: number, end: number): Flaw | undefined {
  const available = end - start;
  if (available < IPV6.LENGTH) return 'truncated';
  if (buffer[start]! >>> 4 !== VERSION) return 'bad-version';
  return IPV6.LENGTH + read16(buffer, start + IPV6.PAYLOAD_LENGTH) > available ? 'truncated' : undefined;
}

/** The payload is a view of `buffer`; what follows its length (padding of Ethernet) is left out. */
export function decodeIpv6(buffer: Uint8Array, start = 0, end = buffer.length): Decoded<Ipv6Packet> {
  const flaw = checkIpv6(buffer, start, end);
  if (flaw !== undefined) return flawed(flaw);
  const payloadAt = start + IPV6.LENGTH;
  return decoded({
    trafficClass: (read16(buffer, start) >>> 4) & 0xff,
    flowLabel: (buffer[start + 1]! & 0xf) * 0x1_0000 + read16(buffer, start + 2),
    hopLimit: buffer[start + IPV6.HOP_LIMIT]!,
    nextHeader: buffer[start + IPV6.NEXT_HEADER]!,
    source: readIpv6(buffer, start + IPV6.SOURCE),
    target: readIpv6(buffer, start + IPV6.TARGET),
    payload: buffer.subarray(payloadAt, payloadAt + read16(buffer, start + IPV6.PAYLOAD_LENGTH)),
  });
}

/** A new array with header and payload. */
export function encodeIpv6(packet: Ipv6Packet): Uint8Array {
  if (packet.payload.length > 0xffff) throw new Error(`a payload of ${packet.payload.length} bytes`);
  const bytes = new Uint8Array(IPV6.LENGTH + packet.payload.length);
  writeIpv6Header(bytes, 0, packet.payload.length, packet.nextHeader, packet.hopLimit, packet.source, packet.target,
    packet.trafficClass, packet.flowLabel);
  bytes.set(packet.payload, IPV6.LENGTH);
  return bytes;
}

/** Writes 40 bytes at `offset`. */
export function writeIpv6Header(buffer: Uint8Array, offset: number, payloadBytes: number, nextHeader: number,
  hopLimit: number, source: Ipv6, target: Ipv6, trafficClass = 0, flowLabel = 0): void {
  write32(buffer, offset, VERSION * 0x1000_0000 + trafficClass * 0x10_0000 + flowLabel);
  write16(buffer, offset + IPV6.PAYLOAD_LENGTH, payloadBytes);
  buffer[offset + IPV6.NEXT_HEADER] = nextHeader;
  buffer[offset + IPV6.HOP_LIMIT] = hopLimit;
  writeIpv6(buffer, offset + IPV6.SOURCE, source);
  writeIpv6(buffer, offset + IPV6.TARGET, target);
}

/** `fd00::2 > fd00::3: ip-proto-99 8`: the line of a packet whose payload is not looked into. */
export function formatIpv6Packet(packet: Ipv6Packet): string {
  return `${packet.source} > ${packet.target}: ${formatProtocol(packet.nextHeader)} ${packet.payload.length}`;
}
