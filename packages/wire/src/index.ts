// Everything is handed on by value. `export … from` compiles to getters, and one of them is enough to turn the table
// of names into a slow dictionary, which every `read16` of another room would search: a third of a datagram's time.

import * as address from './address.js';
import * as arp from './arp.js';
import * as bytes from './bytes.js';
import * as checksum from './checksum.js';
import * as describe from './describe.js';
import * as dns from './dns.js';
import * as ethernet from './ethernet.js';
import * as fragment from './fragment.js';
import * as frame from './frame.js';
import * as icmp from './icmp.js';
import * as ipv4 from './ipv4.js';
import * as icmpv6 from './icmpv6.js';
import * as ipv6 from './ipv6.js';
import * as ipv6Address from './ipv6-address.js';
import * as ipv6Extension from './ipv6-extension.js';
import * as ipv6Fragment from './ipv6-fragment.js';
import * as ipv6Quote from './ipv6-quote.js';
import * as ndp from './ndp.js';
import * as reassembly from './reassembly.js';
import * as tcp from './tcp.js';
import * as udp from './udp.js';
import * as vxlan from './vxlan.js';

export const { read16, read32, read48, write16, write32, write48 } = bytes;
export const {
  BROADCAST_MAC, parseMac, formatMac, parseIpv4, formatIpv4, parseCidr, formatCidr, maskOf, networkOf, broadcastOf,
  inSubnet, overlaps, isGroupMac, macFromIpv4, isMulticastIpv4, isLoopbackIpv4,
} = address;
export type { Mac, Ipv4, Cidr } from './address.js';
export const {
  IPV6_UNSPECIFIED, IPV6_LOOPBACK, IPV6_ALL_NODES, parseIpv6, readIpv6, writeIpv6, ipv6Groups, parseCidr6, networkOf6,
  lastOf6, inSubnet6, overlaps6, sharedBits6, compareIpv6, addToIpv6, isMulticastIpv6, isLinkLocalIpv6, needsZone,
  inZone, zoneOf, withoutZone, linkLocalOf, solicitedNodeOf, groupMacOf6, mappedOf, mappedIpv4, formatAddress,
  parseAddress, addressWord, isUnspecified, reverseNameOf6, addressOfReverseName6,
} = ipv6Address;
export type { Ipv6, Address, Cidr6 } from './ipv6-address.js';
export type { Flaw, Decoded } from './flaw.js';
export const { internetChecksum, pseudoHeaderSum, adjustChecksum } = checksum;
export const { HEADROOM } = frame;
export import Frame = frame.Frame;
export import FramePool = frame.FramePool;
export type { FrameRange } from './frame.js';
export const {
  ETHERNET, ETHERTYPE, decodeEthernet, encodeEthernet, writeEthernetHeader, formatEthernet,
} = ethernet;
export type { EthernetFrame } from './ethernet.js';
export const { ARP, ARP_OPERATION, decodeArp, encodeArp, writeArp, formatArp } = arp;
export type { ArpPacket } from './arp.js';
export const {
  IPV4, IPV4_FRAGMENT, IPV4_MAX_BYTES, PROTOCOL, checkIpv4, ipv4HeaderBytes, decodeIpv4, encodeIpv4, writeIpv4Header,
  sealIpv4Header, decrementTtl, formatIpv4Packet, formatProtocol,
} = ipv4;
export type { Ipv4Packet } from './ipv4.js';
export const { IPV6, IPV6_MTU_LEAST, checkIpv6, decodeIpv6, encodeIpv6, writeIpv6Header, formatIpv6Packet } = ipv6;
export type { Ipv6Packet } from './ipv6.js';
export const { EXTENSION, IPV6_FRAGMENT, PARAMETER_PROBLEM, walkHeaders, fragmentOffset6 } = ipv6Extension;
export type { HeaderWalk } from './ipv6-extension.js';
export const { fragmentIpv6, fragmentKey6 } = ipv6Fragment;
export import Reassembly6 = ipv6Fragment.Reassembly6;
export type { Reassembly6Step } from './ipv6-fragment.js';
export const { readIpv6Quote } = ipv6Quote;
export type { Ipv6Quote } from './ipv6-quote.js';
export const {
  ICMPV6, ICMPV6_TYPE, ICMPV6_FIRST_QUESTION, ICMPV6_UNREACHABLE, ICMPV6_TIME_EXCEEDED, ICMPV6_QUOTE_BYTES,
  checkIcmpv6, decodeIcmpv6, encodeIcmpv6, writeIcmpv6Header, formatIcmpv6,
} = icmpv6;
export type { Icmpv6Packet } from './icmpv6.js';
export const { NDP_TYPE, NDP_FLAG, NDP_HOP_LIMIT, decodeNdp, encodeNdp, formatNdp } = ndp;
export type { NdpPacket } from './ndp.js';
export const {
  ICMP, ICMP_TYPE, ICMP_UNREACHABLE, ICMP_TIME_EXCEEDED, ICMP_QUOTE_BYTES, checkIcmp, decodeIcmp, decodeQuoted,
  encodeIcmp, writeIcmpHeader, formatIcmp,
} = icmp;
export type { IcmpPacket, QuotedDatagram } from './icmp.js';
export const {
  UDP, UDP_NO_CHECKSUM, checkUdp, checkUdpLength, decodeUdp, encodeUdp, writeUdpHeader, udpChecksum, formatUdp,
} = udp;
export type { UdpPacket, UdpAddresses } from './udp.js';
export const {
  TCP, TCP_FLAG, TCP_OPTION, checkTcp, checkTcpLength, tcpHeaderBytes, tcpChecksum, decodeTcp, encodeTcp,
  writeTcpHeader, formatTcp,
} = tcp;
export import TcpOptionValues = tcp.TcpOptionValues;
export type { TcpPacket, TcpAddresses, TcpOption, SackBlock } from './tcp.js';
export const {
  VXLAN, VXLAN_PORT, checkVxlan, readVni, decodeVxlan, encodeVxlan, writeVxlanHeader, formatVxlan,
} = vxlan;
export type { VxlanPacket } from './vxlan.js';
export const { fragmentIpv4 } = fragment;
export type { Fragments } from './fragment.js';
export const { isFragment, fragmentKey } = reassembly;
export import Reassembly = reassembly.Reassembly;
export type { ReassemblyStep } from './reassembly.js';
export const { DNS_PORT, decodeDns, encodeDns, isDnsName, formatDns } = dns;
export type { DnsMessage, DnsQuestion, DnsRecord, DnsRcode } from './dns.js';
export const { describeFrame } = describe;
