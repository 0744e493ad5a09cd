// Requests that make and start execs.

import type { Operation } from '@netreel/sim';
import { isRefusal, type Engine } from '@netreel/engine';
import type { Actor } from '../actor.js';
import { NOTHING_MORE, answer, failure, refused } from '../answer.js';
import { streamsHead, type ApiCall } from '../call.js';
import { sizeOf } from '../container/stream.js';
import type { ApiAnswer, ApiRequest } from '../http.js';
import { asObject, flagOf } from '../json.js';
import type { Route } from '../route.js';
import { execSpec } from './shape.js';

/** Routes of execs. */
export const EXEC_ACTIONS: readonly Route<Actor>[] = [
  { method: 'POST', path: '/containers/{id}/exec', answer: create },
  { method: 'POST', path: '/exec/{id}/start', answer: start },
  { method: 'POST', path: '/exec/{id}/resize', answer: resize },
];

function* create(engine: Engine, request: ApiRequest, reference: string): Operation<ApiAnswer> {
  const created = yield* engine.createExec(reference, execSpec(asObject(request.body)));
  return isRefusal(created) ? refused(created) : answer(201, { Id: created.id });
}

/** Unless detached the connection becomes the process' streams; what is refused from then on is told in them. */
function* start(engine: Engine, request: ApiRequest, reference: string, call: ApiCall): Operation<ApiAnswer> {
  const exec = engine.findExec(reference);
  if (isRefusal(exec)) return refused(exec);
  if (flagOf(asObject(request.body), 'Detach')) {
    const refusal = yield* engine.startExec(exec.id);
    return refusal === undefined ? answer(200, null) : refused(refusal);
  }
  const refusal = engine.execRefusal(exec.id);
  if (refusal !== undefined && exec.status === 'created') return refused(refusal);
  const { tty, attachStdin } = exec.spec;
  call.begin(streamsHead(tty, attachStdin));
  const failed = yield* engine.startExec(exec.id, {
    write: ({ stream, text }) => call.write(stream, text),
    ...(attachStdin ? { listen: (input) => call.listen(input) } : {}),
  });
  if (failed !== undefined) call.write('stdout', `${failed.message}\r\n`);
  return NOTHING_MORE;
}

function* resize(engine: Engine, request: ApiRequest, reference: string): Operation<ApiAnswer> {
  const size = sizeOf(request);
  if (typeof size === 'string') return failure(400, size);
  const exec = engine.findExec(reference);
  if (isRefusal(exec)) return refused(exec);
  engine.resize({ container: exec.container, exec: exec.id }, size.rows, size.columns);
  return answer(200, null);
}
