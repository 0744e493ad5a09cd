// One host's kernel: its namespaces, devices and tables. The words an administrator has for them (iproute2's) are the
// methods here; what each does stands in control/. A refusal is a value with the line that `ip` would print.

import { assert } from '@netreel/sim';
import { type Frame, FramePool, type Ipv4, type Ipv6, type Mac } from '@netreel/wire';
import { PacketSocket, TapFan } from './capture.js';
import type { DeviceCounters, KernelCore, KernelPort, Tap } from './contract.js';
import { addAddress, deleteAddress } from './control/address.js';
import { type BridgeSpec, type NicSpec, type VethEnd, type VxlanSpec, addBridge, addNic, addVeth,
  addVxlan } from './control/create.js';
import { type DummySpec, type MacvlanSpec, type VlanSpec, addDummy, addMacvlan,
  addVlan } from './control/create-stacked.js';
import {
  appendRule, createChain, deleteChain, deleteRule, forgetFlows, insertRule, setPolicy,
} from './control/filter.js';
import { addFdb, addNeighbour, deleteFdb, deleteNeighbour } from './control/forwarding.js';
import { deleteLink, noMaster, setMac, setMaster, setMtu, setNetns } from './control/links.js';
import {
  type Route6Spec, addAddress6, addNeighbour6, addRoute6, deleteAddress6, deleteRoute6, setForwarding6, setIpv6,
  setLinkIpv6,
} from './control/ipv6.js';
import { addNetns, deleteNetns, setForwarding } from './control/netns.js';
import { type RouteSpec, addRoute, deleteRoute } from './control/routes.js';
import { setCarrier, setDown, setUp } from './control/state.js';
import type { NetDevice } from './device/device.js';
import type { VxlanPort } from './device/vxlan-port.js';
import type { DropReason } from './drop.js';
import type { TableName } from './filter/tables.js';
import type { createStack } from './ipv4/stack.js';
import type { Refused } from './refusal.js';
import type { SocketFactory } from './sockets.js';
import { type KernelTables, type LinkRow, emptyKernelTables } from './tables.js';

export type NetnsStack = ReturnType<typeof createStack>;

/** A link by its row or its interface index. */
export type LinkReference = LinkRow | number;

export interface DropCount { readonly where: string; readonly reason: DropReason; readonly count: number }

export class Kernel implements KernelCore {
  readonly tables: KernelTables = emptyKernelTables();
  tap: Tap | undefined = undefined;
  /** For the files of control/ alone. */
  readonly devices = new Map<number, NetDevice>();
  readonly stacks = new Map<string, NetnsStack>();
  readonly vxlanPorts = new Map<string, VxlanPort>();
  private readonly taps: Tap[] = [];
  private lastIndex = 0;
  private readonly dropped = new Map<string, Map<DropReason, number>>();

  constructor(readonly port: KernelPort, readonly pool: FramePool = new FramePool()) {}

  // --- what devices and stacks ask ---

  device(index: number): NetDevice | undefined {
    return this.devices.get(index);
  }

  stack(netns: string): NetnsStack | undefined {
    return this.stacks.get(netns);
  }

  drop(where: string, reason: DropReason, frame: Frame | undefined): void {
    let reasons = this.dropped.get(where);
    if (reasons === undefined) {
      reasons = new Map();
      this.dropped.set(where, reasons);
    }
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    if (this.tap !== undefined) this.tap.dropped(where, reason, frame);
    if (frame !== undefined) this.pool.release(frame);
  }

  /** The next free interface index. */
  takeIndex(): number {
    return ++this.lastIndex;
  }

  // --- looking on ---

  addTap(tap: Tap): void {
    this.taps.push(tap);
    this.tap = this.taps.length === 1 ? tap : new TapFan([...this.taps]);
  }

  removeTap(tap: Tap): void {
    const place = this.taps.indexOf(tap);
    if (place < 0) return;
    this.taps.splice(place, 1);
    this.tap = this.taps.length < 2 ? this.taps[0] : new TapFan([...this.taps]);
  }

  /** A packet socket on one link of a namespace, or on all of them (0). */
  packetSocket(netns: string, link = 0): PacketSocket {
    const socket = new PacketSocket(netns, link, () => this.port.now(), (closed) => this.removeTap(closed));
    this.addTap(socket);
    return socket;
  }

  // --- what the node around asks ---

  /** A frame from the underlay arrives at a NIC, which owns it from here on. */
  deliver(link: LinkReference, frame: Frame): void {
    const device = this.devices.get(indexOf(link));
    if (device !== undefined) device.receive(frame);
    else this.drop(typeof link === 'number' ? `link ${link}` : `${link.netns}/${link.name}`, 'device-gone', frame);
  }

  /** Opens sockets in a namespace. */
  sockets(netns: string): SocketFactory {
    const stack = this.stacks.get(netns);
    assert(stack !== undefined, `no namespace ${netns}`);
    return stack.sockets;
  }

  /** How often which loss happened where, sorted by place and reason. */
  drops(): readonly DropCount[] {
    const counts: DropCount[] = [];
    for (const [where, reasons] of this.dropped) {
      for (const [reason, count] of reasons) counts.push({ where, reason, count });
    }
    return counts.sort((a, b) => (a.where === b.where ? (a.reason < b.reason ? -1 : 1) : a.where < b.where ? -1 : 1));
  }

  counters(link: LinkReference): Readonly<DeviceCounters> | undefined {
    return this.devices.get(indexOf(link))?.counters;
  }

  linkByName(netns: string, name: string): LinkRow | undefined {
    const index = this.tables.netns.get(netns)?.linksByName.get(name);
    return index === undefined ? undefined : this.tables.links.get(index);
  }

  /** The row of a link that exists. */
  link(link: LinkReference): LinkRow | undefined {
    return this.tables.links.get(indexOf(link));
  }

  // --- ip netns ---

  /** With its `lo`, which is down until it is set up. */
  addNetns(name: string): Refused | undefined { return addNetns(this, name); }
  /** Its links go with it, and the peers of its veths. */
  deleteNetns(name: string): Refused | undefined { return deleteNetns(this, name); }
  /** net.ipv4.ip_forward. */
  setForwarding(netns: string, enabled: boolean): Refused | undefined { return setForwarding(this, netns, enabled); }

  // --- iptables: rules in its words, such as `-i docker0 ! -o docker0 -j ACCEPT` ---

  createChain(netns: string, table: TableName, chain: string): Refused | undefined {
    return createChain(this, netns, table, chain);
  }

  /** One that is empty and that no rule jumps to. */
  deleteChain(netns: string, table: TableName, chain: string): Refused | undefined {
    return deleteChain(this, netns, table, chain);
  }

  setPolicy(netns: string, table: TableName, chain: string, policy: 'ACCEPT' | 'DROP'): Refused | undefined {
    return setPolicy(this, netns, table, chain, policy);
  }

  appendRule(netns: string, table: TableName, chain: string, rule: string): Refused | undefined {
    return appendRule(this, netns, table, chain, rule);
  }

  /** At `place`, counted from 1. */
  insertRule(netns: string, table: TableName, chain: string, rule: string, place = 1): Refused | undefined {
    return insertRule(this, netns, table, chain, rule, place);
  }

  /** The first that reads the same. */
  deleteRule(netns: string, table: TableName, chain: string, rule: string): Refused | undefined {
    return deleteRule(this, netns, table, chain, rule);
  }

  /** `conntrack -D`: all flows that an address takes part in. */
  forgetFlows(netns: string, address: Ipv4): void { forgetFlows(this, netns, address); }

  // --- ip link ---

  /** The row of the first end; its `peer` is the other's index. */
  addVeth(end: VethEnd, peer: VethEnd): LinkRow | Refused { return addVeth(this, end, peer); }
  addBridge(spec: BridgeSpec): LinkRow | Refused { return addBridge(this, spec); }
  addVxlan(spec: VxlanSpec): LinkRow | Refused { return addVxlan(this, spec); }
  addNic(spec: NicSpec): LinkRow | Refused { return addNic(this, spec); }
  addMacvlan(spec: MacvlanSpec): LinkRow | Refused { return addMacvlan(this, spec); }
  addVlan(spec: VlanSpec): LinkRow | Refused { return addVlan(this, spec); }
  addDummy(spec: DummySpec): LinkRow | Refused { return addDummy(this, spec); }
  deleteLink(link: LinkReference): Refused | undefined { return deleteLink(this, link); }
  setUp(link: LinkReference): Refused | undefined { return setUp(this, link); }
  setDown(link: LinkReference): Refused | undefined { return setDown(this, link); }
  /** The cable of a NIC is plugged in or pulled. */
  setCarrier(link: LinkReference, carrier: boolean): Refused | undefined { return setCarrier(this, link, carrier); }
  setMaster(link: LinkReference, bridge: LinkReference): Refused | undefined { return setMaster(this, link, bridge); }
  noMaster(link: LinkReference): Refused | undefined { return noMaster(this, link); }
  /** The link arrives there down and without addresses. */
  setNetns(link: LinkReference, netns: string, name?: string): Refused | undefined {
    return setNetns(this, link, netns, name);
  }
  setMac(link: LinkReference, mac: Mac): Refused | undefined { return setMac(this, link, mac); }
  setMtu(link: LinkReference, mtu: number): Refused | undefined { return setMtu(this, link, mtu); }

  // --- ip -6, net.ipv6.conf: links speak IPv6 only where it was switched on ---

  setIpv6(netns: string, enabled: boolean): Refused | undefined { return setIpv6(this, netns, enabled); }
  setLinkIpv6(link: LinkReference, enabled: boolean): Refused | undefined { return setLinkIpv6(this, link, enabled); }
  setForwarding6(netns: string, enabled: boolean): Refused | undefined { return setForwarding6(this, netns, enabled); }
  addAddress6(link: LinkReference, address: Ipv6, prefix: number, nodad = false): Refused | undefined {
    return addAddress6(this, link, address, prefix, nodad);
  }
  deleteAddress6(link: LinkReference, address: Ipv6): Refused | undefined { return deleteAddress6(this, link,
    address); }
  addRoute6(route: Route6Spec): Refused | undefined { return addRoute6(this, route); }
  deleteRoute6(route: Route6Spec): Refused | undefined { return deleteRoute6(this, route); }
  addNeighbour6(link: LinkReference, address: Ipv6, mac: Mac): Refused | undefined {
    return addNeighbour6(this, link, address, mac);
  }

  // --- ip address, ip route, ip neighbour, bridge fdb ---

  addAddress(link: LinkReference, address: Ipv4, prefix: number): Refused | undefined {
    return addAddress(this, link, address, prefix);
  }

  deleteAddress(link: LinkReference, address: Ipv4, prefix: number): Refused | undefined {
    return deleteAddress(this, link, address, prefix);
  }

  addRoute(route: RouteSpec): Refused | undefined { return addRoute(this, route); }
  /** The first route that has what `route` names: `gateway` 0 and `link` 0 match any. */
  deleteRoute(route: RouteSpec): Refused | undefined { return deleteRoute(this, route); }

  /** A PERMANENT row. One that exists is refused, as by `ip neigh add`, unless `replace`. */
  addNeighbour(link: LinkReference, address: Ipv4, mac: Mac, replace = false): Refused | undefined {
    return addNeighbour(this, link, address, mac, replace);
  }

  deleteNeighbour(link: LinkReference, address: Ipv4): Refused | undefined {
    return deleteNeighbour(this, link, address);
  }

  /** `mac` 0 adds one more end to the flood list; a second row for any other MAC is refused, unless `replace`. */
  addFdb(link: LinkReference, mac: Mac, remote: Ipv4, replace = false): Refused | undefined {
    return addFdb(this, link, mac, remote, replace);
  }

  deleteFdb(link: LinkReference, mac: Mac, remote: Ipv4): Refused | undefined {
    return deleteFdb(this, link, mac, remote);
  }
}

function indexOf(link: LinkReference): number {
  return typeof link === 'number' ? link : link.index;
}
