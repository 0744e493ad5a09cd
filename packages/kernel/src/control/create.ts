// `ip link add`: new links of every kind, with their devices.

import type { RandomStream } from '@netreel/sim';
import { type Ipv4, type Mac, VXLAN_PORT, isGroupMac } from '@netreel/wire';
import type { Stack } from '../contract.js';
import { BridgeDevice } from '../device/bridge.js';
import type { NetDevice } from '../device/device.js';
import { NicDevice } from '../device/nic.js';
import { VethDevice } from '../device/veth.js';
import { VXLAN_OVERHEAD_BYTES, VxlanDevice } from '../device/vxlan.js';
import { VxlanPort } from '../device/vxlan-port.js';
import type { Kernel } from '../kernel.js';
import { FILE_EXISTS, type Refused, netlinkRefusal, noSuchNetns } from '../refusal.js';
import type { LinkKind, LinkRow } from '../tables.js';

export interface VethEnd { readonly netns: string; readonly name: string; readonly mac?: Mac; readonly mtu?: number }

export interface BridgeSpec { readonly netns: string; readonly name: string; readonly mac?: Mac; readonly mtu?: number }

export interface VxlanSpec {
  readonly netns: string;
  readonly name: string;
  readonly vni: number;
  /** Address of this end of all its tunnels. */
  readonly local: Ipv4;
  /** Where the UDP socket lives: the namespace in which a real device would have been created, before it was moved. */
  readonly underlayNetns: string;
  readonly port?: number;
  readonly mac?: Mac;
  readonly mtu?: number;
  /** Answers ARP requests from its PERMANENT neighbour rows. */
  readonly proxy?: boolean;
}

export interface NicSpec {
  readonly netns: string;
  readonly name: string;
  readonly mac: Mac;
  readonly mtu: number;
  /** 0: no limit. */
  readonly bitsPerSecond: number;
}

export const ETHERNET_MTU = 1500;
/** IFNAMSIZ less the closing zero. */
const NAME_LENGTH_MAX = 15;
const VNI_MAX = 0xff_ffff;

interface NewLink {
  readonly netns: string; readonly name: string; readonly kind: LinkKind; readonly mac: Mac; readonly mtu: number;
  readonly index?: number; readonly peer?: number; readonly parent?: number; readonly vni?: number;
  readonly local?: Ipv4; readonly port?: number;
}

/** Why there can be no link of that name in that namespace, if so. */
export function nameRefusal(kernel: Kernel, netns: string, name: string): Refused | undefined {
  if (!/^[^\s/]+$/.test(name) || name.length > NAME_LENGTH_MAX || name === '.' || name === '..') {
    return { refused: `Error: argument "${name}" is wrong: "name" not a valid ifname` };
  }
  if (!kernel.tables.netns.has(netns)) {
    return noSuchNetns(netns);
  }
  return kernel.linkByName(netns, name) === undefined ? undefined : FILE_EXISTS;
}

/** Writes the row and starts the device. The caller has checked everything. */
export function createLink(kernel: Kernel, link: NewLink, start: (row: LinkRow, stack: Stack) => NetDevice): LinkRow {
  const index = link.index ?? kernel.takeIndex();
  const { netns, name, kind, mac, mtu, peer = 0, parent = 0, vni = 0, local = 0, port = 0 } = link;
  kernel.port.emit({ type: 'LinkAdded', link: index, netns, name, kind, mac, mtu, peer, parent, vni, local, port });
  const row = kernel.tables.links.get(index)!;
  kernel.devices.set(index, start(row, kernel.stack(netns)!));
  return row;
}

export function addVeth(kernel: Kernel, end: VethEnd, peer: VethEnd): LinkRow | Refused {
  const refusal = nameRefusal(kernel, end.netns, end.name) ?? nameRefusal(kernel, peer.netns, peer.name)
    ?? macRefusal(end.mac) ?? macRefusal(peer.mac);
  if (refusal !== undefined) return refusal;
  if (end.netns === peer.netns && end.name === peer.name) return FILE_EXISTS;
  const index = kernel.takeIndex();
  const peerIndex = kernel.takeIndex();
  const ends: VethDevice[] = [];
  const make = (spec: VethEnd, own: number, other: number): LinkRow => createLink(kernel, {
    netns: spec.netns, name: spec.name, kind: 'veth', mac: spec.mac ?? randomMac(kernel), mtu: spec.mtu ?? ETHERNET_MTU,
    index: own, peer: other,
  }, (row, stack) => {
    const device = new VethDevice(kernel, row, stack);
    ends.push(device);
    return device;
  });
  const row = make(end, index, peerIndex);
  make(peer, peerIndex, index);
  ends[0]!.peer = ends[1];
  ends[1]!.peer = ends[0];
  return row;
}

export function addBridge(kernel: Kernel, spec: BridgeSpec): LinkRow | Refused {
  const refusal = nameRefusal(kernel, spec.netns, spec.name) ?? macRefusal(spec.mac);
  if (refusal !== undefined) return refusal;
  return createLink(kernel, {
    netns: spec.netns, name: spec.name, kind: 'bridge', mac: spec.mac ?? randomMac(kernel),
    mtu: spec.mtu ?? ETHERNET_MTU,
  }, (row, stack) => {
    const device = new BridgeDevice(kernel, row, stack);
    device.mtuIsChosen = spec.mtu !== undefined;
    return device;
  });
}

export function addVxlan(kernel: Kernel, spec: VxlanSpec): LinkRow | Refused {
  const port = spec.port ?? VXLAN_PORT;
  const refusal = nameRefusal(kernel, spec.netns, spec.name) ?? macRefusal(spec.mac);
  if (refusal !== undefined) return refusal;
  if (!Number.isInteger(spec.vni) || spec.vni < 0 || spec.vni > VNI_MAX) {
    return { refused: `Error: argument "${spec.vni}" is wrong: invalid id` };
  }
  const underlay = kernel.stack(spec.underlayNetns);
  if (underlay === undefined) {
    return noSuchNetns(spec.underlayNetns);
  }
  const place = `${spec.underlayNetns}:${port}`;
  // One VNI, one device on each port of a namespace, wherever the device itself has been moved to.
  for (const device of kernel.devices.values()) {
    if (!(device instanceof VxlanDevice)) continue;
    if (device.row.vni === spec.vni && device.tunnel.place === place) return FILE_EXISTS;
  }
  let tunnel = kernel.vxlanPorts.get(place);
  if (tunnel === undefined) {
    tunnel = new VxlanPort(kernel, spec.underlayNetns, underlay, port);
    kernel.vxlanPorts.set(place, tunnel);
  }
  const shared = tunnel;
  return createLink(kernel, {
    netns: spec.netns, name: spec.name, kind: 'vxlan', mac: spec.mac ?? randomMac(kernel),
    mtu: spec.mtu ?? mtuOver(kernel, spec.underlayNetns, spec.local), vni: spec.vni, local: spec.local, port,
  }, (row, stack) => new VxlanDevice(kernel, row, stack, shared, spec.proxy ?? false));
}

/** What is left of the underlay device's MTU; Ethernet's own where no device has the address. */
function mtuOver(kernel: Kernel, netns: string, local: Ipv4): number {
  for (const index of kernel.tables.netns.get(netns)!.links) {
    const row = kernel.tables.links.get(index)!;
    if (row.addresses.some((held) => held.address === local)) return row.mtu - VXLAN_OVERHEAD_BYTES;
  }
  return ETHERNET_MTU;
}

export function addNic(kernel: Kernel, spec: NicSpec): LinkRow | Refused {
  const refusal = nameRefusal(kernel, spec.netns, spec.name) ?? macRefusal(spec.mac);
  if (refusal !== undefined) return refusal;
  return createLink(kernel, { netns: spec.netns, name: spec.name, kind: 'nic', mac: spec.mac, mtu: spec.mtu },
    (row, stack) => new NicDevice(kernel, row, stack, spec.bitsPerSecond));
}

export function macRefusal(mac: Mac | undefined): Refused | undefined {
  return mac !== undefined && (mac === 0 || isGroupMac(mac))
    ? netlinkRefusal('Cannot assign requested address') : undefined;
}

/** A locally administered unicast address (IEEE 802 clause 8.2.2). */
export function randomMac(kernel: Kernel): Mac {
  const stream: RandomStream = kernel.port.random('mac');
  const high = (stream.below(0x1_0000) & 0xfcff) | 0x0200;
  return high * 0x1_0000_0000 + stream.word();
}
