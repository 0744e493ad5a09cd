// The routing mesh on one host: as a member of a swarm the engine is on the ingress network itself, with an address of
// its own, and its sandbox there has the first address of docker_gwbridge.

import { startOperation, type Operation } from '@netreel/sim';
import type { EngineCore } from '../core.js';
import { allocate } from '../ipam/allocate.js';
import { fromStore, isRefusal } from '../refusal.js';
import { INGRESS_SANDBOX, gatewayBridge } from './gateway-bridge.js';
import { GATEWAY_BRIDGE } from './lookup.js';
import { forgetUnused, takeOwnAddress } from './overlay.js';
import { rowOfOverlay } from './create.js';

const AGAIN_NS = 1_000_000_000;

/** The host came into a swarm. */
export function enterMesh(core: EngineCore): void {
  const bridge = gatewayBridge(core);
  if (!isRefusal(bridge) && ![...bridge.addresses.values()].includes(INGRESS_SANDBOX)) {
    const taken = allocate(bridge, '');
    if (!isRefusal(taken)) {
      core.emit({ type: 'AddressAssigned', network: bridge.id, address: taken.address, owner: INGRESS_SANDBOX });
    }
  }
  startOperation(joinIngress(core), () => undefined);
}

/** Asks until the store answers: a host that has just joined may have to wait for a leader. */
function* joinIngress(core: EngineCore): Operation<void> {
  while (core.port.swarm.membership().cluster !== '') {
    const answer = fromStore(yield* core.port.store.networks());
    const found = isRefusal(answer) ? undefined : answer.value.find(({ ingress }) => ingress === true);
    if (found !== undefined) {
      if (!core.tables.networks.has(found.id)) yield* takeOwnAddress(core, rowOfOverlay(core, found));
      return;
    }
    if (!isRefusal(answer)) return;
    yield* core.sleep(AGAIN_NS);
  }
}

/** The host left its swarm: what it had of the mesh goes, docker_gwbridge itself stays. */
export function leaveMesh(core: EngineCore): void {
  for (const network of [...core.tables.networks.values()]) {
    if (network.name === GATEWAY_BRIDGE) {
      for (const [address, owner] of [...network.addresses]) {
        if (owner === INGRESS_SANDBOX) core.emit({ type: 'AddressReleased', network: network.id, address });
      }
    } else if (network.driver === 'overlay') {
      forgetUnused(core, network.id);
    }
  }
}
