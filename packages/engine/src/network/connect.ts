// docker network connect and disconnect.

import type { Operation } from '@netreel/sim';
import { findContainer } from '../container/lookup.js';
import { writeJoinedFiles } from '../container/files.js';
import { isContainerMode, isHostMode } from '../container/mode.js';
import type { EndpointConfig } from '../container/spec.js';
import type { EngineCore } from '../core.js';
import type { OverlayNetwork } from '../port.js';
import { isRefusal, refuse, type Refusal } from '../refusal.js';
import { endpointBetween, isRunning, type ContainerRow, type NetworkRow } from '../tables.js';
import { networkNotice } from '../notice/derive.js';
import { postNotice } from '../notice/post.js';
import { findAnywhere, findNetwork, isElsewhere } from './lookup.js';
import { leaveLive } from './connectivity.js';
import { checkEndpoint, joinNetwork, settled } from './join.js';

const SHARED =
  'container sharing network namespace with another container or host cannot be connected to any other network';
const NONE = 'container cannot be connected to multiple networks with one of the networks in private (none) mode';
const HOST = 'container cannot be disconnected from host network or connected to host network';

/** Connects a container, running or not. */
export function* connect(core: EngineCore, reference: string, container: string, config: EndpointConfig):
  Operation<undefined | Refusal> {
  const row = findContainer(core.tables, container);
  if (isRefusal(row)) return row;
  return yield* core.locked(row.id, function* () {
    if (core.tables.containers.get(row.id) !== row) return refuse('NotFound', `No such container: ${container}`);
    return isRunning(row) ? yield* connectRunning(core, row, reference, config) : yield* connectStopped(core, row,
      reference, config);
  });
}

function* connectRunning(core: EngineCore, row: ContainerRow, reference: string, config: EndpointConfig):
  Operation<undefined | Refusal> {
  if (isContainerMode(row.spec)) return refuse('InvalidParameter', SHARED);
  const found = yield* findAnywhere(core, reference);
  if (isRefusal(found)) return found;
  const refusal = fitsTogether(core, row, found);
  if (refusal !== undefined) return refusal;
  const { startedAt } = row;
  const network = yield* joinNetwork(core, row, found.id, config, () => isRunning(row) && row.startedAt === startedAt);
  if (isRefusal(network)) {
    // Its ports could not be had: it stays noted down, for the next start.
    const left = endpointBetween(core.tables, row.id, found.id);
    if (left !== undefined) leaveLive(core, row, left);
    return network;
  }
  const endpoint = endpointBetween(core.tables, row.id, network.id);
  if (endpoint !== undefined) writeJoinedFiles(core, row, endpoint.address);
  return undefined;
}

/** Only noted down: the address comes at the start. A network that nobody knows is noted as it was typed. */
function* connectStopped(core: EngineCore, row: ContainerRow, reference: string, config: EndpointConfig):
  Operation<undefined | Refusal> {
  const found = yield* findAnywhere(core, reference);
  if (!isRefusal(found)) {
    const network = isElsewhere(found) ? undefined : found;
    const refusal = (network && checkEndpoint(network, config)) ?? fitsTogether(core, row, found);
    if (refusal !== undefined) return refusal;
    if (row.attachments.has(found.name)) return undefined;
    core.emit({ type: 'EndpointConfigured', container: row.id, network: found.name,
      config: network ? settled(row, network, config) : { ...config, networkId: found.id } });
    return undefined;
  }
  core.emit({ type: 'EndpointConfigured', container: row.id, network: reference, config });
  return undefined;
}

/** Whether `network` may stand beside those that the container is on. */
function fitsTogether(core: EngineCore, row: ContainerRow, network: NetworkRow | OverlayNetwork): Refusal | undefined {
  const driver = isElsewhere(network) ? 'overlay' : network.driver;
  if (!isHostMode(row.spec) && driver === 'host') return refuse('InvalidParameter', HOST);
  for (const [name, config] of row.attachments) {
    const other = findNetwork(core.tables, config.networkId === '' ? name : config.networkId);
    if (isRefusal(other) || other.name === network.name) continue;
    if (other.driver === 'host') return refuse('InvalidParameter', SHARED);
    if (other.driver === 'null' || driver === 'null') return refuse('InvalidParameter', NONE);
  }
  return undefined;
}

/** Disconnects a container, running or not. */
export function* disconnect(core: EngineCore, reference: string, container: string, force: boolean):
  Operation<undefined | Refusal> {
  const row = findContainer(core.tables, container);
  if (isRefusal(row)) return force ? refuse('NotFound', `endpoint ${container} not found`) : row;
  return yield* core.locked(row.id, function* () {
    const found = yield* findAnywhere(core, reference);
    if (!isRunning(row) || (isRefusal(found) && force)) {
      const name = isRefusal(found) ? reference : found.name;
      if (!row.attachments.has(name)) {
        return refuse('System', `container ${row.id} is not connected to the network ${name}`);
      }
      core.emit({ type: 'EndpointForgotten', container: row.id, network: name });
      if (!isRefusal(found)) tellLeft(core, row, found);
      return undefined;
    }
    if (isRefusal(found)) return found;
    return disconnectRunning(core, row, found);
  });
}

function disconnectRunning(core: EngineCore, row: ContainerRow,
  network: NetworkRow | OverlayNetwork): undefined | Refusal {
  if (isHostMode(row.spec) && network.name === 'host') return refuse('InvalidParameter', HOST);
  if (!row.attachments.has(network.name)) {
    return refuse('System', `container ${row.id} is not connected to network ${network.name}`);
  }
  core.emit({ type: 'EndpointForgotten', container: row.id, network: network.name });
  const endpoint = endpointBetween(core.tables, row.id, network.id);
  const refusal = endpoint === undefined ? undefined : leaveLive(core, row, endpoint);
  tellLeft(core, row, network);
  return refusal;
}

/** Docker tells of a disconnection by hand a second time, after that of the endpoint. */
function tellLeft(core: EngineCore, row: ContainerRow, network: NetworkRow | OverlayNetwork): void {
  const { id, name } = network;
  const driver = isElsewhere(network) ? 'overlay' : network.driver;
  postNotice(core, networkNotice({ id, name, driver }, 'disconnect', { container: row.id }));
}
