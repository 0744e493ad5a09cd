// docker_gwbridge: the bridge by which containers get out that are on overlays only. It is an ordinary bridge network
// that keeps its members apart; their endpoints there have no names, and inspect of a container does not list it.

import { hexId } from '@netreel/sim';
import { macFromIpv4 } from '@netreel/wire';
import type { EngineCore } from '../core.js';
import { allocate } from '../ipam/allocate.js';
import { isRefusal, type Refusal } from '../refusal.js';
import type { ContainerRow, EndpointRow, NetworkRow } from '../tables.js';
import { createBridge } from './local.js';
import { GATEWAY_BRIDGE } from './lookup.js';

/** Whose the first address is: the sandbox of the routing mesh. */
export const INGRESS_SANDBOX = 'ingress-sbox';

const NAME_DIGITS = 12;
const MTU = 1500;
/** Makes ids of sandboxes out of the namespaces that they are. */
const SANDBOX_KEY = 0xe9d;

/** The id of a container's sandbox. */
export function sandboxId(row: ContainerRow): string {
  return hexId(SANDBOX_KEY, `${row.id}/${row.netns}`, 64);
}

/** What an endpoint there is called, by the sandbox that it leads out of. */
export function gatewayName(sandbox: string): string {
  return `gateway_${sandbox.slice(0, NAME_DIGITS)}`;
}

/** The network, made when it is first needed. */
export function gatewayBridge(core: EngineCore): NetworkRow | Refusal {
  const found = [...core.tables.networks.values()].find((network) => network.name === GATEWAY_BRIDGE);
  if (found !== undefined) return found;
  const made = createBridge(core, {
    name: GATEWAY_BRIDGE, checkDuplicate: true, driver: 'bridge', internal: false, attachable: false, ingress: false,
    ipv6: false, ipamDriver: 'default', ipamOptions: null, ipam: [], labels: {}, configOnly: false, configFrom: '',
    options: { 'com.docker.network.bridge.enable_icc': 'false',
      'com.docker.network.bridge.enable_ip_masquerade': 'true', 'com.docker.network.bridge.name': GATEWAY_BRIDGE },
  }, '');
  if (isRefusal(made)) return made;
  const network = core.tables.networks.get(made.id)!;
  const first = allocate(network, '');
  if (isRefusal(first)) return first;
  core.emit({ type: 'AddressAssigned', network: network.id, address: first.address, owner: INGRESS_SANDBOX });
  return network;
}

/** Gives a container an interface there. */
export function joinGatewayBridge(core: EngineCore, row: ContainerRow, network: NetworkRow): EndpointRow | Refusal {
  const taken = allocate(network, '');
  if (isRefusal(taken)) return taken;
  const { address, prefix } = taken;
  const id = core.port.newId('endpoint');
  core.emit({ type: 'AddressAssigned', network: network.id, address, owner: id });
  core.emit({ type: 'EndpointJoined', id, container: row.id, network: network.id, interface: `eth${row.interfaces}`,
    mac: macFromIpv4(address), address, prefix, gateway: network.ipam.pools[0]?.gateway ?? 0, mtu: MTU, names: [],
    vip: 0, vipNames: [] });
  return core.tables.endpoints.get(id)!;
}
