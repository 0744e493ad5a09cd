// A running container comes onto a network, or leaves it.

import { inSubnet, macFromIpv4, parseIpv4, parseMac } from '@netreel/wire';
import type { Operation } from '@netreel/sim';
import type { EngineCore } from '../core.js';
import { isNewerEngine } from '../age.js';
import { shortId } from '../container/lookup.js';
import type { EndpointConfig } from '../container/spec.js';
import { allocate, type Allocation } from '../ipam/allocate.js';
import { fromStore, isRefusal, refuse, type Refusal } from '../refusal.js';
import { endpointBetween, type ContainerRow, type NetworkRow } from '../tables.js';
import { settleJoined } from './connectivity.js';
import { rowOfOverlay } from './create.js';
import { networkNotice } from '../notice/derive.js';
import { postNotice } from '../notice/post.js';
import { findAnywhere, isElsewhere, isUserDefined } from './lookup.js';
import { isClosed, isParentDriver, joinFlaw } from './parent.js';
import { giveBack, joinBegins, joinEnds, prefixOf, takeOwnAddress } from './overlay.js';

const MTU_OPTION = 'com.docker.network.driver.mtu';

/**
 * Brings a container with a live sandbox onto the network that `reference` names. `alive` says whether the sandbox
 * still stands when an overlay's address has come. Answers the network; host and none need
 * no endpoint.
 */
export function* joinNetwork(core: EngineCore, row: ContainerRow, reference: string, config: EndpointConfig,
  alive: () => boolean): Operation<NetworkRow | Refusal> {
  const found = yield* findAnywhere(core, reference);
  if (isRefusal(found)) return found;
  if (isElsewhere(found) || found.driver === 'overlay') {
    const { id } = found;
    if (!found.attachable && config.task === undefined) return notAttachable(found.name);
    joinBegins(core, id);
    try {
      return yield* joinFound(core, row, isElsewhere(found) ? rowOfOverlay(core, found) : found, config, alive);
    } finally {
      joinEnds(core, id);
    }
  }
  return yield* joinFound(core, row, found, config, alive);
}

function notAttachable(name: string): Refusal {
  return refuse('Forbidden', `Could not attach to network ${name}: rpc error: code = PermissionDenied desc = ` +
    `network ${name} not manually attachable`);
}

function* joinFound(core: EngineCore, row: ContainerRow, network: NetworkRow, wanted: EndpointConfig,
  alive: () => boolean): Operation<NetworkRow | Refusal> {
  const refusal = checkEndpoint(network, wanted);
  if (refusal !== undefined) return refusal;
  const config = settled(row, network, wanted);
  if (network.driver === 'host' || network.driver === 'null') {
    core.emit({ type: 'EndpointConfigured', container: row.id, network: network.name, config });
    postNotice(core, networkNotice(network, 'connect', { container: row.id }));
    return network;
  }
  if (endpointBetween(core.tables, row.id, network.id) !== undefined) {
    return refuse('Forbidden', `endpoint with name ${row.name} already exists in network ${network.name}`);
  }
  const flaw = isParentDriver(network.driver) ? joinFlaw(core, network) : undefined;
  if (flaw !== undefined) return refuse('System', flaw);
  const id = core.port.newId('endpoint');
  const taken = yield* takeAddress(core, network, id, config);
  if (isRefusal(taken)) return taken;
  if (!alive()) {
    if (network.driver === 'overlay') giveBack(core, network.id, taken.address);
    return refuse('Conflict', `Container ${row.id} is not running`);
  }
  const { address, prefix } = taken;
  core.emit({ type: 'EndpointConfigured', container: row.id, network: network.name, config });
  core.emit({ type: 'AddressAssigned', network: network.id, address, owner: id });
  core.emit({ type: 'EndpointJoined', id, container: row.id, network: network.id, interface: `eth${row.interfaces}`,
    mac: macOf(core, network, config, address), address, prefix, gateway: gatewayOf(network, address),
    mtu: mtuOf(network), names: namesOf(row, config), vip: config.task?.vip ?? 0,
    vipNames: config.task?.vipNames ?? [] });
  const unreachable = settleJoined(core, row, core.tables.endpoints.get(id)!);
  if (unreachable !== undefined) return unreachable;
  if (network.driver === 'overlay') yield* takeOwnAddress(core, network);
  return network;
}

/** The one asked for; else made from the address, or on the bridges of newer engines from chance. */
function macOf(core: EngineCore, network: NetworkRow, config: EndpointConfig, address: number): number {
  const asked = parseMac(config.macAddress);
  if (asked !== undefined) return asked;
  if (network.driver !== 'bridge' || !isNewerEngine(core.port.apiVersion)) return macFromIpv4(address);
  const chance = core.port.random('mac');
  // Locally administered, and of one station.
  return (((chance.below(0x100) & 0xfc) | 0x02) * 0x1_0000_0000 + chance.below(0x1_0000_0000)) * 0x100 +
    chance.below(0x100);
}

/** What a network refuses of an endpoint before it looks for an address. */
export function checkEndpoint(network: NetworkRow, config: EndpointConfig): Refusal | undefined {
  if (network.configOnly) return refuse('Forbidden', 'cannot create endpoint on configuration-only network');
  if (!isUserDefined(network.name)) {
    if (config.ipv4Address !== '') {
      return refuse('InvalidParameter', 'user specified IP address is supported on user defined networks only');
    }
    if (config.aliases.length > 0) {
      return refuse('InvalidParameter',
        'network-scoped alias is supported only for containers in user defined networks');
    }
  }
  if (config.ipv4Address !== '' && network.ipam.defaultPool >= 0) {
    return refuse('InvalidParameter',
      'user specified IP address is supported only when connecting to networks with user configured subnets');
  }
  return undefined;
}

/** The configuration with what the engine adds itself: the network's id, and on user-defined networks two more
 * aliases. */
export function settled(row: ContainerRow, network: NetworkRow, config: EndpointConfig): EndpointConfig {
  if (!isUserDefined(network.name)) return { ...config, networkId: network.id };
  const aliases = [...config.aliases];
  for (const alias of [shortId(row.id), row.spec.hostname]) {
    if (alias !== '' && alias !== row.name && !aliases.includes(alias)) aliases.push(alias);
  }
  return { ...config, networkId: network.id, aliases };
}

/** What DNS answers for an endpoint: the container's name first. */
export function namesOf(row: ContainerRow, config: EndpointConfig): readonly string[] {
  return [row.name, ...config.aliases.filter((alias) => alias !== row.name), ...config.task?.names ?? []];
}

function* takeAddress(core: EngineCore, network: NetworkRow, endpoint: string,
  config: EndpointConfig): Operation<Allocation | Refusal> {
  // What the swarm gave to a task is nobody else's.
  if (config.task !== undefined) return { address: config.task.address, prefix: config.task.prefix };
  if (network.driver !== 'overlay') return allocate(network, config.ipv4Address);
  const answer = fromStore(yield* core.port.store.takeAddress(network.id, endpoint, parseIpv4(config.ipv4Address)));
  return isRefusal(answer) ? answer : { address: answer.value.address, prefix: prefixOf(network,
    answer.value.address) };
}

/** An overlay leads nowhere but to its own members; a network on a parent may. */
function gatewayOf(network: NetworkRow, address: number): number {
  if (network.driver === 'overlay') return 0;
  if (isParentDriver(network.driver) && isClosed(network)) return 0;
  const pool = network.ipam.pools.find((one) => inSubnet(address, one.network, one.prefix));
  return pool?.gateway ?? 0;
}

function mtuOf(network: NetworkRow): number {
  const typed = network.options[MTU_OPTION];
  if (typed !== undefined && /^\d{1,5}$/.test(typed)) return Number(typed);
  if (network.driver !== 'overlay') return 1500;
  // VXLAN takes 50 bytes of an underlay frame, IPsec 26 more.
  return 'encrypted' in network.options ? 1424 : 1450;
}
