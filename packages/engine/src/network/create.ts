// docker network create.

import type { Operation } from '@netreel/sim';
import type { EngineCore } from '../core.js';
import type { EngineEvent } from '../events.js';
import type { OverlayNetwork } from '../port.js';
import { fromStore, isRefusal, refuse, type Refusal } from '../refusal.js';
import type { NetworkRow } from '../tables.js';
import { gatewayBridge } from './gateway-bridge.js';
import { BRIDGE_NAME, type CreatedNetwork, createBridge, emitLocal } from './local.js';
import { findNetwork, isPredefined } from './lookup.js';
import { overlayEvent } from './overlay.js';
import { createOnParent } from './parent.js';
import type { NetworkIpam, NetworkSpec } from './spec.js';

/** How long an engine looks for a plugin of an unknown driver's name. */
const PLUGIN_SEARCH_NS = 15_000_000_000;

/** Makes a network: a bridge on this host, or an overlay in the store. */
export function* createNetwork(core: EngineCore, asked: NetworkSpec): Operation<CreatedNetwork | Refusal> {
  if (asked.name.trim() === '') return refuse('InvalidParameter', `invalid name: ${asked.name}`);
  if (isPredefined(asked.name)) {
    return refuse('Forbidden', `operation is not permitted on predefined ${asked.name} network`);
  }
  const twin = [...core.tables.networks.values()].find((network) => network.name === asked.name);
  if (twin !== undefined && (asked.checkDuplicate || twin.scope === 'swarm')) return nameTaken(asked.name);
  const warning = twin === undefined ? '' : `Network with name ${twin.name} (id : ${twin.id}) already exists`;
  const spec = withConfigFrom(core, asked);
  if (isRefusal(spec)) return spec;
  if (spec.configOnly) return configOnly(core, spec, warning);
  switch (spec.driver) {
    case '': case 'bridge': return createBridge(core, spec, warning);
    case 'host': case 'null': return refuse('Forbidden', `only one instance of "${spec.driver}" network is allowed`);
    case 'macvlan': case 'ipvlan': return createOnParent(core, spec, spec.driver, warning);
    case 'overlay': return yield* createOverlay(core, spec);
    default:
      yield* core.sleep(PLUGIN_SEARCH_NS);
      return refuse('NotFound', `plugin "${spec.driver}" not found`);
  }
}

function nameTaken(name: string): Refusal {
  return refuse('Conflict', `network with name ${name} already exists`);
}

/** The settings of a configuration-only network take the place of one's own. */
function withConfigFrom(core: EngineCore, spec: NetworkSpec): NetworkSpec | Refusal {
  if (spec.configFrom === '') return spec;
  const source = findNetwork(core.tables, spec.configFrom);
  if (isRefusal(source) || !source.configOnly) {
    return refuse('NotFound', `configuration network "${spec.configFrom}" does not exist`);
  }
  if (spec.ipam.length > 0 || Object.keys(spec.options).length > 0) {
    return refuse('Forbidden',
      'user specified configurations are not supported if the network depends on a configuration network');
  }
  return { ...spec, ipam: source.ipam.config, options: source.options, ipv6: source.ipv6, configFrom: source.name };
}

/** Settings alone: whatever driver was named, it has none. */
function configOnly(core: EngineCore, spec: NetworkSpec, warning: string): CreatedNetwork {
  const ipam: NetworkIpam = { driver: spec.ipamDriver, options: spec.ipamOptions, config: spec.ipam, pools: [],
    defaultPool: -1 };
  return { id: emitLocal(core, spec, 'null', ipam, ''), warning };
}

function* createOverlay(core: EngineCore, spec: NetworkSpec): Operation<CreatedNetwork | Refusal> {
  if (core.port.swarm.membership().role === 'worker') {
    return refuse('Forbidden', 'Cannot create a multi-host network from a worker node. Please create the network ' +
      'from a manager node.');
  }
  const answer = fromStore(yield* core.port.store.createNetwork({
    name: spec.name, attachable: spec.attachable, internal: spec.internal, encrypted: 'encrypted' in spec.options,
    ingress: spec.ingress,
    subnets: spec.ipam.filter((config) => config.subnet !== '')
      .map(({ subnet, gateway, range }) => ({ subnet, gateway, range })),
    options: spec.options, labels: spec.labels }));
  if (isRefusal(answer)) return answer;
  gatewayBridge(core);
  return { id: answer.value.id, warning: '' };
}

/** This host's row of an overlay, made when a container here first uses it. */
export function rowOfOverlay(core: EngineCore, network: OverlayNetwork): NetworkRow {
  if (!core.tables.networks.has(network.id)) core.emit(overlayEvent(network));
  return core.tables.networks.get(network.id)!;
}

/** The three networks that every engine comes up with. */
export function defaultNetworks(core: EngineCore): readonly EngineEvent[] {
  const common = { scope: 'local', internal: false, attachable: false, ingress: false, ipv6: false, labels: {}, vni: 0,
    createdAt: core.port.now(), configOnly: false, configFrom: '' } as const;
  const nothing: NetworkIpam = { driver: 'default', options: null, config: [], pools: [], defaultPool: -1 };
  const network = 0xac11_0000;
  const docker0: NetworkIpam = { driver: 'default', options: null, defaultPool: -1,
    config: [{ subnet: '172.17.0.0/16', range: '', gateway: '172.17.0.1', auxiliary: {} }],
    pools: [{ network, prefix: 16, gateway: network + 1, rangeNetwork: network, rangePrefix: 16, auxiliary: [] }] };
  return [
    { type: 'NetworkCreated', id: core.port.newId('network'), name: 'none', driver: 'null', ipam: nothing, options: {},
      bridge: '', ...common },
    { type: 'NetworkCreated', id: core.port.newId('network'), name: 'host', driver: 'host', ipam: nothing, options: {},
      bridge: '', ...common },
    { type: 'NetworkCreated', id: core.port.newId('network'), name: 'bridge', driver: 'bridge', ipam: docker0,
      bridge: 'docker0', ...common,
      options: {
        'com.docker.network.bridge.default_bridge': 'true',
        'com.docker.network.bridge.enable_icc': 'true',
        'com.docker.network.bridge.enable_ip_masquerade': 'true',
        'com.docker.network.bridge.host_binding_ipv4': '0.0.0.0',
        [BRIDGE_NAME]: 'docker0',
        'com.docker.network.driver.mtu': '1500',
      } },
  ];
}
