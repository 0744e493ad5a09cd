// The way out of a container: which of its endpoints gives the default route and carries the published ports, and the
// endpoint on docker_gwbridge that it gets when no network of its own leads anywhere.

import { assert } from '@netreel/sim';
import type { EngineCore } from '../core.js';
import { publishPorts, withdrawPorts } from '../publish/publish.js';
import { isRefusal, refuse, type Refusal } from '../refusal.js';
import { endpointBetween, endpointsOf, isGatewayEndpoint, type ContainerRow, type EndpointRow, type EngineTables,
  type NetworkRow } from '../tables.js';
import { gatewayBridge, gatewayName, joinGatewayBridge, sandboxId } from './gateway-bridge.js';
import { releaseEndpoint } from './leave.js';

/** A container's endpoints as Docker goes through them: by their networks' names, internal ones late, its own last. */
export function endpointsInOrder(tables: EngineTables, container: string): readonly EndpointRow[] {
  const rank = (endpoint: EndpointRow): string => {
    const network = tables.networks.get(endpoint.network);
    return `${isGatewayEndpoint(endpoint) ? 2 : network?.internal === true ? 1 : 0}${network?.name ?? ''}`;
  };
  const endpoints = endpointsOf(tables, container);
  return endpoints.length < 2 ? endpoints
    : [...endpoints].sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0));
}

/** An endpoint has come: what leads out may be another one now. A refusal leaves all as it was, but for `endpoint`. */
export function settleJoined(core: EngineCore, row: ContainerRow, endpoint: EndpointRow): Refusal | undefined {
  if (needsGateway(core.tables, row) && gatewayEndpoint(core.tables, row) === undefined) {
    return joinGateway(core, row);
  }
  const before = outwardNow(core, row);
  const after = outward(core.tables, row);
  if (after !== undefined && after !== before) {
    if (before !== undefined) withdrawPorts(core, before);
    const refusal = networkOf(core, endpoint).internal ? undefined : publishAt(core, row, after);
    if (refusal !== undefined) {
      if (before !== undefined) publishAt(core, row, before);
      return refuse('System', `driver failed programming external connectivity on endpoint ` +
        `${endpointName(row, after)} (${after.id}): ${refusal.message}`);
    }
  }
  chooseGateway(core, row);
  dropGateway(core, row);
  return undefined;
}

/** Takes an endpoint of a running container away; another one may lead out from now on. */
export function leaveLive(core: EngineCore, row: ContainerRow, endpoint: EndpointRow): Refusal | undefined {
  const ledOut = outwardNow(core, row) === endpoint;
  if (ledOut) withdrawPorts(core, endpoint);
  releaseEndpoint(core, endpoint);
  if (needsGateway(core.tables, row) && gatewayEndpoint(core.tables, row) === undefined) return joinGateway(core, row);
  const after = outward(core.tables, row);
  // Ports that cannot be had any more are missed in the log of the engine only.
  if (ledOut && after !== undefined) publishAt(core, row, after);
  chooseGateway(core, row);
  dropGateway(core, row);
  return undefined;
}

/** Takes all endpoints of a container away that has ended. */
export function leaveAll(core: EngineCore, row: ContainerRow): void {
  for (const endpoint of endpointsOf(core.tables, row.id)) {
    withdrawPorts(core, endpoint);
    releaseEndpoint(core, endpoint);
  }
}

/** Of the networks with a gateway the first. */
function outward(tables: EngineTables, row: ContainerRow): EndpointRow | undefined {
  return endpointsInOrder(tables, row.id).find((endpoint) => endpoint.gateway !== 0);
}

/** The endpoint that leads out until something changes. */
function outwardNow(core: EngineCore, row: ContainerRow): EndpointRow | undefined {
  return row.gatewayNetwork === '' ? undefined : endpointBetween(core.tables, row.id, row.gatewayNetwork);
}

/** Only a bridge can publish. */
function publishAt(core: EngineCore, row: ContainerRow, endpoint: EndpointRow): Refusal | undefined {
  const network = networkOf(core, endpoint);
  return network.driver === 'bridge' ? publishPorts(core, row, endpoint, network) : undefined;
}

/** Whether all that the container is on are overlays that are to lead out. */
function needsGateway(tables: EngineTables, row: ContainerRow): boolean {
  let needs = false;
  for (const endpoint of endpointsOf(tables, row.id)) {
    if (isGatewayEndpoint(endpoint)) continue;
    const network = tables.networks.get(endpoint.network);
    if (network === undefined || network.internal) continue;
    if (network.driver !== 'overlay') return false;
    needs = true;
  }
  return needs;
}

function gatewayEndpoint(tables: EngineTables, row: ContainerRow): EndpointRow | undefined {
  return endpointsOf(tables, row.id).find(isGatewayEndpoint);
}

function joinGateway(core: EngineCore, row: ContainerRow): Refusal | undefined {
  const failed = (refusal: Refusal): Refusal =>
    ({ ...refusal, message: `container ${row.id}: endpoint join on GW Network failed: ${refusal.message}` });
  const bridge = gatewayBridge(core);
  if (isRefusal(bridge)) return failed(bridge);
  const endpoint = joinGatewayBridge(core, row, bridge);
  if (isRefusal(endpoint)) return failed(endpoint);
  const refusal = settleJoined(core, row, endpoint);
  if (refusal === undefined) return undefined;
  releaseEndpoint(core, endpoint);
  return failed(refusal);
}

/** A network of its own leads out, or none is to: the endpoint on docker_gwbridge is not needed any more. */
function dropGateway(core: EngineCore, row: ContainerRow): void {
  const endpoint = gatewayEndpoint(core.tables, row);
  if (endpoint === undefined || needsGateway(core.tables, row)) return;
  leaveLive(core, row, endpoint);
}

/** Sets the default route anew where another network gives it now. */
function chooseGateway(core: EngineCore, row: ContainerRow): void {
  const best = outward(core.tables, row);
  const network = best?.network ?? '';
  const gateway = best?.gateway ?? 0;
  if (network === row.gatewayNetwork && gateway === row.gateway) return;
  core.emit({ type: 'GatewayChosen', container: row.id, network, gateway });
}

function endpointName(row: ContainerRow, endpoint: EndpointRow): string {
  return isGatewayEndpoint(endpoint) ? gatewayName(sandboxId(row)) : row.name;
}

function networkOf(core: EngineCore, endpoint: EndpointRow): NetworkRow {
  const network = core.tables.networks.get(endpoint.network);
  assert(network !== undefined, `endpoint ${endpoint.id} is on a network that is gone`);
  return network;
}
