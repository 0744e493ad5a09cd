// Requests that change containers or wait for them.

import type { Operation } from '@netreel/sim';
import { isRefusal, type Engine, type Refusal, type WaitCondition } from '@netreel/engine';
import type { Actor } from '../actor.js';
import { NOT_MODIFIED, NO_CONTENT, answer, failure, refused } from '../answer.js';
import { DOCUMENTS_HEAD, type ApiCall } from '../call.js';
import { Filters, readFilters } from '../filters.js';
import type { ApiAnswer, ApiRequest } from '../http.js';
import { asObject, queryFlag, textOf, type JsonObject } from '../json.js';
import { untilOf } from '../until.js';
import { pruned } from '../notice/pruned.js';
import type { Route } from '../route.js';
import { containerRequest, restartPolicy } from './request.js';

/** Routes of /containers. */
export const CONTAINER_ACTIONS: readonly Route<Actor>[] = [
  { method: 'POST', path: '/containers/create', answer: create },
  { method: 'POST', path: '/containers/prune', answer: prune },
  { method: 'POST', path: '/containers/{id}/start', answer: start },
  { method: 'POST', path: '/containers/{id}/stop', answer: stop },
  { method: 'POST', path: '/containers/{id}/restart', answer: (engine, request, id) => done(engine.restartContainer(id,
    seconds(request))) },
  { method: 'POST', path: '/containers/{id}/kill', answer: (engine, request, id) => done(engine.killContainer(id,
    request.query['signal'] ?? '')) },
  { method: 'POST', path: '/containers/{id}/pause', answer: (engine, _request, id) => done(engine.pauseContainer(id)) },
  { method: 'POST', path: '/containers/{id}/unpause', answer: (engine, _request, id) =>
    done(engine.unpauseContainer(id)) },
  { method: 'POST', path: '/containers/{id}/rename', answer: (engine, request, id) => done(engine.renameContainer(id,
    request.query['name'] ?? '')) },
  { method: 'POST', path: '/containers/{id}/update', answer: update },
  { method: 'POST', path: '/containers/{id}/wait', answer: wait },
  { method: 'DELETE', path: '/containers/{id}', answer: remove },
];

function* done(operation: Operation<undefined | Refusal>): Operation<ApiAnswer> {
  const refusal = yield* operation;
  return refusal === undefined ? NO_CONTENT : refused(refusal);
}

function seconds(request: ApiRequest): number | undefined {
  const text = request.query['t'];
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined;
}

/** Whether a body says anything of the container itself. */
function saysConfig(body: JsonObject): boolean {
  return Object.keys(body).some((key) => key !== 'HostConfig' && key !== 'NetworkingConfig');
}

function* create(engine: Engine, request: ApiRequest): Operation<ApiAnswer> {
  if (!saysConfig(asObject(request.body))) {
    return failure(400, 'Config cannot be empty in order to create a container');
  }
  const platform = request.query['platform'] ?? '';
  if (!/^(linux(\/(amd64|x86_64))?)?$/.test(platform)) {
    const image = textOf(asObject(request.body), 'Image');
    return failure(404, `image with reference ${image} was found but does not match the ` +
      `specified platform: wanted ${platform}, actual: linux/amd64`);
  }
  const created = yield* engine.createContainer(containerRequest(request.query['name'] ?? '', asObject(request.body)));
  return isRefusal(created) ? refused(created) : answer(201, { Id: created.id, Warnings: created.warnings });
}

function* start(engine: Engine, _request: ApiRequest, reference: string): Operation<ApiAnswer> {
  const started = yield* engine.startContainer(reference);
  if (isRefusal(started)) return refused(started);
  return started.changed ? NO_CONTENT : NOT_MODIFIED;
}

function* stop(engine: Engine, request: ApiRequest, reference: string): Operation<ApiAnswer> {
  const stopped = yield* engine.stopContainer(reference, seconds(request));
  if (isRefusal(stopped)) return refused(stopped);
  return stopped.changed ? NO_CONTENT : NOT_MODIFIED;
}

function* remove(engine: Engine, request: ApiRequest, reference: string): Operation<ApiAnswer> {
  return yield* done(engine.removeContainer(reference, { force: queryFlag(request.query, 'force'),
    volumes: queryFlag(request.query, 'v') }));
}

function* update(engine: Engine, request: ApiRequest, reference: string): Operation<ApiAnswer> {
  const changes = asObject(request.body);
  const updated = yield* engine.updateContainer(reference, changes, restartPolicy(asObject(changes['RestartPolicy'])));
  if (isRefusal(updated)) return refused(updated);
  return answer(200, { Warnings: updated.warnings.length === 0 ? null : updated.warnings });
}

const CONDITIONS: ReadonlyMap<string, WaitCondition> =
  new Map([['', 'not-running'], ['not-running', 'not-running'], ['next-exit', 'next-exit'], ['removed', 'removed']]);

/** The head comes at once, so that a client may start the container once it knows that it is waited for. */
function* wait(engine: Engine, request: ApiRequest, reference: string, call: ApiCall): Operation<ApiAnswer> {
  const condition = CONDITIONS.get(request.query['condition'] ?? '');
  if (condition === undefined) return failure(400, `invalid condition: "${request.query['condition']}"`);
  const row = engine.findContainer(reference);
  if (isRefusal(row)) return refused(row);
  call.begin(DOCUMENTS_HEAD);
  const ending = yield* engine.waitContainer(row.id, condition);
  return isRefusal(ending) ? refused(ending) : answer(200, { Error: null, StatusCode: ending.exitCode });
}

function* prune(engine: Engine, request: ApiRequest): Operation<ApiAnswer> {
  const filters = readFilters(request, ['label', 'label!', 'until'], 400);
  if (!(filters instanceof Filters)) return filters;
  const until = untilOf(filters, engine.port.now());
  if (typeof until === 'object') return until;
  const removed = yield* engine.pruneContainers((row) => filters.prunes(row.spec.labels) &&
    (until === undefined || row.createdAt <= until));
  engine.postNotice(pruned('container'));
  return answer(200, { ContainersDeleted: removed.length === 0 ? null : removed, SpaceReclaimed: 0 });
}
