// The duty that lets go of tasks: those that are to be removed once nothing of them runs, and of each slot the oldest
// that are over, so that a few remain to be looked at (swarmkit, task reaper).

import type { StoreEvent } from '../events.js';
import { numberAt, tableAt } from '../store/service/spec.js';
import { isBefore, isTerminal, type TaskRow } from '../store/swarm-objects.js';
import type { Duty, DutyPort } from './duty.js';
import type { TaskIndex } from './task-index.js';

const HISTORY_LIMIT = 5;

export class TaskReaper implements Duty {
  private readonly tasks = new Set<string>();
  private readonly services = new Set<string>();

  constructor(private readonly port: DutyPort, private readonly index: TaskIndex) {}

  begin(): void {
    for (const id of this.port.tables.tasks.keys()) this.tasks.add(id);
    for (const id of this.index.serviceIds()) this.services.add(id);
    this.port.submit(() => this.decide());
  }

  end(): void {
    this.tasks.clear();
    this.services.clear();
  }

  changed(events: readonly StoreEvent[]): void {
    for (const event of events) {
      if (event.type === 'StoreTaskCreated') {
        this.services.add(event.service);
      } else if (event.type === 'StoreTaskStatusChanged' || event.type === 'StoreTaskDesired') {
        this.tasks.add(event.id);
        const service = this.index.serviceOf(event.id);
        if (service !== undefined) this.services.add(service);
      }
    }
    if (this.tasks.size + this.services.size > 0) this.port.submit(() => this.decide());
  }

  private decide(): StoreEvent[] {
    const gone = new Set<string>();
    for (const id of this.tasks) {
      const task = this.port.tables.tasks.get(id);
      if (task !== undefined && task.desired === 'remove' && isOver(task)) gone.add(id);
    }
    for (const id of this.services) for (const task of this.surplus(id)) gone.add(task.id);
    this.tasks.clear();
    this.services.clear();
    return [...gone].map((id): StoreEvent => ({ type: 'StoreTaskRemoved', id }));
  }

  /** Of each slot, the oldest tasks that are over and beyond the limit; the newest of a slot always stays. */
  private surplus(service: string): TaskRow[] {
    const { tables } = this.port;
    const limit = numberAt(tableAt(tables.cluster!.spec, 'Orchestration'), 'TaskHistoryRetentionLimit', HISTORY_LIMIT);
    const slots = new Map<string, TaskRow[]>();
    for (const task of this.index.ofService(service)) {
      const key = task.slot === 0 ? task.node : String(task.slot);
      slots.set(key, [...slots.get(key) ?? [], task]);
    }
    return [...slots.values()].flatMap((tasks) => {
      const over = tasks.filter((task) => isOver(task) && !isBefore(task.desired, 'shutdown'));
      return over.slice(0, Math.max(0, tasks.length - Math.max(limit, 1)));
    });
  }
}

/** Nothing of it runs, or ever did. */
function isOver(task: TaskRow): boolean {
  return isTerminal(task.status.state) || (isBefore(task.status.state, 'assigned'));
}
