// Requests that change networks, and those that also ask the store for overlays.

import type { Operation } from '@netreel/sim';
import { isRefusal, type Engine } from '@netreel/engine';
import { NO_CONTENT, answer, refused } from '../answer.js';
import { Filters, readFilters } from '../filters.js';
import type { ApiAnswer, ApiRequest } from '../http.js';
import { asObject, flagOf, textOf } from '../json.js';
import { untilOf } from '../until.js';
import { pruned } from '../notice/pruned.js';
import type { Route } from '../route.js';
import type { Actor } from '../actor.js';
import { swarmNetworks } from '../service/networks.js';
import { listNetworks } from './list.js';
import { endpointConfig, networkSpec } from './request.js';
import { networkShape, overlayShape, type PeersOf } from './shape.js';

/** Routes of /networks. */
export const NETWORK_ACTIONS: readonly Route<Actor>[] = [
  { method: 'GET', path: '/networks', answer: list },
  { method: 'POST', path: '/networks/create', answer: create },
  { method: 'POST', path: '/networks/prune', answer: prune },
  { method: 'GET', path: '/networks/{id}', answer: inspect },
  { method: 'DELETE', path: '/networks/{id}', answer: remove },
  { method: 'POST', path: '/networks/{id}/connect', answer: connect },
  { method: 'POST', path: '/networks/{id}/disconnect', answer: disconnect },
];

/** Networks of this host, then overlays that no container here uses. */
function* list(engine: Engine, request: ApiRequest): Operation<ApiAnswer> {
  return listNetworks(engine.tables, yield* engine.overlays(), peersOf(engine), request);
}

function* inspect(engine: Engine, request: ApiRequest, reference: string): Operation<ApiAnswer> {
  if (request.query['scope'] === 'swarm') {
    // What every engine has goes by other ids when a swarm's services are meant.
    const networks = yield* swarmNetworks(engine);
    const own = isRefusal(networks) ? undefined
      : networks.find(({ driver, id, name }) => driver !== 'overlay' && (name === reference || id === reference));
    if (own !== undefined) return answer(200, { Name: own.name, Id: own.id, Scope: 'swarm', Driver: own.driver });
  }
  const network = yield* engine.findNetworkAnywhere(reference);
  if (isRefusal(network)) return refused(network);
  return answer(200,
    'ipam' in network ? networkShape(engine.tables, network, peersOf(engine)) : overlayShape(network));
}

function peersOf(engine: Engine): PeersOf {
  return (network) => engine.port.overlayPeers(network);
}

function* create(engine: Engine, request: ApiRequest): Operation<ApiAnswer> {
  const created = yield* engine.createNetwork(networkSpec(asObject(request.body)));
  return isRefusal(created) ? refused(created) : answer(201, { Id: created.id, Warning: created.warning });
}

function* remove(engine: Engine, _request: ApiRequest, reference: string): Operation<ApiAnswer> {
  const refusal = yield* engine.removeNetwork(reference);
  return refusal === undefined ? NO_CONTENT : refused(refusal);
}

function* connect(engine: Engine, request: ApiRequest, reference: string): Operation<ApiAnswer> {
  const body = asObject(request.body);
  const refusal = yield* engine.connect(reference, textOf(body, 'Container'),
    endpointConfig(asObject(body['EndpointConfig'])));
  return refusal === undefined ? answer(200, null) : refused(refusal);
}

function* disconnect(engine: Engine, request: ApiRequest, reference: string): Operation<ApiAnswer> {
  const body = asObject(request.body);
  const refusal = yield* engine.disconnect(reference, textOf(body, 'Container'), flagOf(body, 'Force'));
  return refusal === undefined ? answer(200, null) : refused(refusal);
}

function* prune(engine: Engine, request: ApiRequest): Operation<ApiAnswer> {
  const filters = readFilters(request, ['label', 'label!', 'until']);
  if (!(filters instanceof Filters)) return filters;
  const until = untilOf(filters, engine.port.now());
  if (typeof until === 'object') return until;
  const removed = yield* engine.pruneNetworks((network) => filters.prunes(network.labels) &&
    (until === undefined || network.createdAt <= until));
  engine.postNotice(pruned('network'));
  return answer(200, { NetworksDeleted: removed.length === 0 ? null : removed });
}
