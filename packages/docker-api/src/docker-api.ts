// The Docker Engine API over one engine: translation only, no state of its own.

import type { Operation } from '@netreel/sim';
import type { Engine } from '@netreel/engine';
import type { Actor } from './actor.js';
import { answer, failure } from './answer.js';
import type { ApiCall } from './call.js';
import { CONTAINER_ACTIONS } from './container/act.js';
import { STREAM_ACTIONS } from './container/stream.js';
import { EXEC_ACTIONS } from './exec/act.js';
import type { ApiAnswer, ApiRequest } from './http.js';
import { IMAGE_ACTIONS } from './image/act.js';
import { NOTICE_ACTIONS } from './notice/act.js';
import { NETWORK_ACTIONS } from './network/act.js';
import { NODE_ACTIONS } from './node/act.js';
import { readAnswer } from './read.js';
import { RouteTable, type Route } from './route.js';
import { SERVICE_ACTIONS } from './service/act.js';
import { accessRefusal } from './swarm/access.js';
import { SWARM_ACTIONS } from './swarm/act.js';
import { swarmInfo } from './swarm/info.js';
import { infoShape } from './system/shape.js';
import { TASK_ACTIONS } from './task/act.js';

/** Tables alone do not know the swarm. */
const INFO: Route<Actor> = { method: 'GET', path: '/info', *answer(engine) {
  const context = { hostName: engine.port.hostName, now: engine.port.now() };
  return answer(200, { ...infoShape(engine.tables, context), Swarm: yield* swarmInfo(engine) });
} };

const ACTIONS = new RouteTable<Actor>([...NETWORK_ACTIONS, ...CONTAINER_ACTIONS, ...STREAM_ACTIONS, ...EXEC_ACTIONS,
  ...IMAGE_ACTIONS, ...SWARM_ACTIONS, ...NODE_ACTIONS, ...SERVICE_ACTIONS, ...TASK_ACTIONS,
  ...NOTICE_ACTIONS, INFO]);

export class DockerApi {
  constructor(private readonly engine: Engine) {}

  /** Answers one request; takes as long as the request does. What `call` was told before is the answer's beginning. */
  *handle(request: ApiRequest, call: ApiCall): Operation<ApiAnswer> {
    const { engine } = this;
    const action = ACTIONS.find(request);
    if (action !== undefined) return yield* action.answer(engine, request, action.reference, call);
    const read = readAnswer(engine.tables, request, { hostName: engine.port.hostName, now: engine.port.now() });
    if (read !== undefined) return read;
    if (/^\/(secrets|configs)(\/|$)/.test(request.path)) {
      return accessRefusal(engine) ?? failure(404, 'page not found');
    }
    return failure(404, 'page not found');
  }
}
