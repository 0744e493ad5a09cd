// Ethernet II frames. IEEE 802.3 clause 3.2.6 (length or type), RFC 894; type numbers from IANA "IEEE 802 Numbers".

import { formatMac } from './address.js';
import type { Mac } from './address.js';
import { read16, read48, write16, write48 } from './bytes.js';
import { decoded, flawed } from './flaw.js';
import type { Decoded } from './flaw.js';

export const ETHERNET = { TARGET: 0, SOURCE: 6, TYPE: 12, LENGTH: 14 } as const;

export const ETHERTYPE = { ipv4: 0x0800, arp: 0x0806, vlan: 0x8100, ipv6: 0x86dd } as const;

/** Values below are lengths of an 802.2 frame, not types (IEEE 802.3 clause 3.2.6). */
const LEAST_TYPE = 0x0600;

export interface EthernetFrame {
  readonly target: Mac;
  readonly source: Mac;
  readonly type: number;
  readonly payload: Uint8Array;
}

/** The payload is a view of `buffer`. */
export function decodeEthernet(buffer: Uint8Array, start = 0, end = buffer.length): Decoded<EthernetFrame> {
  if (end - start < ETHERNET.LENGTH) return flawed('truncated');
  const type = read16(buffer, start + ETHERNET.TYPE);
  if (type < LEAST_TYPE) return flawed('unsupported');
  return decoded({
    target: read48(buffer, start + ETHERNET.TARGET),
    source: read48(buffer, start + ETHERNET.SOURCE),
    type,
    payload: buffer.subarray(start + ETHERNET.LENGTH, end),
  });
}

/** A new array with header and payload. */
export function encodeEthernet(frame: EthernetFrame): Uint8Array {
  const bytes = new Uint8Array(ETHERNET.LENGTH + frame.payload.length);
  writeEthernetHeader(bytes, 0, frame.target, frame.source, frame.type);
  bytes.set(frame.payload, ETHERNET.LENGTH);
  return bytes;
}

/** Writes 14 bytes at `offset`. */
export function writeEthernetHeader(buffer: Uint8Array, offset: number, target: Mac, source: Mac, type: number): void {
  write48(buffer, offset + ETHERNET.TARGET, target);
  write48(buffer, offset + ETHERNET.SOURCE, source);
  write16(buffer, offset + ETHERNET.TYPE, type);
}

const TYPE_NAMES: ReadonlyMap<number, string> = new Map([
  [ETHERTYPE.ipv4, 'IPv4'], [ETHERTYPE.arp, 'ARP'], [ETHERTYPE.vlan, '802.1Q'], [ETHERTYPE.ipv6, 'IPv6'],
]);

/** `02:42:0a:00:00:02 > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42`. */
export function formatEthernet(frame: EthernetFrame): string {
  const target = formatMac(frame.target);
  const type = `${TYPE_NAMES.get(frame.type) ?? 'Unknown'} (0x${frame.type.toString(16).padStart(4, '0')})`;
  return `${formatMac(frame.source)} > ${target}, ethertype ${type}, length ${ETHERNET.LENGTH + frame.payload.length}`;
}
