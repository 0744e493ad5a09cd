// Requests that make and remove volumes.

import type { Operation } from '@netreel/sim';
import { isRefusal, type Engine } from '@netreel/engine';
import type { Actor } from '../actor.js';
import { NO_CONTENT, answer, failure, refused } from '../answer.js';
import { Filters } from '../filters.js';
import type { ApiAnswer, ApiRequest } from '../http.js';
import { asObject, queryFlag, tableOf, textOf } from '../json.js';
import { pruned } from '../notice/pruned.js';
import type { Route } from '../route.js';
import { volumeShape } from './shape.js';

/** Routes of /volumes. */
export const VOLUME_ACTIONS: readonly Route<Actor>[] = [
  { method: 'POST', path: '/volumes/create', answer: create },
  { method: 'POST', path: '/volumes/prune', answer: prune },
  { method: 'DELETE', path: '/volumes/{id}', answer: remove },
];

function* create(engine: Engine, request: ApiRequest): Operation<ApiAnswer> {
  const body = asObject(request.body);
  const volume = yield* engine.volumes.create({ name: textOf(body, 'Name'), driver: textOf(body, 'Driver'),
    labels: tableOf(body, 'Labels'), options: tableOf(body, 'DriverOpts') });
  return isRefusal(volume) ? refused(volume) : answer(201, volumeShape(volume));
}

function* remove(engine: Engine, request: ApiRequest, name: string): Operation<ApiAnswer> {
  const refusal = yield* engine.volumes.remove(name, queryFlag(request.query, 'force'));
  return refusal === undefined ? NO_CONTENT : refused(refusal);
}

function* prune(engine: Engine, request: ApiRequest): Operation<ApiAnswer> {
  const filters = Filters.parse(request.query['filters']);
  if (typeof filters === 'string') return failure(400, filters);
  const flaw = filters.invalid(['label', 'label!']);
  if (flaw !== undefined) return failure(400, flaw);
  const before = engine.volumes.bytes();
  const names = yield* engine.volumes.prune((row) => filters.prunes(row.labels));
  const reclaimed = before - engine.volumes.bytes();
  engine.postNotice(pruned('volume', reclaimed));
  return answer(200, { VolumesDeleted: names.length === 0 ? null : names, SpaceReclaimed: reclaimed });
}
