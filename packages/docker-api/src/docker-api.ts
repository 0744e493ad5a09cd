// The Docker Engine API over one engine: translation only, no state of its own.

import type { Operation } from '@netreel/sim';
import type { Engine } from '@netreel/engine';
import type { Actor } from './actor.js';
import { failure } from './answer.js';
import { CONTAINER_ACTIONS } from './container/act.js';
import { EXEC_ACTIONS } from './exec/act.js';
import type { ApiAnswer, ApiRequest } from './http.js';
import { IMAGE_ACTIONS } from './image/act.js';
import { NOTICE_ACTIONS } from './notice/act.js';
import { NETWORK_ACTIONS } from './network/act.js';
import { readAnswer } from './read.js';
import { RouteTable } from './route.js';

const ACTIONS = new RouteTable<Actor>([...NETWORK_ACTIONS, ...CONTAINER_ACTIONS, ...EXEC_ACTIONS, ...IMAGE_ACTIONS,
  ...NOTICE_ACTIONS]);

/** Docker says this of all cluster requests outside of a swarm. */
const NO_MANAGER = 'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this ' +
  'node to swarm and try again.';

export class DockerApi {
  constructor(private readonly engine: Engine) {}

  /** Answers one request; takes as long as the request does. */
  *handle(request: ApiRequest): Operation<ApiAnswer> {
    const { engine } = this;
    const action = ACTIONS.find(request);
    if (action !== undefined) return yield* action.answer(engine, request, action.reference);
    const read = readAnswer(engine.tables, request, { hostName: engine.port.hostName, now: engine.port.now() });
    if (read !== undefined) return read;
    if (/^\/(swarm|nodes|services|tasks|secrets|configs)(\/|$)/.test(request.path)) return failure(503, NO_MANAGER);
    return failure(404, 'page not found');
  }
}
