// The Docker Engine API over one engine: translation only, no state of its own.

import type { Operation } from '@netreel/sim';
import type { Engine } from '@netreel/engine';
import type { Actor } from './actor.js';
import { answer, failure } from './answer.js';
import type { ApiCall } from './call.js';
import type { ApiAnswer, ApiRequest } from './http.js';
import { readAnswer, type ReadContext } from './read.js';
import { requestRefusal } from './request-check.js';
import { RouteTable, type Route } from './route.js';
import { ACTION_ROUTES } from './routes.js';
import { swarmInfo } from './swarm/info.js';
import { diskUsage } from './system/df.js';
import { infoShape } from './system/shape.js';

/** What readers of tables are told of a live engine. */
function contextOf({ port }: Engine): ReadContext {
  return { hostName: port.hostName, apiVersion: port.apiVersion, now: port.now() };
}

/** Tables alone do not know the swarm. */
const INFO: Route<Actor> = { method: 'GET', path: '/info', *answer(engine) {
  const context = contextOf(engine);
  return answer(200, { ...infoShape(engine.tables, context), Swarm: yield* swarmInfo(engine) });
} };

const ACTIONS = new RouteTable<Actor>([...ACTION_ROUTES, INFO]);

export class DockerApi {
  constructor(private readonly engine: Engine) {}

  /** Answers one request; takes as long as the request does. What `call` was told before is the answer's beginning. */
  *handle(request: ApiRequest, call: ApiCall): Operation<ApiAnswer> {
    const { engine } = this;
    if (request.method === 'GET' && request.path === '/system/df') {
      return yield* diskUsage((path, query) => this.handle({ ...request, path, query }, call));
    }
    const refusal = requestRefusal(request);
    if (refusal !== undefined) return refusal;
    const action = ACTIONS.find(request);
    if (action !== undefined) return yield* action.answer(engine, request, action.reference, call);
    const read = readAnswer(engine.tables, request, contextOf(engine));
    if (read !== undefined) return read;
    return failure(404, 'page not found');
  }
}
