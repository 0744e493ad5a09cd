// Requests that make and start execs.

import type { Operation } from '@netreel/sim';
import { isRefusal, type Engine } from '@netreel/engine';
import type { Actor } from '../actor.js';
import { answer, refused } from '../answer.js';
import type { ApiAnswer, ApiRequest } from '../http.js';
import { asObject, flagOf } from '../json.js';
import { outputChunks } from '../container/output.js';
import type { Route } from '../route.js';
import { execSpec } from './shape.js';

/** Routes of execs. */
export const EXEC_ACTIONS: readonly Route<Actor>[] = [
  { method: 'POST', path: '/containers/{id}/exec', answer: create },
  { method: 'POST', path: '/exec/{id}/start', answer: start },
];

function* create(engine: Engine, request: ApiRequest, reference: string): Operation<ApiAnswer> {
  const created = yield* engine.createExec(reference, execSpec(asObject(request.body)));
  return isRefusal(created) ? refused(created) : answer(201, { Id: created.id });
}

/** Unless detached, answers when the process has ended, with all that it wrote. */
function* start(engine: Engine, request: ApiRequest, reference: string): Operation<ApiAnswer> {
  const detach = flagOf(asObject(request.body), 'Detach');
  const rows = yield* engine.startExec(reference, { detach });
  if (isRefusal(rows)) return refused(rows);
  return detach ? answer(200, null) : { status: 200, body: null, output: outputChunks(rows) };
}
