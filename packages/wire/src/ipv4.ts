// IPv4 datagrams. RFC 791 section 3.1; what a receiver checks, RFC 1812 section 5.2.2. Fragmentation is in fragment.ts.

import { formatIpv4 } from './address.js';
import type { Ipv4 } from './address.js';
import { read16, read32, write16, write32 } from './bytes.js';
import { adjustChecksum, internetChecksum } from './checksum.js';
import { decoded, flawed } from './flaw.js';
import type { Decoded, Flaw } from './flaw.js';

export const IPV4 = {
  VERSION_IHL: 0, TOS: 1, TOTAL_LENGTH: 2, IDENTIFICATION: 4, FRAGMENT: 6, TTL: 8, PROTOCOL: 9, CHECKSUM: 10,
  SOURCE: 12, TARGET: 16, LENGTH: 20,
} as const;

/** The 16 bits at `IPV4.FRAGMENT`: two flags, and the offset in units of eight bytes. */
export const IPV4_FRAGMENT = { dontFragment: 0x4000, moreFragments: 0x2000, offsetMask: 0x1fff } as const;

/** Numbers from IANA "Protocol Numbers". */
export const PROTOCOL = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;

/** The most that the length field can say, header included. */
export const IPV4_MAX_BYTES = 65535;

const VERSION = 4;
const LONGEST_OPTIONS = 40;

export interface Ipv4Packet {
  /** Type of service: DSCP and ECN (RFC 2474, RFC 3168). */
  readonly tos: number;
  readonly identification: number;
  readonly dontFragment: boolean;
  readonly moreFragments: boolean;
  /** In bytes, a multiple of eight. */
  readonly fragmentOffset: number;
  readonly ttl: number;
  readonly protocol: number;
  readonly source: Ipv4;
  readonly target: Ipv4;
  /** Raw, a multiple of four bytes, 40 at most. */
  readonly options: Uint8Array;
  readonly payload: Uint8Array;
}

/** Length of the header at `offset` in bytes, options included. */
export function ipv4HeaderBytes(buffer: Uint8Array, offset: number): number {
  return (buffer[offset]! & 0x0f) * 4;
}

/** What is wrong with the header, if anything. Reads only, for the path that every datagram takes. */
export function checkIpv4(buffer: Uint8Array, start: number, end: number): Flaw | undefined {
  const available = end - start;
  if (available < IPV4.LENGTH) return 'truncated';
  const first = buffer[start]!;
  if (first >>> 4 !== VERSION) return 'bad-version';
  const headerBytes = (first & 0x0f) * 4;
  if (headerBytes < IPV4.LENGTH) return 'bad-length';
  const totalBytes = read16(buffer, start + IPV4.TOTAL_LENGTH);
  if (totalBytes < headerBytes) return 'bad-length';
  // With the line above this covers the header too.
  if (totalBytes > available) return 'truncated';
  return internetChecksum(buffer, start, start + headerBytes) === 0 ? undefined : 'bad-checksum';
}

/** Options and payload are views of `buffer`; what follows the total length (padding of Ethernet) is left out. */
export function decodeIpv4(buffer: Uint8Array, start = 0, end = buffer.length): Decoded<Ipv4Packet> {
  const flaw = checkIpv4(buffer, start, end);
  if (flaw !== undefined) return flawed(flaw);
  const headerBytes = ipv4HeaderBytes(buffer, start);
  const fragment = read16(buffer, start + IPV4.FRAGMENT);
  return decoded({
    tos: buffer[start + IPV4.TOS]!,
    identification: read16(buffer, start + IPV4.IDENTIFICATION),
    dontFragment: (fragment & IPV4_FRAGMENT.dontFragment) !== 0,
    moreFragments: (fragment & IPV4_FRAGMENT.moreFragments) !== 0,
    fragmentOffset: (fragment & IPV4_FRAGMENT.offsetMask) * 8,
    ttl: buffer[start + IPV4.TTL]!,
    protocol: buffer[start + IPV4.PROTOCOL]!,
    source: read32(buffer, start + IPV4.SOURCE),
    target: read32(buffer, start + IPV4.TARGET),
    options: buffer.subarray(start + IPV4.LENGTH, start + headerBytes),
    payload: buffer.subarray(start + headerBytes, start + read16(buffer, start + IPV4.TOTAL_LENGTH)),
  });
}

/** A new array with header, options and payload. Options that do not fill whole words are padded with end-of-list. */
export function encodeIpv4(packet: Ipv4Packet): Uint8Array {
  const headerBytes = IPV4.LENGTH + Math.ceil(packet.options.length / 4) * 4;
  const totalBytes = headerBytes + packet.payload.length;
  if (packet.options.length > LONGEST_OPTIONS) throw new Error(`${packet.options.length} bytes of options`);
  if (totalBytes > IPV4_MAX_BYTES) throw new Error(`a datagram of ${totalBytes} bytes`);
  if (packet.fragmentOffset % 8 !== 0) throw new Error(`a fragment at ${packet.fragmentOffset}`);
  const bytes = new Uint8Array(totalBytes);
  const fragment = (packet.dontFragment ? IPV4_FRAGMENT.dontFragment : 0) |
    (packet.moreFragments ? IPV4_FRAGMENT.moreFragments : 0) | (packet.fragmentOffset / 8);
  writeIpv4Header(bytes, 0, totalBytes, packet.identification, fragment, packet.ttl, packet.protocol, packet.source,
    packet.target, packet.tos);
  bytes.set(packet.payload, headerBytes);
  if (headerBytes > IPV4.LENGTH) {
    bytes.set(packet.options, IPV4.LENGTH);
    bytes[IPV4.VERSION_IHL] = (VERSION << 4) | (headerBytes / 4);
    sealIpv4Header(bytes, 0);
  }
  return bytes;
}

/**
 * Writes a header of 20 bytes at `offset`, with its checksum. `fragment` is the word of {@link IPV4_FRAGMENT}, with the
 * offset in units of eight bytes.
 */
export function writeIpv4Header(
  buffer: Uint8Array, offset: number, totalBytes: number, identification: number, fragment: number, ttl: number,
  protocol: number, source: Ipv4, target: Ipv4, tos = 0,
): void {
  buffer[offset] = 0x45;
  buffer[offset + IPV4.TOS] = tos;
  write16(buffer, offset + IPV4.TOTAL_LENGTH, totalBytes);
  write16(buffer, offset + IPV4.IDENTIFICATION, identification);
  write16(buffer, offset + IPV4.FRAGMENT, fragment);
  buffer[offset + IPV4.TTL] = ttl;
  buffer[offset + IPV4.PROTOCOL] = protocol;
  write32(buffer, offset + IPV4.SOURCE, source);
  write32(buffer, offset + IPV4.TARGET, target);
  // Summed from the values, not from the bytes just written: half the memory traffic.
  let sum = 0x4500 + tos + totalBytes + identification + fragment + (ttl << 8) + protocol +
    (source >>> 16) + (source & 0xffff) + (target >>> 16) + (target & 0xffff);
  sum = (sum >>> 16) + (sum & 0xffff);
  write16(buffer, offset + IPV4.CHECKSUM, ~((sum >>> 16) + sum) & 0xffff);
}

/** Computes the header's checksum anew, after fields were changed in place. */
export function sealIpv4Header(buffer: Uint8Array, offset: number): void {
  write16(buffer, offset + IPV4.CHECKSUM, 0);
  write16(buffer, offset + IPV4.CHECKSUM, internetChecksum(buffer, offset, offset + ipv4HeaderBytes(buffer, offset)));
}

/** Takes one from the time to live and adjusts the checksum (RFC 1624). The caller has seen that it is not zero. */
export function decrementTtl(buffer: Uint8Array, offset: number): void {
  const before = read16(buffer, offset + IPV4.TTL);
  const after = before - 0x100;
  buffer[offset + IPV4.TTL] = after >>> 8;
  write16(buffer, offset + IPV4.CHECKSUM, adjustChecksum(read16(buffer, offset + IPV4.CHECKSUM), before, after));
}

const PROTOCOL_NAMES: ReadonlyMap<number, string> = new Map([
  [PROTOCOL.icmp, 'icmp'], [PROTOCOL.icmpv6, 'ipv6-icmp'], [PROTOCOL.tcp, 'tcp'], [PROTOCOL.udp, 'udp'],
]);

/** `udp`, or `ip-proto-99`. */
export function formatProtocol(protocol: number): string {
  return PROTOCOL_NAMES.get(protocol) ?? `ip-proto-${protocol}`;
}

/** `10.0.0.2 > 10.0.0.3: ip-proto-99 8`: the line of a datagram whose payload is not looked into. */
export function formatIpv4Packet(packet: Ipv4Packet): string {
  const ends = `${formatIpv4(packet.source)} > ${formatIpv4(packet.target)}`;
  return `${ends}: ${formatProtocol(packet.protocol)} ${packet.payload.length}`;
}
