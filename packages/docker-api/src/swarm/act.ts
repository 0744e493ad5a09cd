// Requests about the cluster itself: init, join, leave, inspect, update.

import { isRefusal, refuse, type Engine, type StoreAnswer } from '@netreel/engine';
import type { Json, Operation } from '@netreel/sim';
import type { Actor } from '../actor.js';
import { answer, failure, refused } from '../answer.js';
import type { ApiAnswer, ApiRequest } from '../http.js';
import { asObject, filled, queryFlag, textOf, textsOf, type JsonObject } from '../json.js';
import type { Route } from '../route.js';
import { rfc3339 } from '../time.js';
import { accessRefusal, askLeader } from './access.js';

/** Routes of /swarm. */
export const SWARM_ACTIONS: readonly Route<Actor>[] = [
  { method: 'GET', path: '/swarm', answer: (engine) => askLeader(engine, 'GetCluster', null,
    (row) => answer(200, clusterShape(asObject(row)))) },
  { method: 'POST', path: '/swarm/init', answer: init },
  { method: 'POST', path: '/swarm/join', answer: join },
  { method: 'POST', path: '/swarm/leave', answer: leave },
  { method: 'POST', path: '/swarm/update', answer: update },
  { method: 'GET', path: '/swarm/unlockkey', answer: (engine) => askLeader(engine, 'GetCluster', null,
    () => answer(200, { UnlockKey: '' })) },
  { method: 'POST', path: '/swarm/unlock', answer: unlock },
];

function* init(engine: Engine, request: ApiRequest): Operation<ApiAnswer> {
  const body = asObject(request.body);
  const own = engine.port.swarm.membership();
  if (own.cluster !== '' && body['ForceNewCluster'] === true) {
    return failure(501, 'a cluster is not made anew from one manager\'s state: leave and init instead');
  }
  return said(yield* engine.port.swarm.init(asObject(body['Spec']), availabilityOf(body)), (node) => answer(200, node));
}

function* join(engine: Engine, request: ApiRequest): Operation<ApiAnswer> {
  const body = asObject(request.body);
  const [remote] = textsOf(body, 'RemoteAddrs') ?? [];
  if (remote === undefined) return failure(400, 'at least 1 RemoteAddr is required to join');
  return said(yield* engine.port.swarm.join(remote, textOf(body, 'JoinToken'), availabilityOf(body)),
    () => answer(200, null));
}

function* leave(engine: Engine, request: ApiRequest): Operation<ApiAnswer> {
  return said(yield* engine.port.swarm.leave(queryFlag(request.query, 'force')), () => answer(200, null));
}

function* update(engine: Engine, request: ApiRequest): Operation<ApiAnswer> {
  const version = versionOf(request);
  if (isRefusal(version)) return refused(version);
  return yield* askLeader(engine, 'UpdateCluster', { version, spec: request.body,
    rotateWorkerToken: queryFlag(request.query, 'rotateWorkerToken'),
    rotateManagerToken: queryFlag(request.query, 'rotateManagerToken') }, () => answer(200, null));
}

/** No manager is ever locked here: an autolocked one opens again with its host. */
function* unlock(engine: Engine): Operation<ApiAnswer> {
  return accessRefusal(engine) ?? failure(409, 'swarm is not locked');
}

/** The `version` that an update is based on. */
export function versionOf(request: ApiRequest): number | ReturnType<typeof refuse> {
  const text = request.query['version'] ?? '';
  return /^\d+$/.test(text) ? Number(text)
    : refuse('InvalidParameter',
      `invalid swarm version '${text}': strconv.ParseUint: parsing "${text}": invalid syntax`);
}

function availabilityOf(body: JsonObject): string {
  return textOf(body, 'Availability');
}

function said<T>(told: StoreAnswer<T>, done: (value: T) => ApiAnswer): ApiAnswer {
  return told.ok ? done(told.value) : refused(refuse(told.kind, told.message));
}

/** GET /swarm. */
function clusterShape(row: JsonObject): Json {
  return { ...clusterInfo(row), JoinTokens: { Worker: textOf(row, 'workerToken'), Manager: textOf(row,
    'managerToken') } };
}

/** The cluster as `info` shows it. */
export function clusterInfo(row: JsonObject): JsonObject {
  return {
    ID: textOf(row, 'id'), Version: { Index: Number(row['version']) }, CreatedAt: rfc3339(Number(row['createdAt'])),
    UpdatedAt: rfc3339(Number(row['updatedAt'])), Spec: filled(asObject(row['spec'])), TLSInfo: {},
    RootRotationInProgress: false, DefaultAddrPool: ['10.0.0.0/8'], SubnetSize: 24, DataPathPort: 4789,
  };
}
