// Who may see and change a cluster: a manager. A host that is in no swarm of its own may too, where its lab has an
// overlay service.

import type { Engine } from '@netreel/engine';
import type { Json, Operation } from '@netreel/sim';
import { failure, refused } from '../answer.js';
import type { ApiAnswer } from '../http.js';
import { refuse } from '@netreel/engine';

const NO_MANAGER = 'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this ' +
  'node to swarm and try again.';
const WORKER = 'This node is not a swarm manager. Worker nodes can\'t be used to view or modify cluster state. ' +
  'Please run this command on a manager node or promote the current node to a manager.';

/** Docker's refusal when this host may not; undefined when it may. */
export function accessRefusal(engine: Engine): ApiAnswer | undefined {
  const { cluster, role, managers } = engine.port.swarm.membership();
  if (cluster === '') return managers.length === 0 ? failure(503, NO_MANAGER) : undefined;
  return role === 'worker' ? failure(503, WORKER) : undefined;
}

/** Asks whoever leads; `done` makes the answer of what it says. */
export function* askLeader(engine: Engine, operation: string, body: Json,
  done: (value: Json) => ApiAnswer): Operation<ApiAnswer> {
  const refusal = accessRefusal(engine);
  if (refusal !== undefined) return refusal;
  const answer = yield* engine.port.swarm.ask(operation, body);
  return answer.ok ? done(answer.value) : refused(refuse(answer.kind, answer.message));
}
