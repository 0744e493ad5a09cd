// Networks that are one host's alone: their subnets are planned here, their ids drawn here.

import type { EngineCore } from '../core.js';
import { isNewerEngine } from '../age.js';
import { planIpam } from '../ipam/plan.js';
import { isRefusal, refuse, type Refusal } from '../refusal.js';
import type { NetworkIpam, NetworkSpec } from './spec.js';

/** What `network create` answers. */
export interface CreatedNetwork {
  readonly id: string;
  readonly warning: string;
}

export const BRIDGE_NAME = 'com.docker.network.bridge.name';

/** A bridge network of this host. */
export function createBridge(core: EngineCore, spec: NetworkSpec, warning: string): CreatedNetwork | Refusal {
  const name = spec.options[BRIDGE_NAME];
  const holder = [...core.tables.networks.values()].find((network) => network.bridge !== '' && network.bridge === name);
  if (holder !== undefined) {
    return refuse('Forbidden', `networks have same bridge name: cannot create network with bridge ${name}, ` +
      `it is used by network ${holder.name}`);
  }
  const ipam = planIpam(core.tables, spec, core.port.hostRoutes(), false, isNewerEngine(core.port.apiVersion));
  if (isRefusal(ipam)) return ipam;
  return { id: emitLocal(core, spec, 'bridge', ipam, name), warning };
}

/** The network comes to be; its id. */
export function emitLocal(core: EngineCore, spec: NetworkSpec, driver: string, ipam: NetworkIpam,
  bridge: string | undefined): string {
  const id = core.port.newId('network');
  core.emit({ type: 'NetworkCreated', id, name: spec.name, driver, scope: 'local', internal: spec.internal,
    attachable: spec.attachable, ingress: spec.ingress, ipv6: spec.ipv6, ipam, options: spec.options,
      labels: spec.labels,
    bridge: bridge ?? `br-${id.slice(0, 12)}`, vni: 0, createdAt: core.port.now(), configOnly: spec.configOnly,
    configFrom: spec.configFrom });
  return id;
}
