// What one decision of an orchestrator changes, seen on top of the tables: later parts of the same decision must know
// what the earlier ones decided.

import type { Json } from '@netreel/sim';
import type { StoreEvent } from '../events.js';
import { swarmId } from '../store/identity.js';
import { isJob, tableAt, taskTemplate } from '../store/service/spec.js';
import { isBefore, type ServiceRow, type SwarmNodeRow, type TaskRow, type TaskState } from '../store/swarm-objects.js';
import type { DutyPort } from './duty.js';

/** A task that a decision creates. */
export interface PlannedTask {
  readonly id: string;
  readonly service: string;
  readonly slot: number;
  readonly node: string;
}

export class Plan {
  readonly events: StoreEvent[] = [];
  readonly created: PlannedTask[] = [];
  private readonly desired = new Map<string, TaskState>();

  constructor(private readonly port: DutyPort) {}

  desiredOf(task: TaskRow): TaskState {
    return this.desired.get(task.id) ?? task.desired;
  }

  /** Whether a task is wanted to run. */
  isRunnable(task: TaskRow): boolean {
    return isBefore(this.desiredOf(task), 'shutdown');
  }

  want(task: TaskRow, desired: TaskState): void {
    if (!isBefore(this.desiredOf(task), desired)) return;
    this.desired.set(task.id, desired);
    this.events.push({ type: 'StoreTaskDesired', id: task.id, desired, at: this.port.now() });
  }

  /** A new task of the service as it is now; `desired` ready: somebody will say when it may run. */
  create(service: ServiceRow, slot: number, node: string, desired: TaskState): PlannedTask {
    const id = swarmId(this.port.newId, 'task');
    const planned = { id, service: service.id, slot, node };
    this.events.push({ type: 'StoreTaskCreated', ...planned, spec: taskTemplate(service.spec) as Json,
      specVersion: service.specVersion, desired, endpoint: tableAt(service.spec, 'EndpointSpec') as Json,
      at: this.port.now() });
    this.created.push(planned);
    return planned;
  }
}

/** What a service wants of its tasks in the end. */
export function finalState(service: ServiceRow): TaskState {
  return isJob(service.spec) ? 'complete' : 'running';
}

/** A node that can keep no task: it is gone, or is to be empty. */
export function isInvalid(node: SwarmNodeRow | undefined): boolean {
  return node === undefined || node.state === 'down' || node.spec.Availability === 'drain';
}

/** Whether a task is not what its service asks for any more. */
export function isDirty(task: TaskRow, service: ServiceRow): boolean {
  if (task.specVersion === service.specVersion) return false;
  return JSON.stringify(task.spec) !== JSON.stringify(taskTemplate(service.spec))
    || JSON.stringify(task.endpoint) !== JSON.stringify(tableAt(service.spec, 'EndpointSpec'));
}
