// Requests about tasks.

import { isRefusal, type Engine } from '@netreel/engine';
import type { Json, Operation } from '@netreel/sim';
import type { Actor } from '../actor.js';
import { answer, failure, refused } from '../answer.js';
import { Filters } from '../filters.js';
import type { ApiAnswer, ApiRequest } from '../http.js';
import { asObject, textOf, type JsonObject } from '../json.js';
import type { Route } from '../route.js';
import { pickObject } from '../service/pick.js';
import { askLeader } from '../swarm/access.js';
import { taskShape } from './shape.js';

/** Routes of /tasks. */
export const TASK_ACTIONS: readonly Route<Actor>[] = [
  { method: 'GET', path: '/tasks', answer: list },
  { method: 'GET', path: '/tasks/{id}', answer: inspect },
];

const FILTERS = ['id', 'name', 'service', 'node', 'label', 'desired-state', 'runtime', '_up-to-date'];

interface Known {
  readonly tasks: readonly JsonObject[];
  readonly services: readonly JsonObject[];
  readonly networks: readonly JsonObject[];
}

function* list(engine: Engine, request: ApiRequest): Operation<ApiAnswer> {
  const filters = Filters.parse(request.query['filters']);
  if (typeof filters === 'string') return failure(400, filters);
  const invalid = filters.invalid(FILTERS);
  if (invalid !== undefined) return failure(400, invalid);
  return yield* withTasks(engine, (known) => {
    const wanted = known.tasks.filter((task) => isWanted(filters, task, known));
    return answer(200, wanted.map((task) => taskShape(task, known.networks)));
  });
}

function* inspect(engine: Engine, _request: ApiRequest, reference: string): Operation<ApiAnswer> {
  return yield* withTasks(engine, (known) => {
    const task = pickObject(known.tasks, 'task', reference, () => '');
    return isRefusal(task) ? refused(task) : answer(200, taskShape(task, known.networks));
  });
}

function* withTasks(engine: Engine, act: (known: Known) => ApiAnswer): Operation<ApiAnswer> {
  const lists: JsonObject[][] = [];
  for (const operation of ['ListTasks', 'ListServices', 'ListNetworks']) {
    const listed = yield* askLeader(engine, operation, null, (rows) => {
      lists.push((rows as readonly Json[]).map(asObject));
      return answer(200, null);
    });
    if (listed.status !== 200) return listed;
  }
  const [tasks, services, networks] = lists as [JsonObject[], JsonObject[], JsonObject[]];
  return act({ tasks, services, networks });
}

function isWanted(filters: Filters, task: JsonObject, { services }: Known): boolean {
  const service = services.find((row) => textOf(row, 'id') === textOf(task, 'service'));
  const name = textOf(service ?? {}, 'name');
  const starts = (filter: string, text: string): boolean =>
    !filters.has(filter) || filters.of(filter).some((value) => text.startsWith(value));
  const ofService = !filters.has('service')
    || filters.of('service').some((value) => value === textOf(task, 'service') || value === name);
  const state = textOf(task, 'desired');
  return starts('id', textOf(task, 'id')) && starts('node', textOf(task, 'node')) && ofService
    && (!filters.has('name') || filters.of('name').some((value) => `${name}.${String(task['slot'])}`.startsWith(value)))
    && (!filters.has('desired-state') || filters.of('desired-state').includes(wantedState(state)));
}

/** Filters know only three states that a task may be wanted in. */
function wantedState(state: string): string {
  return state === 'remove' ? 'shutdown' : state === 'ready' ? 'accepted' : state;
}
