// The overlay driver: an overlay network is, on each host that uses it, a namespace of its own with a bridge and a
// vxlan device. Neighbour and forwarding rows of that device follow this host's own copy of the gossip tables, and
// nothing else.

import type { EngineEvent, NetworkRow } from '@netreel/engine';
import type { Kernel } from '@netreel/kernel';
import { type Gossip, type GossipTables, derivedRows } from '@netreel/overlay';
import { assert } from '@netreel/sim';
import type { BridgeDriver, Plug } from './bridge.js';
import { HOST_NETNS } from './bridge.js';
import { linkOf, made } from './links.js';

const VXLAN_PORT = 4789;
/** Outer Ethernet, IPv4, UDP and VXLAN headers: what the underlay's MTU loses (RFC 7348 section 4.3). */
const ENCAPSULATION_BYTES = 50;

type Joined = Extract<EngineEvent, { type: 'EndpointJoined' }>;

export class OverlayDriver {
  /** Endpoints of this host by network: the sandbox of a network lives as long as it has one. */
  private readonly endpoints = new Map<string, Set<string>>();

  constructor(private readonly kernel: Kernel, private readonly bridge: BridgeDriver, private readonly gossip: Gossip,
    private readonly tables: GossipTables, private readonly self: number, private readonly vtep: number,
    private readonly underlayMtu: number) {}

  join(netns: string, network: NetworkRow, gateway: number, endpoint: Joined, name: string): number {
    let here = this.endpoints.get(network.id);
    if (here === undefined) {
      here = new Set();
      this.endpoints.set(network.id, here);
      this.openSandbox(network, gateway, endpoint.prefix);
    }
    here.add(endpoint.id);
    const inner = this.bridge.join(netns, endpoint, this.plug(network));
    this.gossip.announce({ network: network.id, endpoint: endpoint.id, name, names: endpoint.names,
      address: endpoint.address, mac: endpoint.mac, vtep: this.vtep, vip: endpoint.vip,
      vipNames: endpoint.vipNames });
    return inner;
  }

  leave(network: NetworkRow, endpoint: string, inner: number): void {
    this.gossip.withdraw(network.id, endpoint);
    this.bridge.leave(inner);
    const here = this.endpoints.get(network.id);
    assert(here !== undefined && here.delete(endpoint), `endpoint ${endpoint} was not on ${network.name}`);
    if (here.size > 0) return;
    this.endpoints.delete(network.id);
    this.gossip.leaveNetwork(network.id);
    this.kernel.deleteNetns(sandboxOf(network));
  }

  /** The names that DNS answers for an endpoint changed. */
  renamed(network: NetworkRow, endpoint: string, name: string, names: readonly string[]): void {
    this.gossip.rename(network.id, endpoint, name, names);
  }

  /** Brings the rows of a network's vxlan device in line with the gossip tables. */
  program(network: NetworkRow): void {
    if (!this.endpoints.has(network.id)) return;
    const { kernel } = this;
    const link = linkOf(kernel, sandboxOf(network), 'vxlan0');
    const row = kernel.tables.links.get(link)!;
    const wanted = derivedRows(this.tables, network.id, this.self);
    const neighbours = new Map(wanted.neighbours.map(({ address, mac }) => [address, mac]));
    for (const [address, have] of [...row.neighbours]) {
      if (neighbours.get(address) === have.mac) neighbours.delete(address);
      else kernel.deleteNeighbour(link, address);
    }
    for (const [address, mac] of neighbours) made(kernel.addNeighbour(link, address, mac));

    const forwarding = new Set(wanted.forwarding.map(({ mac, remote }) => `${mac}/${remote}`));
    for (const remote of wanted.flood) forwarding.add(`0/${remote}`);
    for (const [mac, remotes] of [...row.remotes]) {
      for (const remote of [...remotes]) if (!forwarding.delete(`${mac}/${remote}`)) kernel.deleteFdb(link, mac,
        remote);
    }
    for (const entry of forwarding) {
      const [mac, remote] = entry.split('/').map(Number);
      made(kernel.addFdb(link, mac!, remote!));
    }
  }

  private plug(network: NetworkRow): Plug {
    const netns = sandboxOf(network);
    return { netns, bridge: linkOf(this.kernel, netns, 'br0') };
  }

  private openSandbox(network: NetworkRow, gateway: number, prefix: number): void {
    const { kernel } = this;
    const netns = sandboxOf(network);
    const mtu = this.underlayMtu - ENCAPSULATION_BYTES;
    kernel.addNetns(netns);
    kernel.setUp(linkOf(kernel, netns, 'lo'));
    const bridge = made(kernel.addBridge({ netns, name: 'br0', mtu }));
    made(kernel.setUp(bridge));
    if (gateway !== 0) made(kernel.addAddress(bridge, gateway, prefix));
    const vxlan =
      made(kernel.addVxlan({ netns, name: 'vxlan0', vni: network.vni, local: this.vtep, underlayNetns: HOST_NETNS,
      port: VXLAN_PORT, mtu, proxy: true }));
    made(kernel.setMaster(vxlan, bridge));
    made(kernel.setUp(vxlan));
    this.gossip.joinNetwork(network.id, this.vtep);
    this.program(network);
  }
}

/** The namespace of an overlay network on a host, as Docker names it. */
export function sandboxOf(network: { readonly id: string }): string {
  return `1-${network.id.slice(0, 10)}`;
}
