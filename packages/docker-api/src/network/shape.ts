// Networks as list and inspect show them: pure functions over the tables.

import { formatIpv4, formatMac, macFromIpv4 } from '@netreel/wire';
import { hexId, type Json } from '@netreel/sim';
import { INGRESS_SANDBOX, endpointsOn, gatewayName, isGatewayEndpoint, isRunning, overlayIpam, overlayOptions,
  ownEndpointName, sandboxId, type EndpointRow, type EngineTables, type IpamConfig, type NetworkIpam, type NetworkRow,
  type OverlayNetwork, type OverlayPeer } from '@netreel/engine';
import { filled, type JsonObject } from '../json.js';
import { rfc3339 } from '../time.js';

/** Makes endpoint ids of endpoints that no event names (host mode, an engine's own on an overlay). */
const ID_KEY = 0xe9d;

/** Who else is on an overlay that this host is on, by network id. */
export type PeersOf = (network: string) => readonly OverlayPeer[];

/** A network of this host. */
export function networkShape(tables: EngineTables, network: NetworkRow, peersOf: PeersOf): JsonObject {
  const peers = peersOf(network.id).map(({ name, address }) => ({ Name: name, IP: formatIpv4(address) }));
  return {
    Name: network.name, Id: network.id, Created: rfc3339(network.createdAt), Scope: network.scope,
    Driver: network.driver, EnableIPv6: network.ipv6, IPAM: ipamShape(network.ipam), Internal: network.internal,
    Attachable: network.attachable, Ingress: network.ingress, ConfigFrom: { Network: network.configFrom },
    ConfigOnly: network.configOnly, Containers: containersOf(tables, network), Options: network.options,
      Labels: network.labels, ...(peers.length === 0 ? {} : { Peers: peers }),
  };
}

/** An overlay that no container of this host uses. */
export function overlayShape(network: OverlayNetwork): JsonObject {
  return {
    Name: network.name, Id: network.id, Created: rfc3339(network.createdAt), Scope: 'swarm', Driver: 'overlay',
    // One whose subnet overlaps another one's is left without any, and shows null.
    EnableIPv6: false, IPAM: network.subnets.length === 0 ? { Driver: 'default', Options: null, Config: null }
      : ipamShape(overlayIpam(network)), Internal: network.internal, Attachable: network.attachable,
    Ingress: network.ingress === true, ConfigFrom: { Network: '' }, ConfigOnly: false, Containers: null,
      Options: overlayOptions(network),
    Labels: Object.keys(network.labels).length === 0 ? null : network.labels,
  };
}

function ipamShape(ipam: NetworkIpam): Json {
  return { Driver: ipam.driver, Options: ipam.options, Config: ipam.config.map(configShape) };
}

function configShape(config: IpamConfig): Json {
  return filled({ Subnet: config.subnet, IPRange: config.range, Gateway: config.gateway,
    AuxiliaryAddresses: config.auxiliary });
}

/** Containers of this host by id, and on an overlay the engine itself. */
function containersOf(tables: EngineTables, network: NetworkRow): JsonObject {
  const rows: [string, Json][] = endpointsOn(tables, network.id).map((endpoint) => [endpoint.container, {
    Name: nameOf(tables, endpoint), EndpointID: endpoint.id, MacAddress: formatMac(endpoint.mac),
    IPv4Address: `${formatIpv4(endpoint.address)}/${endpoint.prefix}`, IPv6Address: '' }]);
  if (network.driver === 'host' || network.driver === 'null') {
    for (const row of tables.containers.values()) {
      if (!isRunning(row) || row.attachments.get(network.name)?.networkId !== network.id) continue;
      rows.push([row.id, { Name: row.name, EndpointID: impliedEndpoint(row.id, network.id), MacAddress: '',
        IPv4Address: '', IPv6Address: '' }]);
    }
  }
  for (const [address, owner] of network.addresses) {
    if (owner !== INGRESS_SANDBOX) continue;
    rows.push([owner, { Name: gatewayName(owner), EndpointID: impliedEndpoint(owner, network.id),
      MacAddress: formatMac(macFromIpv4(address)), IPv6Address: '',
      IPv4Address: `${formatIpv4(address)}/${network.ipam.pools[0]?.prefix ?? 32}` }]);
  }
  if (network.ownAddress !== 0) {
    const address = formatIpv4(network.ownAddress);
    const prefix = network.ipam.pools[0]?.prefix ?? 32;
    rows.push([`lb-${network.name}`, { Name: ownEndpointName(network), EndpointID: impliedEndpoint(address, network.id),
      MacAddress: formatMac(macFromIpv4(network.ownAddress)), IPv4Address: `${address}/${prefix}`, IPv6Address: '' }]);
  }
  return Object.fromEntries(rows);
}

/** The container's name; on docker_gwbridge that of its sandbox. */
function nameOf(tables: EngineTables, endpoint: EndpointRow): string {
  const row = tables.containers.get(endpoint.container);
  if (row === undefined) return '';
  return isGatewayEndpoint(endpoint) ? gatewayName(sandboxId(row)) : row.name;
}

/** The id of an endpoint that needs no device: a function of who is where. */
export function impliedEndpoint(owner: string, network: string): string {
  return hexId(ID_KEY, `${owner}/${network}`, 64);
}
