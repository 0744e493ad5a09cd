// Deciding about what an agent says of its tasks. A task's state never goes back, and only its own node speaks for it.

import { unreachable, type Json } from '@netreel/sim';
import type { StoreEvent } from '../../events.js';
import type { Decision, DecisionContext } from '../decide.js';
import { nodeAt } from '../node/node.js';
import type { StoreBodies } from '../objects.js';
import { isBefore, type TaskRow, type TaskState, type TaskStatus } from '../swarm-objects.js';
import type { StoreTables } from '../tables.js';

export function reportTasks(tables: StoreTables, body: StoreBodies['ReportTasks'], context: DecisionContext): Decision {
  const node = nodeAt(tables, context.host);
  const events: StoreEvent[] = [];
  for (const { task, status } of body.statuses) {
    const row = tables.tasks.get(task);
    if (row === undefined || node === undefined || row.node !== node.id || isBefore(status.state, row.status.state)) {
      continue;
    }
    if (JSON.stringify(status) !== JSON.stringify(row.status)) events.push(statusEvent(task, status));
  }
  return { events, answer: { ok: true, value: null } };
}

export function statusEvent(id: string, status: TaskStatus): StoreEvent {
  const { ports, ...rest } = status;
  return { type: 'StoreTaskStatusChanged', id, ...rest, ports: ports as unknown as Json };
}

/** The same status with another state and why. */
export function withState(row: TaskRow, state: TaskState, message: string, error: string, at: number): TaskStatus {
  return { ...row.status, state, message, error, at };
}

/** How a task is called: its service, its slot or its node, and its id. */
export function taskName(service: string, row: TaskRow): string {
  return `${service}.${row.slot === 0 ? row.node : row.slot}.${row.id}`;
}

/** What a manager may want of a task, by what people ask for. */
export function isWanted(row: TaskRow): boolean {
  switch (row.desired) {
    case 'ready': case 'running': case 'complete':
      return true;
    case 'new': case 'pending': case 'assigned': case 'accepted': case 'preparing': case 'starting': case 'shutdown':
    case 'failed': case 'rejected': case 'remove': case 'orphaned':
      return false;
    default:
      return unreachable(row.desired);
  }
}
