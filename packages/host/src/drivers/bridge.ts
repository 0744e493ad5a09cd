// The bridge driver: a network is a bridge device on the host that holds the gateway's address; an endpoint is a veth
// pair, one end in the container, the other a port of the bridge.

import { type EngineEvent, type NetworkRow } from '@netreel/engine';
import type { Kernel } from '@netreel/kernel';
import type { Machine } from '@netreel/sim';
import { linkOf, made } from './links.js';
import { NetworkRules } from './rules.js';

export const HOST_NETNS = 'host';

type Joined = Extract<EngineEvent, { type: 'EndpointJoined' }>;

/** Where the host's end of an endpoint's veth pair is plugged in. */
export interface Plug {
  readonly netns: string;
  readonly bridge: number;
}

export class BridgeDriver {
  private readonly rules: NetworkRules;

  constructor(private readonly kernel: Kernel, private readonly machine: Machine) {
    this.rules = new NetworkRules(kernel, HOST_NETNS);
  }

  /** The engine starts: its chains are there before its networks. */
  boot(): void {
    this.rules.boot();
  }

  networkCreated(network: NetworkRow, gateway: number, prefix: number): void {
    const bridge = made(this.kernel.addBridge({ netns: HOST_NETNS, name: network.bridge }));
    made(this.kernel.setUp(bridge));
    if (gateway !== 0) made(this.kernel.addAddress(bridge, gateway, prefix));
    this.rules.networkCreated(network, gateway, prefix);
  }

  networkRemoved(bridge: string): void {
    this.rules.networkRemoved(bridge);
    this.kernel.deleteLink(linkOf(this.kernel, HOST_NETNS, bridge));
  }

  plug(network: NetworkRow): Plug {
    return { netns: HOST_NETNS, bridge: linkOf(this.kernel, HOST_NETNS, network.bridge) };
  }

  /**
   * Makes the pair, gives the inner end its name, MAC and address, and plugs the outer end in. Returns the inner end's
   * index.
   */
  join(netns: string, endpoint: Joined, plug: Plug): number {
    const { kernel } = this;
    const outerName = `veth${this.machine.newId('veth', 7)}`;
    const inner = made(kernel.addVeth(
      { netns, name: endpoint.interface, mac: endpoint.mac, mtu: endpoint.mtu },
      { netns: plug.netns, name: outerName, mtu: endpoint.mtu },
    ));
    const outer = inner.peer;
    made(kernel.setMaster(outer, plug.bridge));
    made(kernel.setUp(outer));
    made(kernel.setUp(inner));
    made(kernel.addAddress(inner, endpoint.address, endpoint.prefix));
    return inner.index;
  }

  /** Deleting one end of a pair takes the other with it. */
  leave(inner: number): void {
    const link = this.kernel.tables.links.get(inner);
    if (link === undefined) return;
    // Whoever gets the address next must not be taken for who had it.
    for (const { address } of link.addresses) this.kernel.forgetFlows(HOST_NETNS, address);
    this.kernel.deleteLink(inner);
  }
}
