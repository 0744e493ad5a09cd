// Deciding about nodes: joining, leaving, listing, updating, removing.

import type { Json } from '@netreel/sim';
import type { StoreEvent } from '../../events.js';
import { digestOf } from '../cluster/identity.js';
import type { Decision, DecisionContext } from '../decide.js';
import { swarmId } from '../identity.js';
import type { StoreBodies, StoreRefusal } from '../objects.js';
import { grpcRefusal, refusal } from '../refusal.js';
import type { NodeRole, NodeState, SwarmNodeRow, SwarmNodeSpec } from '../swarm-objects.js';
import type { StoreTables } from '../tables.js';

/** A node comes in with one of the cluster's tokens; which one says as what. */
export function joinNode(tables: StoreTables, body: StoreBodies['JoinNode'], context: DecisionContext): Decision {
  const { token } = body;
  const cluster = tables.cluster!;
  const role = token === cluster.managerToken ? 'manager' : token === cluster.workerToken ? 'worker' : undefined;
  if (role === undefined) return { events: [], answer: tokenRefusal(token, cluster.workerToken) };
  const id = swarmId(context.newId, 'node');
  return { events: nodeEvents(id, context.host, body, role, 'unknown', context),
    answer: { ok: true, value: { node: id, role, cluster: cluster.id } } };
}

/** A token of another cluster fails at the certificate, one that was rotated away at the secret. */
function tokenRefusal(token: string, known: string): StoreRefusal {
  if (token === '') {
    return grpcRefusal('InvalidArgument', 'A valid join token is necessary to join this cluster');
  }
  const digest = digestOf(token);
  if (digest === undefined) return refusal('InvalidParameter', 'invalid join token');
  if (digest !== digestOf(known)) {
    return refusal('InvalidParameter', 'remote CA does not match fingerprint. Expected: ' + digest);
  }
  return grpcRefusal('InvalidArgument', 'A valid join token is necessary to join this cluster');
}

/** The rows of a node that is there from now on. */
export function nodeEvents(id: string, index: number,
  node: { readonly hostname: string; readonly address: number; readonly availability: string }, role: NodeRole,
  state: NodeState, context: { readonly now: number }): StoreEvent[] {
  const availability = (node.availability === '' ? 'active' : node.availability) as SwarmNodeSpec['Availability'];
  const spec: SwarmNodeSpec = { Labels: {}, Role: role, Availability: availability };
  return [
    { type: 'StoreNodeCreated', id, index, hostname: node.hostname, address: node.address, spec: spec as Json,
      at: context.now },
    { type: 'StoreNodeStatusChanged', id, state, message: '', at: context.now },
  ];
}

/** A row as it is answered: with its part among the managers, if it has one. */
export type ListedNode = SwarmNodeRow & {
  readonly managing: { readonly leader: boolean; readonly reachable: boolean } | null;
};

export function listNodes(tables: StoreTables, { standing }: DecisionContext): Decision {
  const listed = [...tables.nodes.values()].map((row): ListedNode => {
    const votes = standing.voters.includes(row.index) && nodeAt(tables, row.index) === row;
    return { ...row, managing: votes ? { leader: standing.leader === row.index,
      reachable: !standing.unreachable.includes(row.index) } : null };
  });
  return { events: [], answer: { ok: true, value: listed as unknown as Json } };
}

/** A new role takes effect once the member list of the managers follows it. */
export function updateNode(tables: StoreTables, body: StoreBodies['UpdateNode'], context: DecisionContext): Decision {
  const row = tables.nodes.get(body.node);
  if (row === undefined) return { events: [], answer: grpcRefusal('NotFound', `node ${body.node} not found`) };
  if (body.version !== row.version) {
    return { events: [], answer: grpcRefusal('InvalidArgument', 'update out of sequence') };
  }
  if (row.spec.Role === 'manager' && body.spec.Role === 'worker' && managingNodes(tables).length === 1) {
    return { events: [], answer: grpcRefusal('FailedPrecondition',
      'attempting to demote the last manager of the swarm') };
  }
  return { events: [{ type: 'StoreNodeUpdated', id: row.id, spec: body.spec as Json, at: context.now }],
    answer: { ok: true, value: null } };
}

export function removeNode(tables: StoreTables, body: StoreBodies['RemoveNode']): Decision {
  const row = tables.nodes.get(body.node);
  if (row === undefined) return { events: [], answer: grpcRefusal('NotFound', `node ${body.node} not found`) };
  if (row.spec.Role === 'manager') {
    return { events: [], answer: grpcRefusal('FailedPrecondition',
      `node ${row.id} is a cluster manager and is a member of the raft cluster. It must be demoted to worker before ` +
      'removal') };
  }
  if (!body.force && row.state === 'ready') {
    return { events: [], answer: grpcRefusal('FailedPrecondition',
      `node ${row.id} is not down and can't be removed`) };
  }
  const events: StoreEvent[] = [];
  for (const task of tables.tasks.values()) {
    if (task.node === row.id) events.push({ type: 'StoreTaskRemoved', id: task.id });
  }
  return { events: [...events, { type: 'StoreNodeRemoved', id: row.id }], answer: { ok: true, value: null } };
}

/** A node says good-bye: it is down from now on, and the row stays until somebody removes it. */
export function leaveNode(tables: StoreTables, body: StoreBodies['LeaveNode'], context: DecisionContext): Decision {
  const row = tables.nodes.get(body.node);
  if (row === undefined) return { events: [], answer: { ok: true, value: null } };
  const event: StoreEvent = { type: 'StoreNodeStatusChanged', id: row.id, state: 'down', message: 'node left',
    at: context.now };
  return { events: [event], answer: { ok: true, value: null } };
}

/** Nodes that are to be managers, in the order of their creation. */
export function managingNodes(tables: StoreTables): readonly SwarmNodeRow[] {
  return [...tables.nodes.values()].filter((row) => row.spec.Role === 'manager');
}

/** The node of the lab by its index; undefined when it is in the cluster no more. One that came back has a new row. */
export function nodeAt(tables: StoreTables, index: number): SwarmNodeRow | undefined {
  let found: SwarmNodeRow | undefined;
  for (const row of tables.nodes.values()) if (row.index === index) found = row;
  return found;
}
