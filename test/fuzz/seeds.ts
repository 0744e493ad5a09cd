// Frames that are right, of every protocol and about every state that the target can be in: what mutations begin with.

import {
  BROADCAST_MAC, ETHERTYPE, ICMP_TYPE, ICMP_UNREACHABLE, PROTOCOL, TCP_FLAG, encodeArp, encodeDns,
  encodeEthernet, encodeIpv4, encodeTcp, encodeUdp, encodeVxlan, writeIcmpHeader,
} from '../../packages/wire/src/index.js';
import {
  CONTAINER, GATEWAY, HOST, HOST_MAC, OVERLAY_CONTAINER, OVERLAY_PEER, OVERLAY_PEER_MAC, PEER, PEER_MAC,
  PUBLISHED_PORT, TCP_PORT, TUNNEL_PORT, UDP_PORT, VNI,
} from './target.js';

const NOTHING = new Uint8Array(0);
const TEXT = Uint8Array.from({ length: 100 }, (_, at) => 32 + (at % 90));
const QUESTION = encodeDns({ id: 7, response: false, authoritative: false, truncated: false, recursionDesired: true,
  recursionAvailable: false, rcode: 'NOERROR', questions: [{ name: 'router.lab', type: 'A' }], answers: [] });

type Way = readonly [source: number, target: number];

function packet([source, target]: Way, protocol: number, payload: Uint8Array, fragment = 0, more = false,
  ttl = 64): Uint8Array {
  return encodeIpv4({ tos: 0, identification: 77, dontFragment: false, moreFragments: more, fragmentOffset: fragment,
    ttl, protocol, source, target, options: NOTHING, payload });
}

export function frame(payload: Uint8Array, target = HOST_MAC, source = PEER_MAC,
  type: number = ETHERTYPE.ipv4): Uint8Array {
  return encodeEthernet({ target, source, type, payload });
}

export function tcp(way: Way, sourcePort: number, targetPort: number, flags: number, sequence: number,
  payload = NOTHING, acknowledgment = 0): Uint8Array {
  return packet(way, PROTOCOL.tcp, encodeTcp({ sourcePort, targetPort, sequence, acknowledgment, flags, window: 8192,
    urgent: 0, payload, options: (flags & TCP_FLAG.syn) === 0 ? [] : [{ kind: 'mss', sizeBytes: 1460 },
      { kind: 'sackPermitted' }, { kind: 'timestamps', value: 1, echo: 0 }, { kind: 'nop' },
      { kind: 'windowScale', shift: 7 }] }, { source: way[0], target: way[1] }));
}

function udp(way: Way, sourcePort: number, targetPort: number, payload: Uint8Array): Uint8Array {
  return packet(way, PROTOCOL.udp, encodeUdp({ sourcePort, targetPort, payload },
    { source: way[0], target: way[1] }));
}

function icmp(way: Way, type: number, code: number, rest: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + payload.length);
  bytes.set(payload, 8);
  writeIcmpHeader(bytes, 0, bytes.length, type, code, rest);
  return packet(way, PROTOCOL.icmp, bytes);
}

export const IN: Way = [PEER, HOST];
const INNER: Way = [OVERLAY_PEER, OVERLAY_CONTAINER];

function tunnelled(inner: Uint8Array): Uint8Array {
  return udp(IN, 50_000, TUNNEL_PORT, encodeVxlan({ vni: VNI, payload: inner }));
}

function arp(operation: 'request' | 'reply', senderIp: number, targetIp: number, targetMac = 0): Uint8Array {
  return encodeArp({ operation, senderMac: PEER_MAC, senderIp, targetMac, targetIp });
}

const SEGMENTS = [TCP_PORT, PUBLISHED_PORT, 4].flatMap((port) => [
  tcp(IN, 40_000, port, TCP_FLAG.syn, 1000),
  tcp(IN, 40_000, port, TCP_FLAG.ack, 1001, TEXT, 1),
  tcp(IN, 40_000, port, TCP_FLAG.fin | TCP_FLAG.ack, 1101, NOTHING, 1),
  tcp(IN, 40_000, port, TCP_FLAG.rst, 1001),
]);
/** The same addresses and ports at both ends (the land attack). */
const LAND = [tcp([HOST, HOST], TCP_PORT, TCP_PORT, TCP_FLAG.syn, 5),
  tcp([CONTAINER, CONTAINER], TCP_PORT, TCP_PORT, TCP_FLAG.syn, 5)];
const LARGE = encodeUdp({ sourcePort: 5000, targetPort: UDP_PORT, payload: new Uint8Array(64).fill(65) },
  { source: PEER, target: HOST });
/** Pieces of one datagram, some of which overlap. */
const PIECES = [packet(IN, PROTOCOL.udp, LARGE.subarray(0, 32), 0, true),
  packet(IN, PROTOCOL.udp, LARGE.subarray(32), 32, false), packet(IN, PROTOCOL.udp, LARGE.subarray(16, 40), 16, true),
  packet(IN, PROTOCOL.udp, LARGE.subarray(0, 16), 65_512, false)];
const ERRORS = [
  icmp(IN, ICMP_TYPE.unreachable, ICMP_UNREACHABLE.port, 0, tcp([HOST, PEER], TCP_PORT, 40_000, TCP_FLAG.ack, 1)),
  icmp(IN, ICMP_TYPE.unreachable, ICMP_UNREACHABLE.fragmentationNeeded, 576,
    tcp([HOST, PEER], TCP_PORT, 40_000, TCP_FLAG.ack, 1, TEXT)),
  icmp(IN, ICMP_TYPE.timeExceeded, 0, 0, udp([HOST, PEER], UDP_PORT, 5000, TEXT)),
  icmp(IN, ICMP_TYPE.parameterProblem, 0, 0, udp([CONTAINER, PEER], UDP_PORT, 5000, TEXT)),
];

/** ICMPv6 behind an IPv6 header: an echo request, and a neighbour solicitation. */
function ipv6(type: number): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes.set([0x60, 0, 0, 0, 0, 24, 58, 255, 0xfe, 0x80]);
  bytes[23] = 2;
  bytes.set([0xfe, 0x80], 24);
  bytes[39] = 1;
  bytes[40] = type;
  bytes.set([0xfe, 0x80], 48);
  bytes[63] = 1;
  return bytes;
}

/** What comes in by the NIC. */
export const OUTER: readonly Uint8Array[] = [
  ...SEGMENTS, ...LAND, ...PIECES, ...ERRORS,
  icmp(IN, ICMP_TYPE.echo, 0, 0x0001_0001, TEXT), icmp(IN, 5, 1, GATEWAY, udp([HOST, PEER], 1, 2, TEXT)),
  udp(IN, 5000, UDP_PORT, QUESTION), udp(IN, 5001, 5353, QUESTION), udp(IN, 5002, 9999, TEXT),
  packet(IN, 99, TEXT), packet([PEER, CONTAINER], PROTOCOL.udp, TEXT, 0, false, 1),
  tunnelled(frame(tcp(INNER, 41_000, TCP_PORT, TCP_FLAG.syn, 9), 0x0242_0a00_0002, OVERLAY_PEER_MAC)),
  tunnelled(frame(icmp(INNER, ICMP_TYPE.echo, 0, 5, TEXT), BROADCAST_MAC, OVERLAY_PEER_MAC)),
  tunnelled(frame(arp('request', OVERLAY_PEER, OVERLAY_CONTAINER), BROADCAST_MAC, OVERLAY_PEER_MAC,
    ETHERTYPE.arp)),
].map((each) => frame(each)).concat([
  frame(arp('request', PEER, HOST), BROADCAST_MAC, PEER_MAC, ETHERTYPE.arp),
  frame(arp('reply', PEER, HOST, HOST_MAC), HOST_MAC, PEER_MAC, ETHERTYPE.arp),
  frame(arp('request', HOST, HOST), BROADCAST_MAC, PEER_MAC, ETHERTYPE.arp),
  frame(ipv6(128), HOST_MAC, PEER_MAC, 0x86dd), frame(ipv6(135), 0x3333_0000_0001, PEER_MAC, 0x86dd),
  frame(TEXT, HOST_MAC, PEER_MAC, 0x1234),
]);
