// IPv6 addresses as their text in the one form of RFC 5952: equal addresses are equal values, a Map takes them as keys,
// and what stands in a table can be read. RFC 4291 (the ranges), RFC 4007 (zones: `fe80::1%3`, where 3 is a link's
// index, because every link has the same link-local network), RFC 3596 section 2.5 (names for addresses).

import { formatIpv4, parseIpv4 } from './address.js';
import type { Ipv4, Mac } from './address.js';
import { write16 } from './bytes.js';

/** Canonical text, with `%` and a zone where the address means something on one link alone. */
export type Ipv6 = string;

/** An address of either family: a number is IPv4, a text IPv6. */
export type Address = Ipv4 | Ipv6;

/** An address with the length of its network's prefix. Host bits are kept. */
export interface Cidr6 { readonly address: Ipv6; readonly prefix: number }

export const IPV6_UNSPECIFIED: Ipv6 = '::';
export const IPV6_LOOPBACK: Ipv6 = '::1';
/** Every node on the link (RFC 4291 section 2.7.1). */
export const IPV6_ALL_NODES: Ipv6 = 'ff02::1';
export const IPV6_BYTES = 16;

const GROUPS = 8;
/** How many of the last addresses are remembered: both ways between text and bytes are used for every packet. */
const REMEMBERED_MAX = 4096;
const RECENT = 512;

/** Reads any spelling without a zone; undefined when it is none. */
export function parseIpv6(text: string): Ipv6 | undefined {
  const groups = groupsOf(text);
  return groups === undefined ? undefined : formatGroups(groups);
}

/** Eight numbers of 16 bits. */
function groupsOf(text: string): number[] | undefined {
  const dotted = text.includes('.') ? withoutDots(text) : text;
  const halves = dotted?.split('::');
  if (halves === undefined || halves.length > 2) return undefined;
  const head = groupsIn(halves[0]!);
  const tail = halves.length === 1 ? [] : groupsIn(halves[1]!);
  if (head === undefined || tail === undefined) return undefined;
  if (halves.length === 1) return head.length === GROUPS ? head : undefined;
  const zeroes = GROUPS - head.length - tail.length;
  return zeroes < 1 ? undefined : [...head, ...new Array<number>(zeroes).fill(0), ...tail];
}

/** The last 32 bits may be written as an IPv4 address (RFC 4291 section 2.2). */
function withoutDots(text: string): string | undefined {
  const at = text.lastIndexOf(':') + 1;
  const address = parseIpv4(text.slice(at));
  if (at === 0 || address === undefined) return undefined;
  return `${text.slice(0, at)}${(address >>> 16).toString(16)}:${(address & 0xffff).toString(16)}`;
}

function groupsIn(text: string): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  for (const digits of text.split(':')) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(digits)) return undefined;
    groups.push(Number.parseInt(digits, 16));
  }
  return groups;
}

/** RFC 5952: small letters, no leading zeroes, the longest run of zero groups as `::`, the first of equal ones. */
function formatGroups(groups: ArrayLike<number>): Ipv6 {
  let start = -1;
  let length = 1;
  for (let from = 0; from < GROUPS; from++) {
    let to = from;
    while (to < GROUPS && groups[to] === 0) to++;
    if (to - from > length) [start, length] = [from, to - from];
    if (to > from) from = to;
  }
  // RFC 5952 section 5: the prefix of mapped IPv4 addresses is known, so they are written with dots.
  if (start === 0 && length === 5 && groups[5] === 0xffff) {
    return `::ffff:${formatIpv4(groups[6]! * 0x1_0000 + groups[7]!)}`;
  }
  let text = '';
  for (let at = 0; at < GROUPS; at++) {
    if (at === start) {
      text += '::';
      at += length - 1;
    } else {
      text += (text === '' || text.endsWith(':') ? '' : ':') + groups[at]!.toString(16);
    }
  }
  return text;
}

const remembered = new Map<Ipv6, Uint16Array>();

/** The eight groups of an address; its zone does not matter. The array is not the caller's to change. */
export function ipv6Groups(address: Ipv6): Uint16Array {
  const known = remembered.get(address);
  if (known !== undefined) return known;
  const groups = groupsOf(withoutZone(address));
  if (groups === undefined) throw new Error(`no IPv6 address: ${address}`);
  if (remembered.size >= REMEMBERED_MAX) remembered.clear();
  const array = Uint16Array.from(groups);
  remembered.set(address, array);
  return array;
}

interface Seen { readonly groups: Uint16Array; readonly address: Ipv6 }

const recent = new Array<Seen | undefined>(RECENT).fill(undefined);
const scratch = new Uint16Array(GROUPS);

/** The address whose 16 bytes stand at `offset`. */
export function readIpv6(buffer: Uint8Array, offset: number): Ipv6 {
  let hash = 0;
  for (let at = 0; at < GROUPS; at++) {
    const group = (buffer[offset + 2 * at]! << 8) | buffer[offset + 2 * at + 1]!;
    scratch[at] = group;
    hash = Math.imul(hash ^ group, 0x9e37_79b1);
  }
  const place = (hash ^ (hash >>> 16)) & (RECENT - 1);
  const seen = recent[place];
  if (seen !== undefined && sameGroups(seen.groups)) return seen.address;
  const groups = scratch.slice();
  const address = formatGroups(groups);
  recent[place] = { groups, address };
  return address;
}

function sameGroups(groups: Uint16Array): boolean {
  for (let at = 0; at < GROUPS; at++) if (groups[at] !== scratch[at]) return false;
  return true;
}

/** Writes 16 bytes at `offset`. */
export function writeIpv6(buffer: Uint8Array, offset: number, address: Ipv6): void {
  const groups = ipv6Groups(address);
  for (let at = 0; at < GROUPS; at++) write16(buffer, offset + 2 * at, groups[at]!);
}

/** Reads `fd00::5/64` and keeps the host bits; undefined when it is anything else. */
export function parseCidr6(text: string): Cidr6 | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return undefined;
  const address = parseIpv6(text.slice(0, slash));
  const digits = text.slice(slash + 1);
  if (address === undefined || !/^(0|[1-9][0-9]{0,2})$/.test(digits)) return undefined;
  const prefix = Number.parseInt(digits, 10);
  return prefix > 128 ? undefined : { address, prefix };
}

/** The bits of group `at` that a prefix covers. */
function groupMask(at: number, prefix: number): number {
  const bits = prefix - 16 * at;
  return bits >= 16 ? 0xffff : bits <= 0 ? 0 : (0xffff << (16 - bits)) & 0xffff;
}

/** The address with its host bits cleared, without its zone. */
export function networkOf6(address: Ipv6, prefix: number): Ipv6 {
  const groups = ipv6Groups(address).slice();
  for (let at = 0; at < GROUPS; at++) groups[at]! &= groupMask(at, prefix);
  return formatGroups(groups);
}

/** The address with its host bits set. */
export function lastOf6(address: Ipv6, prefix: number): Ipv6 {
  const groups = ipv6Groups(address).slice();
  for (let at = 0; at < GROUPS; at++) groups[at]! |= ~groupMask(at, prefix) & 0xffff;
  return formatGroups(groups);
}

/** Whether `address` lies in `network`/`prefix`; host bits of `network` do not matter. */
export function inSubnet6(address: Ipv6, network: Ipv6, prefix: number): boolean {
  const a = ipv6Groups(address);
  const b = ipv6Groups(network);
  for (let at = 0; at * 16 < prefix; at++) if (((a[at]! ^ b[at]!) & groupMask(at, prefix)) !== 0) return false;
  return true;
}

/** Whether two subnets share an address: then the wider one contains the other. */
export function overlaps6(a: Cidr6, b: Cidr6): boolean {
  return inSubnet6(a.address, b.address, a.prefix < b.prefix ? a.prefix : b.prefix);
}

/** Bits that two addresses have in common from their beginning on. */
export function sharedBits6(a: Ipv6, b: Ipv6): number {
  const one = ipv6Groups(a);
  const other = ipv6Groups(b);
  for (let at = 0; at < GROUPS; at++) {
    const different = one[at]! ^ other[at]!;
    if (different !== 0) return 16 * at + Math.clz32(different) - 16;
  }
  return 128;
}

/** Below 0 when `a` is the lower number. */
export function compareIpv6(a: Ipv6, b: Ipv6): number {
  const one = ipv6Groups(a);
  const other = ipv6Groups(b);
  for (let at = 0; at < GROUPS; at++) if (one[at] !== other[at]) return one[at]! - other[at]!;
  return 0;
}

/** The address `count` further on; behind the last one it goes on from the first. */
export function addToIpv6(address: Ipv6, count: number): Ipv6 {
  const groups = ipv6Groups(address).slice();
  let carry = count;
  for (let at = GROUPS - 1; at >= 0 && carry > 0; at--) {
    const sum = groups[at]! + carry;
    groups[at] = sum % 0x1_0000;
    carry = Math.floor(sum / 0x1_0000);
  }
  return formatGroups(groups);
}

/** ff00::/8. */
export function isMulticastIpv6(address: Ipv6): boolean {
  return ipv6Groups(address)[0]! >>> 8 === 0xff;
}

/** fe80::/10. */
export function isLinkLocalIpv6(address: Ipv6): boolean {
  return (ipv6Groups(address)[0]! & 0xffc0) === 0xfe80;
}

/** Link-local addresses, and groups of interface- or link-local scope: they need a zone. */
export function needsZone(address: Ipv6): boolean {
  const first = ipv6Groups(address)[0]!;
  return (first & 0xffc0) === 0xfe80 || (first >>> 8 === 0xff && (first & 0xf) <= 2);
}

/** The address on the link with that index, if it is one that needs a zone. */
export function inZone(address: Ipv6, link: number): Ipv6 {
  return needsZone(address) ? `${withoutZone(address)}%${link}` : address;
}

/** The index of the link that an address is on; 0 when it has none. */
export function zoneOf(address: Ipv6): number {
  const at = address.indexOf('%');
  return at < 0 ? 0 : Number(address.slice(at + 1));
}

export function withoutZone(address: Ipv6): Ipv6 {
  const at = address.indexOf('%');
  return at < 0 ? address : address.slice(0, at);
}

/** fe80:: and the modified EUI-64 of a MAC (RFC 4291 appendix A, RFC 2464 section 4). */
export function linkLocalOf(mac: Mac): Ipv6 {
  const high = Math.floor(mac / 0x100_0000);
  const low = mac % 0x100_0000;
  return formatGroups([0xfe80, 0, 0, 0, (high >>> 8) ^ 0x0200, ((high & 0xff) << 8) | 0xff,
    0xfe00 | (low >>> 16), low & 0xffff]);
}

/** The group in which whoever has `address` listens for solicitations (RFC 4291 section 2.7.1). */
export function solicitedNodeOf(address: Ipv6): Ipv6 {
  const groups = ipv6Groups(address);
  return formatGroups([0xff02, 0, 0, 0, 0, 1, 0xff00 | (groups[6]! & 0xff), groups[7]!]);
}

/** 33:33 and the last four bytes of the group's address (RFC 2464 section 7). */
export function groupMacOf6(group: Ipv6): Mac {
  const groups = ipv6Groups(group);
  return 0x3333_0000_0000 + groups[6]! * 0x1_0000 + groups[7]!;
}

/** `::ffff:10.0.0.2`: an IPv4 address as sockets of IPv6 show it (RFC 4291 section 2.5.5.2). */
export function mappedOf(address: Ipv4): Ipv6 {
  return `::ffff:${formatIpv4(address)}`;
}

/** The IPv4 address in a mapped one; undefined for any other. */
export function mappedIpv4(address: Ipv6): Ipv4 | undefined {
  return address.startsWith('::ffff:') && address.includes('.') ? parseIpv4(address.slice(7)) : undefined;
}

/** The text of an address of either family. */
export function formatAddress(address: Address): string {
  return typeof address === 'number' ? formatIpv4(address) : address;
}

/** Reads an address of either family, without a zone. */
export function parseAddress(text: string): Address | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** A number of 32 bits that equal addresses share: of IPv4 the address itself. */
export function addressWord(address: Address): number {
  if (typeof address === 'number') return address;
  const groups = ipv6Groups(address);
  let word = zoneOf(address);
  for (let at = 0; at < GROUPS; at++) word = Math.imul(word ^ groups[at]!, 0x9e37_79b1) ^ (word >>> 15);
  return word >>> 0;
}

/** 0.0.0.0 or `::`. */
export function isUnspecified(address: Address): boolean {
  return address === 0 || address === IPV6_UNSPECIFIED;
}

/** `3.0.0. … .d.f.ip6.arpa`. */
export function reverseNameOf6(address: Ipv6): string {
  const digits = Array.from(ipv6Groups(address), (group) => group.toString(16).padStart(4, '0')).join('');
  return `${[...digits].reverse().join('.')}.ip6.arpa`;
}

/** The address that a name under ip6.arpa is about; undefined when it is none. */
export function addressOfReverseName6(name: string): Ipv6 | undefined {
  const match = /^((?:[0-9a-f]\.){32})ip6\.arpa\.?$/i.exec(name);
  if (match === null) return undefined;
  const digits = match[1]!.split('.').reverse().join('');
  return parseIpv6(digits.replace(/.{4}(?!$)/g, '$&:'));
}
