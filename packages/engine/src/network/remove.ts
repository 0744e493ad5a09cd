// docker network rm and prune.

import type { Operation } from '@netreel/sim';
import type { EngineCore } from '../core.js';
import type { OverlayNetwork } from '../port.js';
import { fromStore, isRefusal, refuse, type Refusal } from '../refusal.js';
import { endpointsOn, type NetworkRow } from '../tables.js';
import { INGRESS_SANDBOX } from './gateway-bridge.js';
import { GATEWAY_BRIDGE, findAnywhere, isElsewhere, isPredefined } from './lookup.js';

/** Removes one network. */
export function* removeNetwork(core: EngineCore, reference: string): Operation<undefined | Refusal> {
  const found = yield* findAnywhere(core, reference);
  if (isRefusal(found)) return found;
  if (isElsewhere(found) || found.driver === 'overlay') return yield* removeOverlay(core, found.id);
  if (isPredefined(found.name)) return refuse('Forbidden',
    `${found.name} is a pre-defined network and cannot be removed`);
  const refusal = inUse(core, found);
  if (refusal !== undefined) return refusal;
  core.emit({ type: 'NetworkRemoved', id: found.id });
  return undefined;
}

function inUse(core: EngineCore, network: NetworkRow): Refusal | undefined {
  const prefix = 'error while removing network: ';
  const hasSandbox = network.name === GATEWAY_BRIDGE && [...network.addresses.values()].includes(INGRESS_SANDBOX);
  if (hasSandbox || endpointsOn(core.tables, network.id).length > 0) {
    return refuse('Forbidden', `${prefix}network ${network.name} id ${network.id} has active endpoints`);
  }
  const dependent = network.configOnly && [...core.tables.networks.values()].some((other) =>
    other.configFrom === network.name);
  return dependent ? refuse('Forbidden', `${prefix}configuration network "${network.name}" is in use`) : undefined;
}

/** The store knows who uses an overlay, on whichever host. */
function* removeOverlay(core: EngineCore, id: string): Operation<undefined | Refusal> {
  const answer = fromStore(yield* core.port.store.removeNetwork(id));
  if (isRefusal(answer)) return answer;
  // Nobody of this host is on it, or the store had refused; a join under way finds it gone.
  if (core.tables.networks.has(id) && endpointsOn(core.tables, id).length === 0) core.emit({ type: 'NetworkRemoved',
    id });
  return undefined;
}

/** Removes the networks that no container uses and that `matches` takes; answers their names. */
export function* pruneNetworks(core: EngineCore, matches: (network: NetworkRow | OverlayNetwork) => boolean):
  Operation<readonly string[]> {
  const removed: string[] = [];
  for (const network of [...core.tables.networks.values()]) {
    if (network.driver === 'overlay' || isPredefined(network.name) || !matches(network)) continue;
    if (inUse(core, network) !== undefined) continue;
    core.emit({ type: 'NetworkRemoved', id: network.id });
    removed.push(network.name);
  }
  const overlays = fromStore(yield* core.port.store.networks());
  if (isRefusal(overlays)) return removed;
  for (const network of overlays.value) {
    if (network.ingress === true || !matches(network)) continue;
    if (isRefusal(yield* removeOverlay(core, network.id))) continue;
    removed.push(network.name);
  }
  return removed;
}
