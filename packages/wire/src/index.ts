export { read16, read32, read48, write16, write32, write48 } from './bytes.js';
export {
  BROADCAST_MAC, parseMac, formatMac, parseIpv4, formatIpv4, parseCidr, formatCidr, maskOf, networkOf, broadcastOf,
  inSubnet, overlaps, isGroupMac, macFromIpv4, isMulticastIpv4, isLoopbackIpv4,
} from './address.js';
export type { Mac, Ipv4, Cidr } from './address.js';
export type { Flaw, Decoded } from './flaw.js';
export { internetChecksum, pseudoHeaderSum, adjustChecksum } from './checksum.js';
export { Frame, FramePool, HEADROOM } from './frame.js';
export type { FrameRange } from './frame.js';
export {
  ETHERNET, ETHERTYPE, decodeEthernet, encodeEthernet, writeEthernetHeader, formatEthernet,
} from './ethernet.js';
export type { EthernetFrame } from './ethernet.js';
export { ARP, ARP_OPERATION, decodeArp, encodeArp, writeArp, formatArp } from './arp.js';
export type { ArpPacket } from './arp.js';
export {
  IPV4, IPV4_FRAGMENT, IPV4_MAX_BYTES, PROTOCOL, checkIpv4, ipv4HeaderBytes, decodeIpv4, encodeIpv4, writeIpv4Header,
  sealIpv4Header, decrementTtl, formatIpv4Packet, formatProtocol,
} from './ipv4.js';
export type { Ipv4Packet } from './ipv4.js';
export {
  ICMP, ICMP_TYPE, ICMP_UNREACHABLE, ICMP_TIME_EXCEEDED, ICMP_QUOTE_BYTES, checkIcmp, decodeIcmp, decodeQuoted,
  encodeIcmp, writeIcmpHeader, formatIcmp,
} from './icmp.js';
export type { IcmpPacket, QuotedDatagram } from './icmp.js';
export {
  UDP, UDP_NO_CHECKSUM, checkUdp, checkUdpLength, decodeUdp, encodeUdp, writeUdpHeader, udpChecksum, formatUdp,
} from './udp.js';
export type { UdpPacket, UdpAddresses } from './udp.js';
export {
  VXLAN, VXLAN_PORT, checkVxlan, readVni, decodeVxlan, encodeVxlan, writeVxlanHeader, formatVxlan,
} from './vxlan.js';
export type { VxlanPacket } from './vxlan.js';
export { fragmentIpv4 } from './fragment.js';
export type { Fragments } from './fragment.js';
export { Reassembly, isFragment, fragmentKey } from './reassembly.js';
export type { ReassemblyStep } from './reassembly.js';
export { DNS_PORT, decodeDns, encodeDns, isDnsName, formatDns } from './dns.js';
export type { DnsMessage, DnsQuestion, DnsRecord, DnsRcode } from './dns.js';
export { describeFrame } from './describe.js';
