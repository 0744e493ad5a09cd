// What stays the same of a packet on its way: through tunnels, which wrap it; over routers, which count its TTL down;
// and through NAT, which gives it other addresses and ports. Two sightings with one key are of one packet.

import { ARP, ETHERNET, ETHERTYPE, IPV4, PROTOCOL, VXLAN, VXLAN_PORT, checkIpv4, ipv4HeaderBytes, read16,
  read32 } from '@netreel/wire';

export interface PacketMark {
  readonly key: string;
  /** Of the innermost datagram; 0 where there is none. */
  readonly source: number;
  readonly target: number;
}

/** RFC 8200 section 3. */
const IPV6 = { NEXT_HEADER: 6, SOURCE: 8, TARGET: 24, LENGTH: 40 } as const;
const UDP_BYTES = 8;
const TCP_SEQUENCE_AT = 4;
const TCP_BYTES = 20;
const ICMP_AFTER_IDENTIFIER = 6;
const DEEPEST_TUNNEL = 4;

/** The mark of what `buffer` holds from `start` on: an Ethernet frame, or a bare IPv4 datagram. */
export function markOf(buffer: Uint8Array, start: number, end: number): PacketMark | undefined {
  return markOfFrame(buffer, start, end, 0) ?? markOfDatagram(buffer, start, end, 0);
}

function markOfFrame(buffer: Uint8Array, start: number, end: number, depth: number): PacketMark | undefined {
  if (end - start < ETHERNET.LENGTH) return undefined;
  const type = read16(buffer, start + ETHERNET.TYPE);
  const payload = start + ETHERNET.LENGTH;
  if (type === ETHERTYPE.ipv4) return markOfDatagram(buffer, payload, end, depth);
  if (type === ETHERTYPE.ipv6 && end - payload > IPV6.LENGTH) return markOfIpv6(buffer, payload, end);
  if (type !== ETHERTYPE.arp || end - payload < ARP.LENGTH) return undefined;
  return { key: `arp ${digest(buffer, payload, payload + ARP.LENGTH)}`, source: 0, target: 0 };
}

/** Nobody on the way rewrites more of it than its hop limit. */
function markOfIpv6(buffer: Uint8Array, start: number, end: number): PacketMark {
  return { key: `ipv6 ${buffer[start + IPV6.NEXT_HEADER]!} ${digest(buffer, start + IPV6.SOURCE, end)}`,
    source: read32(buffer, start + IPV6.SOURCE + 12), target: read32(buffer, start + IPV6.TARGET + 12) };
}

function markOfDatagram(buffer: Uint8Array, start: number, end: number, depth: number): PacketMark | undefined {
  if (checkIpv4(buffer, start, end) !== undefined) return undefined;
  const protocol = buffer[start + IPV4.PROTOCOL]!;
  const body = start + ipv4HeaderBytes(buffer, start);
  const stop = start + read16(buffer, start + IPV4.TOTAL_LENGTH);
  const fragment = read16(buffer, start + IPV4.FRAGMENT) & 0x3fff;
  if (protocol === PROTOCOL.udp && fragment === 0 && depth < DEEPEST_TUNNEL
    && read16(buffer, body + 2) === VXLAN_PORT) {
    const inner = markOfFrame(buffer, body + UDP_BYTES + VXLAN.LENGTH, stop, depth + 1);
    if (inner !== undefined) return inner;
  }
  return {
    key: `${protocol} ${read16(buffer, start + IPV4.IDENTIFICATION)} ${fragment} ${stop - start} ` +
      `${lasting(buffer, body, stop, protocol, (fragment & 0x1fff) === 0)}`,
    source: read32(buffer, start + IPV4.SOURCE), target: read32(buffer, start + IPV4.TARGET),
  };
}

/** What of the transport's bytes nobody on the way rewrites. */
function lasting(buffer: Uint8Array, start: number, end: number, protocol: number, isFirst: boolean): string {
  if (!isFirst) return digest(buffer, start, end);
  switch (protocol) {
    case PROTOCOL.icmp: return `${buffer[start]!} ${digest(buffer, start + ICMP_AFTER_IDENTIFIER, end)}`;
    case PROTOCOL.udp: return digest(buffer, start + UDP_BYTES, end);
    case PROTOCOL.tcp: return `${read32(buffer, start + TCP_SEQUENCE_AT)} ${buffer[start + 13]!} ` +
      digest(buffer, start + TCP_BYTES, end);
    default: return digest(buffer, start, end);
  }
}

/** FNV-1a. */
function digest(buffer: Uint8Array, start: number, end: number): string {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ buffer[at]!, 0x01000193);
  return (hash >>> 0).toString(16);
}
