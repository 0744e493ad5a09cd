export { read16, read32, read48, write16, write32, write48 } from './bytes.js';
export {
  BROADCAST_MAC, parseMac, formatMac, parseIpv4, formatIpv4, parseCidr, formatCidr, maskOf, networkOf, broadcastOf, inSubnet,
  overlaps, isGroupMac, macFromIpv4, isMulticastIpv4, isLoopbackIpv4,
} from './address.js';
export type { Mac, Ipv4, Cidr } from './address.js';
export type { Flaw, Decoded } from './flaw.js';
export { internetChecksum, pseudoHeaderSum, adjustChecksum } from './checksum.js';
export { Frame, FramePool, HEADROOM } from './frame.js';
export type { FrameRange } from './frame.js';
export { ETHERNET, ETHERTYPE, decodeEthernet, encodeEthernet, writeEthernetHeader, formatEthernet } from './ethernet.js';
export type { EthernetFrame } from './ethernet.js';
