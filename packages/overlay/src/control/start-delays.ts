// Tasks that are ready and wait for their turn: a restart's delay is not over, or the task that they replace still runs
// (swarmkit, restart supervisor).

import { MINUTE, type Handler, type SimTime, type Ticket } from '@netreel/sim';
import type { StoreEvent } from '../events.js';
import { isTerminal } from '../store/swarm-objects.js';
import type { DutyPort } from './duty.js';
import { finalState } from './plan.js';

/** A task that does not stop is not waited for any longer. */
const OLD_TASK_PATIENCE_NS = MINUTE;

interface Delayed {
  readonly task: string;
  /** The task that is to be over first; empty for none. */
  old: string;
  due: boolean;
  /** It is over before it began: whoever makes successors is told when its turn would have come. */
  failed: boolean;
  ticket: Ticket;
}

export class StartDelays {
  private readonly rows = new Map<string, Delayed>();
  private readonly byOld = new Map<string, string>();
  private readonly ripe: Handler<Delayed> = { fire: (row) => this.isDue(row) };

  /** `failed` is told of a task that was over before its turn came. */
  constructor(private readonly port: DutyPort, private readonly failed: (task: string) => void) {}

  /** Whether the task still waits; it is then remembered as one that failed. */
  holds(task: string): boolean {
    const row = this.rows.get(task);
    if (row !== undefined) row.failed = true;
    return row !== undefined;
  }

  /** Lets the task run in `delayNs` at the earliest, and not before `old` is over. */
  add(task: string, delayNs: SimTime, old: string): void {
    const row: Delayed = { task, old, due: false, failed: false, ticket: 0 };
    row.ticket = this.port.schedule(this.port.now() + delayNs, this.ripe, row);
    this.rows.set(task, row);
    if (old !== '') this.byOld.set(old, task);
  }

  clear(): void {
    for (const { ticket } of this.rows.values()) this.port.cancel(ticket);
    this.rows.clear();
    this.byOld.clear();
  }

  note(event: StoreEvent): void {
    if (event.type !== 'StoreTaskStatusChanged' && event.type !== 'StoreTaskRemoved') return;
    const waiting = this.byOld.get(event.id);
    const row = waiting === undefined ? undefined : this.rows.get(waiting);
    if (row === undefined || !this.isOver(event.id)) return;
    row.old = '';
    this.byOld.delete(event.id);
    if (row.due) this.start(row);
  }

  private isOver(id: string): boolean {
    const task = this.port.tables.tasks.get(id);
    return task === undefined || isTerminal(task.status.state);
  }

  private isDue(row: Delayed): void {
    if (row.due || row.old === '' || this.isOver(row.old)) return this.start(row);
    row.due = true;
    row.ticket = this.port.schedule(this.port.now() + OLD_TASK_PATIENCE_NS, this.ripe, row);
  }

  private start(row: Delayed): void {
    this.port.cancel(row.ticket);
    this.rows.delete(row.task);
    if (row.old !== '') this.byOld.delete(row.old);
    if (row.failed) return this.failed(row.task);
    this.port.submit(() => {
      const task = this.port.tables.tasks.get(row.task);
      const service = this.port.tables.services.get(task?.service ?? '');
      if (task === undefined || task.desired !== 'ready' || service === undefined) return [];
      return [{ type: 'StoreTaskDesired', id: row.task, desired: finalState(service), at: this.port.now() }];
    });
  }
}
