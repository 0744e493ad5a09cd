// A container's networks as list and inspect show them.

import { formatIpv4, formatMac } from '@netreel/wire';
import type { Json } from '@netreel/sim';
import { endpointBetween, endpointsInOrder, findNetwork, isRefusal, isRunning, readPort, sandboxId, type ContainerRow,
  type EndpointConfig, type EndpointRow, type EngineTables, type PublishedPort } from '@netreel/engine';
import { filled, type JsonObject } from '../json.js';
import { impliedEndpoint } from '../network/shape.js';

/** `NetworkSettings.Networks`, by name. */
export function networksShape(tables: EngineTables, row: ContainerRow): JsonObject {
  return Object.fromEntries([...row.attachments.keys()].sort()
    .map((name) => [name, attachmentShape(tables, row, row.attachments.get(name)!)]));
}

function attachmentShape(tables: EngineTables, row: ContainerRow, config: EndpointConfig): Json {
  const { networkId } = config;
  const network = tables.networks.get(networkId);
  const endpoint = networkId === '' ? undefined : endpointBetween(tables, row.id, networkId);
  const implied = isRunning(row) && (network?.driver === 'host' || network?.driver === 'null');
  return {
    IPAMConfig: ipamConfig(config, network?.driver === 'overlay' ? endpoint : undefined),
    Links: config.links.length === 0 ? null : config.links,
      Aliases: config.aliases.length === 0 ? null : config.aliases,
    NetworkID: networkId, EndpointID: endpoint?.id ?? (implied ? impliedEndpoint(row.id, networkId) : ''),
    ...addressShape(endpoint),
    DriverOpts: Object.keys(config.driverOptions).length === 0 ? null : config.driverOptions,
  };
}

/** On an overlay the address that the store gave stands here as if it had been asked for. */
function ipamConfig(config: EndpointConfig, given: EndpointRow | undefined): Json {
  const ipv4 = given === undefined ? config.ipv4Address : formatIpv4(given.address);
  const { linkLocalIps = [] } = config;
  if (ipv4 === '' && config.ipv6Address === '' && linkLocalIps.length === 0) return null;
  return { ...filled({ IPv4Address: ipv4, IPv6Address: config.ipv6Address }),
    ...(linkLocalIps.length === 0 ? {} : { LinkLocalIPs: linkLocalIps }) };
}

function addressShape(endpoint: EndpointRow | undefined): JsonObject {
  return {
    Gateway: endpoint === undefined || endpoint.gateway === 0 ? '' : formatIpv4(endpoint.gateway),
    IPAddress: endpoint === undefined ? '' : formatIpv4(endpoint.address), IPPrefixLen: endpoint?.prefix ?? 0,
    IPv6Gateway: '', GlobalIPv6Address: '', GlobalIPv6PrefixLen: 0,
    MacAddress: endpoint === undefined ? '' : formatMac(endpoint.mac),
  };
}

/** The whole `NetworkSettings` of an inspect: the default bridge stands in it twice. */
export function networkSettings(tables: EngineTables, row: ContainerRow): JsonObject {
  const bridge = findNetwork(tables, 'bridge');
  const endpoint = isRefusal(bridge) ? undefined : endpointBetween(tables, row.id, bridge.id);
  return {
    Bridge: '', SandboxID: row.netns === '' ? '' : sandboxId(row), HairpinMode: false,
      LinkLocalIPv6Address: '',
    LinkLocalIPv6PrefixLen: 0, Ports: portsShape(tables, row),
    SandboxKey: row.netns === '' ? '' : `/var/run/docker/netns/${row.netns}`, SecondaryIPAddresses: null,
    SecondaryIPv6Addresses: null, EndpointID: endpoint?.id ?? '', ...addressShape(endpoint),
      Networks: networksShape(tables, row),
  };
}

/** A port of a container: published at some place of the host, or merely exposed. */
export interface ListedPort {
  /** `80/tcp`. */
  readonly name: string;
  readonly bindings: readonly PublishedPort[];
}

/** What the first endpoint has that knows of any port; none in host, none and container mode. */
export function listedPorts(tables: EngineTables, row: ContainerRow): readonly ListedPort[] {
  const teller = endpointsInOrder(tables, row.id)
    .find(({ exposed, published }) => exposed.length > 0 || published.length > 0);
  return (teller?.exposed ?? []).map((name) => {
    const { port, protocol } = readPort(name);
    const bindings = teller!.published.filter((each) => each.port === port && each.protocol === protocol);
    return { name, bindings };
  });
}

function portsShape(tables: EngineTables, row: ContainerRow): Json {
  return Object.fromEntries(listedPorts(tables, row).map(({ name, bindings }) => [name, bindings.length === 0 ? null
    : bindings.map(({ hostAddress, hostPort }) => ({ HostIp: hostAddress, HostPort: String(hostPort) }))] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1)));
}
