// The Internet checksum. RFC 1071; incremental update RFC 1624 equation 3; pseudo header RFC 768, RFC 8200 section 8.1.

import { ipv6Groups } from './ipv6-address.js';
import type { Address, Ipv6 } from './ipv6-address.js';

function fold(sum: number): number {
  // The first fold of a sum below 2^32 leaves at most one carry for the second.
  const folded = (sum >>> 16) + (sum & 0xffff);
  return (folded >>> 16) + (folded & 0xffff);
}

/**
 * The value for a checksum field that is zero in the bytes; over bytes with their right checksum it is 0.
 * `initial` is a partial sum such as {@link pseudoHeaderSum}.
 */
export function internetChecksum(buffer: Uint8Array, start: number, end: number, initial = 0): number {
  // Upper and lower bytes are summed apart: no shift per word, and 64 KiB cannot leave the range of small integers.
  let high = 0;
  let low = 0;
  let at = start;
  for (const last = end - 8; at <= last; at += 8) {
    high += buffer[at]! + buffer[at + 2]! + buffer[at + 4]! + buffer[at + 6]!;
    low += buffer[at + 1]! + buffer[at + 3]! + buffer[at + 5]! + buffer[at + 7]!;
  }
  for (const last = end - 1; at < last; at += 2) {
    high += buffer[at]!;
    low += buffer[at + 1]!;
  }
  // RFC 1071 section 4.1: an odd byte counts as if a zero followed.
  if (at < end) high += buffer[at]!;
  return ~fold(high * 256 + low + initial) & 0xffff;
}

/**
 * Sum over the addresses, protocol and length that checksums of UDP, TCP and ICMPv6 cover beside their own bytes. Both
 * addresses are of one family.
 */
export function pseudoHeaderSum(source: Address, target: Address, protocol: number, length: number): number {
  if (typeof source === 'number') {
    const other = target as number;
    return (source >>> 16) + (source & 0xffff) + (other >>> 16) + (other & 0xffff) + protocol + length;
  }
  return groupSum(source) + groupSum(target as Ipv6) + protocol + length;
}

function groupSum(address: Ipv6): number {
  const groups = ipv6Groups(address);
  let sum = 0;
  for (let at = 0; at < groups.length; at++) sum += groups[at]!;
  return sum;
}

/** The checksum after one 16-bit word under it has changed from `before` to `after`. */
export function adjustChecksum(checksum: number, before: number, after: number): number {
  return ~fold((~checksum & 0xffff) + (~before & 0xffff) + after) & 0xffff;
}
