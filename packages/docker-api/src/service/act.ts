// Requests about services.

import { isRefusal, type Engine } from '@netreel/engine';
import type { Json, Operation } from '@netreel/sim';
import type { Actor } from '../actor.js';
import { answer, failure, refused } from '../answer.js';
import { Filters } from '../filters.js';
import type { ApiAnswer, ApiRequest } from '../http.js';
import { asObject, isObject, queryFlag, textOf, type JsonObject } from '../json.js';
import type { Route } from '../route.js';
import { accessRefusal, askLeader } from '../swarm/access.js';
import { versionOf } from '../swarm/act.js';
import { countsOf } from './counts.js';
import { withNetworkIds } from './networks.js';
import { pickObject } from './pick.js';
import { serviceShape } from './shape.js';

/** Routes of /services. */
export const SERVICE_ACTIONS: readonly Route<Actor>[] = [
  { method: 'GET', path: '/services', answer: list },
  { method: 'POST', path: '/services/create', answer: create },
  { method: 'GET', path: '/services/{id}', answer: (engine, request, reference) => withService(engine, reference,
    function* (row) {
      return answer(200, serviceShape(row, { insertDefaults: queryFlag(request.query, 'insertDefaults') }));
    }) },
  { method: 'POST', path: '/services/{id}/update', answer: update },
  { method: 'DELETE', path: '/services/{id}', answer: (engine, _request, reference) => withService(engine, reference,
    (row) => askLeader(engine, 'RemoveService', { service: textOf(row, 'id') }, () => answer(200, null))) },
];

const FILTERS = ['id', 'label', 'mode', 'name', 'runtime'];

function* list(engine: Engine, request: ApiRequest): Operation<ApiAnswer> {
  const filters = Filters.parse(request.query['filters']);
  if (typeof filters === 'string') return failure(400, filters);
  const invalid = filters.invalid(FILTERS);
  if (invalid !== undefined) return failure(400, invalid);
  let services: readonly JsonObject[] = [];
  const listed = yield* askLeader(engine, 'ListServices', null, (rows) => {
    services = (rows as readonly Json[]).map(asObject).filter((row) => isWanted(filters, row));
    return answer(200, services.map((row) => serviceShape(row, { insertDefaults: false })));
  });
  if (listed.status !== 200 || !queryFlag(request.query, 'status')) return listed;
  return yield* askLeader(engine, 'ListTasks', null, (tasks) => answer(200, services.map((row) =>
    serviceShape(row, { insertDefaults: false, counts: countsOf(row, (tasks as readonly Json[]).map(asObject)) }))));
}

function isWanted(filters: Filters, row: JsonObject): boolean {
  const spec = asObject(row['spec']);
  const starts = (name: string, text: string): boolean =>
    !filters.has(name) || filters.of(name).some((value) => text.startsWith(value));
  const mode = Object.keys(asObject(spec['Mode']))[0] ?? 'Replicated';
  return starts('id', textOf(row, 'id')) && starts('name', textOf(row, 'name'))
    && filters.exact('mode', MODES[mode] ?? '') && filters.labelled(asObject(spec['Labels']));
}

const MODES: Readonly<Record<string, string>> = { Replicated: 'replicated', Global: 'global',
  ReplicatedJob: 'replicated-job', GlobalJob: 'global-job' };

function* create(engine: Engine, request: ApiRequest): Operation<ApiAnswer> {
  const refusal = accessRefusal(engine);
  if (refusal !== undefined) return refusal;
  if (!isObject(request.body)) return failure(400, 'invalid JSON: EOF');
  const spec = yield* withNetworkIds(engine, asObject(request.body));
  if (isRefusal(spec)) return refused(spec);
  return yield* askLeader(engine, 'CreateService', { spec }, (id) => answer(201, { ID: id }));
}

function* update(engine: Engine, request: ApiRequest, reference: string): Operation<ApiAnswer> {
  const version = versionOf(request);
  if (isRefusal(version)) return refused(version);
  return yield* withService(engine, reference, function* (row) {
    const spec = yield* withNetworkIds(engine, asObject(request.body));
    if (isRefusal(spec)) return refused(spec);
    return yield* askLeader(engine, 'UpdateService', { service: textOf(row, 'id'), version, spec,
      rollback: request.query['rollback'] === 'previous' }, () => answer(200, { Warnings: null }));
  });
}

/** Does something with the one service that people mean. */
export function* withService(engine: Engine, reference: string,
  act: (row: JsonObject) => Operation<ApiAnswer>): Operation<ApiAnswer> {
  let found: JsonObject | undefined;
  const listed = yield* askLeader(engine, 'ListServices', null, (rows) => {
    const picked = pickObject((rows as readonly Json[]).map(asObject), 'service', reference,
      (row) => textOf(row, 'name'));
    if (isRefusal(picked)) return refused(picked);
    found = picked;
    return answer(200, null);
  });
  return found === undefined ? listed : yield* act(found);
}
