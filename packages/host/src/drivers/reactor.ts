// From Docker facts to Linux objects: every engine event marked REACT goes through here, right after it changed the
// tables.

import { type EngineEvent, type EngineTables, type NetworkRow, isParentDriver } from '@netreel/engine';
import { assert } from '@netreel/sim';
import type { BridgeDriver } from './bridge.js';
import type { MacvlanDriver } from './macvlan.js';
import type { NameServers } from './names.js';
import type { OverlayDriver } from './overlay.js';
import type { ProcessDriver } from './process.js';
import type { Publisher } from './publisher.js';
import type { SandboxDriver } from './sandbox.js';

export interface Drivers {
  readonly sandbox: SandboxDriver;
  readonly bridge: BridgeDriver;
  readonly overlay: OverlayDriver;
  readonly macvlan: MacvlanDriver;
  readonly process: ProcessDriver;
  readonly names: NameServers;
  readonly publisher: Publisher;
}

/** What a driver needs to know of an endpoint when it leaves, and the engine's row is already gone. */
interface Joined {
  readonly network: NetworkRow;
  readonly inner: number;
}

export class Reactor {
  private readonly joined = new Map<string, Joined>();
  private readonly bridges = new Map<string, string>();

  constructor(private readonly tables: EngineTables, private readonly drivers: Drivers) {}

  react(event: EngineEvent): void {
    const { sandbox, process, names, overlay } = this.drivers;
    switch (event.type) {
      case 'NetworkCreated': return this.networkCreated(event.id);
      case 'NetworkRemoved': return this.networkRemoved(event.id);
      case 'SandboxCreated': return sandbox.created(event);
      case 'SandboxRemoved':
        process.sandboxEnds(event.container);
        names.closed(event.container);
        return sandbox.removed(event);
      case 'EndpointJoined': return this.endpointJoined(event);
      case 'EndpointLeft': return this.endpointLeft(event.id);
      case 'EndpointRenamed': {
        const network = this.joined.get(event.id)?.network;
        if (network?.driver === 'overlay') overlay.renamed(network, event.id, this.nameOf(event.container),
          event.names);
        return;
      }
      case 'GatewayChosen': return sandbox.gatewayChosen(this.netnsOf(event.container), event.gateway);
      case 'PortsPublished': return this.drivers.publisher.portsPublished(event);
      case 'PortsWithdrawn': return this.drivers.publisher.portsWithdrawn(event);
      case 'ContainerStarted': return process.containerStarted(event);
      case 'ContainerRemoved': return process.containerRemoved(event.id);
      case 'ContainerPaused': return process.pause(event.id);
      case 'ContainerUnpaused': return process.unpause(event.id);
      case 'ExecStarted': return process.execStarted(event);
      default: return;
    }
  }

  /** Overlay rows of a network changed in the gossip tables. */
  gossiped(network: string): void {
    const row = this.tables.networks.get(network);
    if (row !== undefined) this.drivers.overlay.program(row);
  }

  private networkCreated(id: string): void {
    const network = this.networkOf(id);
    if (isParentDriver(network.driver)) this.drivers.macvlan.networkCreated(network);
    if (network.driver !== 'bridge') return;
    const pool = network.ipam.pools[0];
    this.bridges.set(id, network.bridge);
    this.drivers.bridge.networkCreated(network, pool?.gateway ?? 0, pool?.prefix ?? 0);
  }

  private networkRemoved(id: string): void {
    this.drivers.macvlan.networkRemoved(id);
    const bridge = this.bridges.get(id);
    if (bridge === undefined) return;
    this.bridges.delete(id);
    this.drivers.bridge.networkRemoved(bridge);
  }

  private endpointJoined(event: Extract<EngineEvent, { type: 'EndpointJoined' }>): void {
    const { names } = this.drivers;
    const network = this.networkOf(event.network);
    const netns = this.netnsOf(event.container);
    const inner = this.interfaceOf(event, network, netns);
    this.joined.set(event.id, { network, inner });
    if (network.name !== 'bridge' && event.names.length > 0) names.opened(event.container, netns);
  }

  /** The index of the new interface in the container. */
  private interfaceOf(event: Extract<EngineEvent, { type: 'EndpointJoined' }>, network: NetworkRow,
    netns: string): number {
    const { bridge, overlay, macvlan } = this.drivers;
    if (network.driver === 'macvlan') return macvlan.join(netns, network, event);
    if (network.driver !== 'overlay') return bridge.join(netns, event, bridge.plug(network));
    return overlay.join(netns, network, network.ipam.pools[0]?.gateway ?? 0, event, this.nameOf(event.container));
  }

  private endpointLeft(id: string): void {
    const joined = this.joined.get(id);
    assert(joined !== undefined, `endpoint ${id} leaves twice`);
    this.joined.delete(id);
    if (joined.network.driver === 'overlay') this.drivers.overlay.leave(joined.network, id, joined.inner);
    else this.drivers.bridge.leave(joined.inner);
  }

  private networkOf(id: string): NetworkRow {
    const network = this.tables.networks.get(id);
    assert(network !== undefined, `no network ${id}`);
    return network;
  }

  private netnsOf(container: string): string {
    return this.tables.containers.get(container)?.netns ?? '';
  }

  private nameOf(container: string): string {
    return this.tables.containers.get(container)?.name ?? '';
  }
}
