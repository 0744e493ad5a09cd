// Requests about the nodes of a cluster.

import { isRefusal, refuse, type Engine, type Refusal } from '@netreel/engine';
import type { Json, Operation } from '@netreel/sim';
import type { Actor } from '../actor.js';
import { answer, failure, refused } from '../answer.js';
import { Filters } from '../filters.js';
import type { ApiAnswer, ApiRequest } from '../http.js';
import { asObject, queryFlag, textOf, type JsonObject } from '../json.js';
import type { Route } from '../route.js';
import { askLeader } from '../swarm/access.js';
import { versionOf } from '../swarm/act.js';
import { nodeShape } from './shape.js';

/** Routes of /nodes. */
export const NODE_ACTIONS: readonly Route<Actor>[] = [
  { method: 'GET', path: '/nodes', answer: list },
  { method: 'GET', path: '/nodes/{id}', answer: (engine, _request, reference) =>
    withNode(engine, reference, nodeFound) },
  { method: 'POST', path: '/nodes/{id}/update', answer: update },
  { method: 'DELETE', path: '/nodes/{id}', answer: (engine, request, reference) => withNode(engine, reference,
    (_, node) => askLeader(engine, 'RemoveNode', { node: textOf(node, 'id'), force: queryFlag(request.query, 'force') },
      () => answer(200, null))) },
];

const FILTERS = ['id', 'label', 'node.label', 'name', 'membership', 'role'];

function* list(engine: Engine, request: ApiRequest): Operation<ApiAnswer> {
  const filters = Filters.parse(request.query['filters']);
  if (typeof filters === 'string') return failure(400, filters);
  const invalid = filters.invalid(FILTERS);
  if (invalid !== undefined) return failure(400, invalid);
  return yield* askLeader(engine, 'ListNodes', null, (rows) => answer(200, (rows as readonly Json[]).map(asObject)
    .filter((row) => isWanted(filters, row)).map(nodeShape)));
}

function isWanted(filters: Filters, row: JsonObject): boolean {
  const spec = asObject(row['spec']);
  const starts = (name: string, text: string): boolean =>
    !filters.has(name) || filters.of(name).some((value) => text.startsWith(value));
  return starts('id', textOf(row, 'id')) && starts('name', textOf(row, 'hostname'))
    && filters.exact('role', textOf(spec, 'Role')) && filters.labelled(asObject(spec['Labels']))
    && filters.exact('membership', 'accepted');
}

function* nodeFound(_engine: Engine, node: JsonObject): Operation<ApiAnswer> {
  return answer(200, nodeShape(node));
}

const AVAILABILITIES = ['active', 'pause', 'drain'];
const ROLES = ['worker', 'manager'];

function* update(engine: Engine, request: ApiRequest, reference: string): Operation<ApiAnswer> {
  const version = versionOf(request);
  if (isRefusal(version)) return refused(version);
  const spec = asObject(request.body);
  const availability = textOf(spec, 'Availability');
  if (!AVAILABILITIES.includes(availability)) return failure(400, `invalid Availability: "${availability}"`);
  const role = textOf(spec, 'Role');
  if (!ROLES.includes(role)) return failure(400, `invalid Role: "${role}"`);
  return yield* withNode(engine, reference, (_, node) => askLeader(engine, 'UpdateNode',
    { node: textOf(node, 'id'), version, spec: { ...spec, Labels: asObject(spec['Labels']) } as Json },
    () => answer(200, null)));
}

/** Does something with the one node that people mean: its id, its host's name, or the start of its id. */
function* withNode(engine: Engine, reference: string,
  act: (engine: Engine, node: JsonObject) => Operation<ApiAnswer>): Operation<ApiAnswer> {
  let found: JsonObject | Refusal | undefined;
  const listed = yield* askLeader(engine, 'ListNodes', null, (rows) => {
    found = pickNode((rows as readonly Json[]).map(asObject), reference);
    return isRefusal(found) ? refused(found) : answer(200, null);
  });
  return listed.status === 200 ? yield* act(engine, found as JsonObject) : listed;
}

function pickNode(rows: readonly JsonObject[], reference: string): JsonObject | Refusal {
  const exact = rows.find((row) => textOf(row, 'id') === reference);
  if (exact !== undefined) return exact;
  for (const matches of [rows.filter((row) => textOf(row, 'hostname') === reference),
    rows.filter((row) => textOf(row, 'id').startsWith(reference))]) {
    if (matches.length === 1) return matches[0]!;
    if (matches.length > 1) {
      return refuse('InvalidParameter', `node ${reference} is ambiguous (${matches.length} matches found)`);
    }
  }
  return refuse('NotFound', `node ${reference} not found`);
}
