// The macvlan driver: an endpoint is a macvlan device on an interface of the host. A VLAN that the network names, or a
// device that leads nowhere if it names none, comes and goes with the network.

import { type EngineEvent, modeOf, type NetworkRow, parentOf, vlanOf } from '@netreel/engine';
import type { Kernel, MacvlanMode } from '@netreel/kernel';
import { assert } from '@netreel/sim';
import { HOST_NETNS } from './bridge.js';
import { linkOf, made } from './links.js';

type Joined = Extract<EngineEvent, { type: 'EndpointJoined' }>;

export class MacvlanDriver {
  /** Interfaces that were made for a network, by its id. */
  private readonly own = new Map<string, string>();

  constructor(private readonly kernel: Kernel) {}

  networkCreated(network: NetworkRow): void {
    const { kernel } = this;
    const name = parentOf(network);
    if (kernel.linkByName(HOST_NETNS, name) !== undefined) return;
    const link = { netns: HOST_NETNS, name };
    if ((network.options['parent'] ?? '') === '') {
      made(kernel.setUp(made(kernel.addDummy(link))));
    } else {
      const vlan = vlanOf(name);
      assert(vlan !== undefined, `the engine took ${name} for a VLAN`);
      made(kernel.setUp(made(kernel.addVlan({ ...link, parent: linkOf(kernel, HOST_NETNS, vlan.parent),
        number: vlan.number }))));
    }
    this.own.set(network.id, name);
  }

  networkRemoved(id: string): void {
    const name = this.own.get(id);
    if (name === undefined) return;
    this.own.delete(id);
    const link = this.kernel.linkByName(HOST_NETNS, name);
    if (link !== undefined) this.kernel.deleteLink(link);
  }

  /** Returns the device's index. */
  join(netns: string, network: NetworkRow, endpoint: Joined): number {
    const { kernel } = this;
    const link = made(kernel.addMacvlan({ netns, name: endpoint.interface, mac: endpoint.mac,
      parent: linkOf(kernel, HOST_NETNS, parentOf(network)), mode: modeOf(network) as MacvlanMode }));
    made(kernel.setUp(link));
    made(kernel.addAddress(link, endpoint.address, endpoint.prefix));
    return link.index;
  }
}
