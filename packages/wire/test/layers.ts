// Goes down through a frame with the decoders, and says where it could not go on.

import {
  ETHERTYPE, PROTOCOL, VXLAN_PORT, decodeArp, decodeDns, decodeEthernet, decodeIcmp, decodeIpv4, decodeTcp, decodeUdp,
  decodeVxlan,
} from '../src/index.js';
import type {
  ArpPacket, Decoded, DnsMessage, EthernetFrame, IcmpPacket, Ipv4Packet, TcpPacket, UdpPacket, VxlanPacket,
} from '../src/index.js';

export interface Layers {
  ethernet?: EthernetFrame | undefined;
  arp?: ArpPacket | undefined;
  ipv4?: Ipv4Packet | undefined;
  icmp?: IcmpPacket | undefined;
  tcp?: TcpPacket | undefined;
  udp?: UdpPacket | undefined;
  dns?: DnsMessage | undefined;
  vxlan?: VxlanPacket | undefined;
  inner?: Layers | undefined;
  /** `ipv4 truncated`. */
  flaw?: string | undefined;
}

export function layersOf(bytes: Uint8Array): Layers {
  const layers: Layers = {};
  const read = <T>(layer: string, decoded: Decoded<T>): T | undefined => {
    if (decoded.ok) return decoded.packet;
    layers.flaw = `${layer} ${decoded.flaw}`;
    return undefined;
  };
  const ethernet = layers.ethernet = read('ethernet', decodeEthernet(bytes));
  if (ethernet?.type === ETHERTYPE.arp) layers.arp = read('arp', decodeArp(ethernet.payload));
  if (ethernet?.type !== ETHERTYPE.ipv4) return layers;
  const ipv4 = layers.ipv4 = read('ipv4', decodeIpv4(ethernet.payload));
  if (ipv4 === undefined || ipv4.moreFragments || ipv4.fragmentOffset > 0) return layers;
  if (ipv4.protocol === PROTOCOL.icmp) layers.icmp = read('icmp', decodeIcmp(ipv4.payload));
  if (ipv4.protocol === PROTOCOL.tcp) {
    layers.tcp = read('tcp', decodeTcp(ipv4.payload, 0, ipv4.payload.length, ipv4));
  }
  if (ipv4.protocol !== PROTOCOL.udp) return layers;
  const udp = layers.udp = read('udp', decodeUdp(ipv4.payload, 0, ipv4.payload.length, ipv4));
  if (udp === undefined) return layers;
  if (udp.sourcePort === 53 || udp.targetPort === 53) layers.dns = read('dns', decodeDns(udp.payload));
  if (udp.targetPort !== VXLAN_PORT) return layers;
  const vxlan = layers.vxlan = read('vxlan', decodeVxlan(udp.payload));
  if (vxlan !== undefined) layers.inner = layersOf(vxlan.payload);
  if (layers.inner?.flaw !== undefined) layers.flaw = `inner ${layers.inner.flaw}`;
  return layers;
}

/** The payload of the IPv4 datagram in a frame. */
export function datagramOf(frame: Uint8Array): Uint8Array {
  return frame.subarray(14);
}
