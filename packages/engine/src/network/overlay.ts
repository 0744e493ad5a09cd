// This host's part of overlay networks. The store owns them; a host has a row of one while a container of its own uses
// it, and an address of its own on it (`NETWORK-endpoint`), taken right after its first container's.

import { broadcastOf, networkOf, parseCidr, parseIpv4 } from '@netreel/wire';
import { startOperation, type Operation } from '@netreel/sim';
import type { EngineCore } from '../core.js';
import type { EngineEvent } from '../events.js';
import type { OverlayNetwork, StoreAnswer } from '../port.js';
import { endpointsOn, ownEndpointName, type NetworkRow } from '../tables.js';
import type { TextTable } from '../container/spec.js';
import type { IpamPool, NetworkIpam } from './spec.js';

const VNI_LIST = 'com.docker.network.driver.overlay.vxlanid_list';

/** Options of an overlay as inspect shows them. */
export function overlayOptions(network: OverlayNetwork): TextTable {
  return { [VNI_LIST]: String(network.vni), ...(network.options as TextTable) };
}

/** Address management of an overlay as inspect shows it. */
export function overlayIpam(network: OverlayNetwork): NetworkIpam {
  const pools = network.subnets.flatMap(({ subnet, gateway, range }): IpamPool[] => {
    const cidr = parseCidr(subnet);
    if (cidr === undefined) return [];
    const inner = parseCidr(range) ?? cidr;
    return [{ network: networkOf(cidr.address, cidr.prefix), prefix: cidr.prefix, gateway: parseIpv4(gateway) ?? 0,
      rangeNetwork: networkOf(inner.address, inner.prefix), rangePrefix: inner.prefix, auxiliary: [] }];
  });
  return { driver: 'default', options: null, defaultPool: -1, pools,
    config: network.subnets.map(({ subnet, gateway, range }) => ({ subnet, range, gateway, auxiliary: {} })) };
}

/** The event that gives this host its row of an overlay. */
export function overlayEvent(network: OverlayNetwork): EngineEvent {
  return { type: 'NetworkCreated', id: network.id, name: network.name, driver: 'overlay', scope: 'swarm',
    internal: network.internal,
    attachable: network.attachable, ingress: network.ingress === true, ipv6: false, ipam: overlayIpam(network),
      options: overlayOptions(network),
    labels: network.labels, bridge: '', vni: network.vni, createdAt: network.createdAt, configOnly: false,
      configFrom: '' };
}

/** Prefix length of the pool that `address` is in. */
export function prefixOf(network: NetworkRow, address: number): number {
  const pool = network.ipam.pools.find((candidate) =>
    address >= candidate.network && address <= broadcastOf(candidate.network, candidate.prefix));
  return pool?.prefix ?? 32;
}

/** Takes the engine's own address once a container of this host is on the overlay; a second caller goes on at once. */
export function* takeOwnAddress(core: EngineCore, network: NetworkRow): Operation<void> {
  if (network.ownAddress !== 0 || core.askingOwn.has(network.id)) return;
  core.askingOwn.add(network.id);
  const owner = ownEndpointName(network);
  let answer: StoreAnswer<{ readonly address: number }>;
  try {
    answer = yield* core.port.store.takeAddress(network.id, owner, undefined);
  } finally {
    core.askingOwn.delete(network.id);
  }
  // An exhausted overlay leaves the engine without one; containers do not depend on it.
  if (!answer.ok) return;
  const { address } = answer.value;
  if (core.tables.networks.get(network.id) === network) core.emit({ type: 'AddressAssigned', network: network.id,
    address, owner });
  else giveBack(core, network.id, address);
}

/** Lets the store know, without waiting, that an address is free. */
export function giveBack(core: EngineCore, network: string, address: number): void {
  startOperation(core.port.store.releaseAddress(network, address), () => undefined);
}

/** A join to an overlay begins: its row stays until as many have ended. */
export function joinBegins(core: EngineCore, network: string): void {
  core.joining.set(network, (core.joining.get(network) ?? 0) + 1);
}

/** A join has ended, well or not; a row that nobody uses goes. */
export function joinEnds(core: EngineCore, network: string): void {
  const left = (core.joining.get(network) ?? 1) - 1;
  if (left > 0) core.joining.set(network, left);
  else core.joining.delete(network);
  forgetUnused(core, network);
}

/** Drops this host's row of an overlay, and its own address there, once no container of this host is on it. */
export function forgetUnused(core: EngineCore, id: string): void {
  const network = core.tables.networks.get(id);
  if (network === undefined || network.driver !== 'overlay' || core.joining.has(id)) return;
  // The mesh is there as long as the host is in its swarm.
  if (network.ingress && core.port.swarm.membership().cluster !== '') return;
  if (endpointsOn(core.tables, id).length > 0) return;
  const own = network.ownAddress;
  if (own !== 0) {
    core.emit({ type: 'AddressReleased', network: id, address: own });
    giveBack(core, id, own);
  }
  core.emit({ type: 'NetworkRemoved', id });
}
