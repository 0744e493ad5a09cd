// A whole frame in one line, as `tcpdump -e -n` prints it; what a tunnel carries follows after an arrow.

import { decodeArp, formatArp } from './arp.js';
import { DNS_PORT, decodeDns, formatDns } from './dns.js';
import { ETHERTYPE, decodeEthernet, formatEthernet } from './ethernet.js';
import { decodeIcmp, formatIcmp } from './icmp.js';
import { PROTOCOL, decodeIpv4, formatIpv4Packet, formatProtocol } from './ipv4.js';
import type { Ipv4Packet } from './ipv4.js';
import { decodeTcp, formatTcp } from './tcp.js';
import { decodeUdp, formatUdp } from './udp.js';
import type { UdpPacket } from './udp.js';
import { formatAddress, type Address } from './ipv6-address.js';
import { IPV6_FRAGMENT, fragmentOffset6, hasMoreFragments6, walkHeaders } from './ipv6-extension.js';
import { decodeIcmpv6, formatIcmpv6 } from './icmpv6.js';
import { IPV6, decodeIpv6, formatIpv6Packet } from './ipv6.js';
import type { Ipv6Packet } from './ipv6.js';
import { VXLAN_PORT, decodeVxlan, formatVxlan } from './vxlan.js';

/** Tunnels in tunnels end somewhere: a frame of 64 KiB could hold a thousand. */
const DEEPEST_TUNNEL = 4;

/** Never throws: what cannot be read is named with its flaw in brackets. */
export function describeFrame(buffer: Uint8Array, start = 0, end = buffer.length): string {
  return describeEthernet(buffer.subarray(start, end), 0);
}

function describeEthernet(bytes: Uint8Array, depth: number): string {
  const frame = decodeEthernet(bytes);
  if (!frame.ok) return `[ethernet ${frame.flaw}], length ${bytes.length}`;
  const head = formatEthernet(frame.packet);
  switch (frame.packet.type) {
    case ETHERTYPE.arp:
      return `${head}: ${describeArp(frame.packet.payload)}`;
    case ETHERTYPE.ipv4:
      return `${head}: ${describeIpv4(frame.packet.payload, depth)}`;
    case ETHERTYPE.ipv6:
      return `${head}: ${describeIpv6(frame.packet.payload, depth)}`;
    default:
      return head;
  }
}

function describeArp(bytes: Uint8Array): string {
  const arp = decodeArp(bytes);
  return arp.ok ? `${formatArp(arp.packet)}, length ${bytes.length}` : `[arp ${arp.flaw}], length ${bytes.length}`;
}

function describeIpv4(bytes: Uint8Array, depth: number): string {
  const datagram = decodeIpv4(bytes);
  if (!datagram.ok) return `[ip ${datagram.flaw}], length ${bytes.length}`;
  const packet = datagram.packet;
  const fragment = describeFragment(packet);
  // A later fragment starts in the middle of what it carries; a first one carries a payload without its end.
  if (fragment !== '') return `${addresses(packet)}: ${formatProtocol(packet.protocol)}${fragment}`;
  switch (packet.protocol) {
    case PROTOCOL.icmp: {
      const icmp = decodeIcmp(packet.payload);
      const text = icmp.ok ? formatIcmp(icmp.packet) : `[icmp ${icmp.flaw}], length ${packet.payload.length}`;
      return `${addresses(packet)}: ${text}`;
    }
    case PROTOCOL.udp:
      return describeUdp(packet, depth);
    case PROTOCOL.tcp:
      return describeTcp(packet);
    default:
      return formatIpv4Packet(packet);
  }
}

/** A payload and the addresses around it. */
interface Carried { readonly source: Address; readonly target: Address; readonly payload: Uint8Array }

function describeIpv6(bytes: Uint8Array, depth: number): string {
  const packet = decodeIpv6(bytes);
  if (!packet.ok) return `[ip6 ${packet.flaw}], length ${bytes.length}`;
  const walk = walkHeaders(bytes, 0, IPV6.LENGTH + packet.packet.payload.length);
  const head = addresses(packet.packet);
  switch (walk.kind) {
    case 'payload': return describeIpv6Payload(packet.packet, walk.protocol, walk.at - IPV6.LENGTH, depth);
    case 'fragment': {
      const from = fragmentOffset6(bytes, walk.at);
      const sizeBytes = IPV6.LENGTH + packet.packet.payload.length - walk.at - IPV6_FRAGMENT.LENGTH;
      return `${head}: frag (${from}|${sizeBytes})${hasMoreFragments6(bytes, walk.at) ? '+' : ''}`;
    }
    case 'nothing': return `${head}: no next header`;
    case 'truncated': return `${head}: [ip6 truncated], length ${bytes.length}`;
    case 'problem': case 'discarded': return `${head}: [ip6 unsupported], length ${bytes.length}`;
  }
}

function describeIpv6Payload(packet: Ipv6Packet, protocol: number, from: number, depth: number): string {
  const { source, target } = packet;
  const payload = packet.payload.subarray(from);
  const carried: Carried = { source, target, payload };
  switch (protocol) {
    case PROTOCOL.icmpv6: {
      const icmp = decodeIcmpv6(payload, 0, payload.length, source, target);
      const text = icmp.ok ? formatIcmpv6(icmp.packet) : `[icmp6 ${icmp.flaw}], length ${payload.length}`;
      return `${addresses(carried)}: ${text}`;
    }
    case PROTOCOL.udp: return describeUdp(carried, depth);
    case PROTOCOL.tcp: return describeTcp(carried);
    default: return formatIpv6Packet(packet);
  }
}

function addresses({ source, target }: { readonly source: Address; readonly target: Address }): string {
  return `${formatAddress(source)} > ${formatAddress(target)}`;
}

/** ` (frag 4660:1480@0+)`: identification, length, offset, and a plus when more follow. */
function describeFragment(packet: Ipv4Packet): string {
  if (packet.fragmentOffset === 0 && !packet.moreFragments) return '';
  const more = packet.moreFragments ? '+' : '';
  return ` (frag ${packet.identification}:${packet.payload.length}@${packet.fragmentOffset}${more})`;
}

function describeTcp(packet: Carried): string {
  const tcp = decodeTcp(packet.payload, 0, packet.payload.length, packet);
  if (!tcp.ok) return `${addresses(packet)}: [tcp ${tcp.flaw}], length ${packet.payload.length}`;
  const { sourcePort, targetPort } = tcp.packet;
  return `${formatAddress(packet.source)}.${sourcePort} > ${formatAddress(packet.target)}.${targetPort}: ` +
    formatTcp(tcp.packet);
}

function describeUdp(packet: Carried, depth: number): string {
  const udp = decodeUdp(packet.payload, 0, packet.payload.length, packet);
  if (!udp.ok) return `${addresses(packet)}: [udp ${udp.flaw}], length ${packet.payload.length}`;
  const { sourcePort, targetPort, payload } = udp.packet;
  const head = `${formatAddress(packet.source)}.${sourcePort} > ${formatAddress(packet.target)}.${targetPort}: `;
  return head + describeUdpPayload(udp.packet, payload, depth);
}

function describeUdpPayload(udp: UdpPacket, payload: Uint8Array, depth: number): string {
  if (udp.targetPort === VXLAN_PORT && depth < DEEPEST_TUNNEL) {
    const vxlan = decodeVxlan(payload);
    if (!vxlan.ok) return `[vxlan ${vxlan.flaw}], length ${payload.length}`;
    return `${formatVxlan(vxlan.packet)} -> ${describeEthernet(vxlan.packet.payload, depth + 1)}`;
  }
  if (udp.sourcePort === DNS_PORT || udp.targetPort === DNS_PORT) {
    const dns = decodeDns(payload);
    return dns.ok ? `${formatDns(dns.packet)} (${payload.length})` : `[dns ${dns.flaw}] (${payload.length})`;
  }
  return formatUdp(udp);
}
