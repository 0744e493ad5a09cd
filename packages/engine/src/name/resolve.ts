// What the embedded DNS server of a container answers: names and addresses of the user-defined networks it is on.

import type { EngineCore } from '../core.js';
import { parseLink } from '../container/link.js';
import { sandboxOwner } from '../container/mode.js';
import { isUserDefined } from '../network/lookup.js';
import { endpointsOf, endpointsOn, isGatewayEndpoint, type ContainerRow, type EngineTables,
  type NetworkRow } from '../tables.js';

/** One network's names, as seen from here. */
interface Member {
  readonly names: readonly string[];
  readonly address: number;
  /** Of the service that it is a task of; 0 for none. */
  readonly vip: number;
  readonly vipNames: readonly string[];
}

/** The addresses of a name; 'unknown' when it is to be asked elsewhere. Local endpoints come first, then other
 * hosts'. */
export function resolveName(core: EngineCore, container: string, asked: string):
  { readonly addresses: readonly number[] } | 'unknown' {
  const row = core.tables.containers.get(container);
  if (row === undefined) return 'unknown';
  const owner = sandboxOwner(core.tables, row);
  const networks = userNetworks(core.tables, owner);
  const name = (asked.endsWith('.') ? asked.slice(0, -1) : asked).toLowerCase();
  for (const [host, networkName] of readings(name)) {
    for (const network of networks) {
      if (networkName !== undefined && network.name.toLowerCase() !== networkName) continue;
      const addresses = onNetwork(core, owner, network, host);
      if (addresses.length > 0) return { addresses };
    }
  }
  return 'unknown';
}

/** `a.b.c` may be a name, `a.b` on network `c`, or `a` on network `b.c`. */
function readings(name: string): readonly (readonly [string, string | undefined])[] {
  const parts = name.split('.');
  const splits = parts.slice(1).map((_, index) => {
    const cut = parts.length - 1 - index;
    return [parts.slice(0, cut).join('.'), parts.slice(cut).join('.')] as const;
  });
  return [[name, undefined], ...splits];
}

/** The user-defined networks a container is on, by name: of two that know a name, the first in the alphabet answers. */
function userNetworks(tables: EngineTables, row: ContainerRow): readonly NetworkRow[] {
  return endpointsOf(tables, row.id).filter((endpoint) => !isGatewayEndpoint(endpoint))
    .map((endpoint) => tables.networks.get(endpoint.network))
    .filter((network) => network !== undefined).filter((network) => isUserDefined(network.name))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function onNetwork(core: EngineCore, row: ContainerRow, network: NetworkRow, name: string): readonly number[] {
  const members = membersOf(core, network);
  const linked = row.attachments.get(network.name)?.links.map(parseLink).find((link) =>
    link.alias.toLowerCase() === name);
  const wanted = linked === undefined ? name : linked.target.toLowerCase();
  const called = (names: readonly string[]): boolean => names.some((one) => one.toLowerCase() === wanted);
  // All tasks of a service know its one virtual address.
  const virtual = members.filter((member) => member.vip !== 0 && called(member.vipNames)).map((member) => member.vip);
  if (virtual.length > 0) return [...new Set(virtual)];
  return members.filter((member) => called(member.names)).map((member) => member.address);
}

function membersOf(core: EngineCore, network: NetworkRow): readonly Member[] {
  const local = endpointsOn(core.tables, network.id);
  return network.driver === 'overlay' ? [...local, ...core.port.remoteEndpoints(network.id)] : local;
}

/** `NAME.NETWORK` for an address on a network that the container is on. Never an alias. */
export function reverseName(core: EngineCore, container: string, address: number): string | undefined {
  const row = core.tables.containers.get(container);
  if (row === undefined) return undefined;
  for (const network of userNetworks(core.tables, sandboxOwner(core.tables, row))) {
    const local = endpointsOn(core.tables, network.id).find((endpoint) => endpoint.address === address);
    if (local !== undefined) return `${local.names[0]}.${network.name}`;
    const remote = network.driver === 'overlay'
      ? core.port.remoteEndpoints(network.id).find((endpoint) => endpoint.address === address) : undefined;
    if (remote !== undefined) return `${remote.name}.${network.name}`;
  }
  return undefined;
}
