// Neighbour solicitation and advertisement. RFC 4861 sections 4.3, 4.4 and 4.6.1; what a receiver checks: section 7.1.

import { formatMac } from './address.js';
import type { Mac } from './address.js';
import { read48, write48 } from './bytes.js';
import { decoded, flawed } from './flaw.js';
import type { Decoded } from './flaw.js';
import { isMulticastIpv6, readIpv6, writeIpv6 } from './ipv6-address.js';
import type { Ipv6 } from './ipv6-address.js';
import type { Icmpv6Packet } from './icmpv6.js';

export const NDP_TYPE = { routerSolicitation: 133, routerAdvertisement: 134, solicitation: 135, advertisement: 136,
  redirect: 137 } as const;

/** Of the second word of an advertisement. */
export const NDP_FLAG = { router: 0x8000_0000, solicited: 0x4000_0000, override: 0x2000_0000 } as const;

/** What every message of neighbour discovery has, so that none can have come from beyond a router (section 7.1). */
export const NDP_HOP_LIMIT = 255;

const OPTION = { source: 1, target: 2 } as const;
const ADDRESS_BYTES = 16;
const UNIT = 8;

export interface NdpPacket {
  readonly kind: 'solicitation' | 'advertisement';
  readonly target: Ipv6;
  /** The link-layer address option: the sender's, in an advertisement the target's. 0 when there is none. */
  readonly mac: Mac;
  readonly router: boolean;
  readonly solicited: boolean;
  readonly override: boolean;
}

/** Reads what stands behind the header of a message of type 135 or 136. */
export function decodeNdp({ type, code, rest, data }: Icmpv6Packet): Decoded<NdpPacket> {
  if (code !== 0) return flawed('bad-value');
  if (data.length < ADDRESS_BYTES) return flawed('truncated');
  const target = readIpv6(data, 0);
  if (isMulticastIpv6(target)) return flawed('bad-value');
  const wanted = type === NDP_TYPE.solicitation ? OPTION.source : OPTION.target;
  let mac = 0;
  for (let at = ADDRESS_BYTES; at < data.length;) {
    const optionBytes = at + 1 < data.length ? data[at + 1]! * UNIT : 0;
    // Section 4.6: a length of 0 spoils the whole message.
    if (optionBytes === 0 || at + optionBytes > data.length) return flawed('bad-length');
    if (data[at] === wanted && optionBytes === UNIT) mac = read48(data, at + 2);
    at += optionBytes;
  }
  const has = (flag: number): boolean => type === NDP_TYPE.advertisement && (rest & flag) !== 0;
  return decoded({ kind: type === NDP_TYPE.solicitation ? 'solicitation' : 'advertisement', target, mac,
    router: has(NDP_FLAG.router), solicited: has(NDP_FLAG.solicited), override: has(NDP_FLAG.override) });
}

/** The message without its checksum: for `encodeIcmpv6`. */
export function encodeNdp(packet: NdpPacket): Icmpv6Packet {
  const isQuestion = packet.kind === 'solicitation';
  const data = new Uint8Array(ADDRESS_BYTES + (packet.mac === 0 ? 0 : UNIT));
  writeIpv6(data, 0, packet.target);
  if (packet.mac !== 0) {
    data[ADDRESS_BYTES] = isQuestion ? OPTION.source : OPTION.target;
    data[ADDRESS_BYTES + 1] = 1;
    write48(data, ADDRESS_BYTES + 2, packet.mac);
  }
  const flags = isQuestion ? 0 : (packet.router ? NDP_FLAG.router : 0) + (packet.solicited ? NDP_FLAG.solicited : 0)
    + (packet.override ? NDP_FLAG.override : 0);
  return { type: isQuestion ? NDP_TYPE.solicitation : NDP_TYPE.advertisement, code: 0, rest: flags, data };
}

/** `neighbor solicitation, who has fd00::3`, `neighbor advertisement, tgt is fd00::3, Flags [solicited, override]`. */
export function formatNdp(packet: NdpPacket): string {
  if (packet.kind === 'solicitation') return `neighbor solicitation, who has ${packet.target}`;
  const flags = [...(packet.router ? ['router'] : []), ...(packet.solicited ? ['solicited'] : []),
    ...(packet.override ? ['override'] : [])];
  const mac = packet.mac === 0 ? '' : `, ${formatMac(packet.mac)}`;
  return `neighbor advertisement, tgt is ${packet.target}, Flags [${flags.join(', ')}]${mac}`;
}
