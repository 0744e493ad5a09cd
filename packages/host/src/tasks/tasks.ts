// All tasks of one node: a runner for each that is assigned, and what they say brought to the managers. What cannot be
// said now, because nobody leads or the line is cut, is said later.

import type { Engine } from '@netreel/engine';
import type { MemberTables, ReportedStatus, StoreClientAgent, TaskStatus } from '@netreel/overlay';
import { SECOND, startOperation, suspended, type Json, type Machine, type Operation } from '@netreel/sim';
import { TaskRunner } from './runner.js';

const AGAIN_NS = SECOND;

export class NodeTasks {
  private readonly runners = new Map<string, TaskRunner>();
  /** The newest status of each task that the managers have not confirmed. */
  private readonly unsaid = new Map<string, TaskStatus>();
  private saying = false;

  constructor(private readonly machine: Machine, private readonly engine: Engine, private readonly tables: MemberTables,
    private readonly client: StoreClientAgent) {}

  /** The assignments changed. */
  revise(): void {
    for (const [id, assigned] of this.tables.assigned) {
      if (this.runners.has(id)) continue;
      const runner = new TaskRunner({
        engine: this.engine, hostname: this.machine.name,
        now: () => this.machine.now(),
        assigned: () => this.tables.assigned.get(id),
        report: (status) => this.report(id, status),
        pause: (ns) => this.pause(ns),
        gone: () => { this.runners.delete(id); },
      }, assigned);
      this.runners.set(id, runner);
      runner.start();
    }
    for (const runner of [...this.runners.values()]) runner.changed();
  }

  private *pause(ns: number): Operation<void> {
    yield* suspended<undefined>((resume) => {
      this.machine.schedule(this.machine.now() + ns, { fire: () => resume(undefined) }, undefined);
    });
  }

  private report(task: string, status: TaskStatus): void {
    this.unsaid.set(task, status);
    this.sayAt(this.machine.now());
  }

  /** What is reported at one moment travels together. */
  private sayAt(at: number): void {
    if (this.saying) return;
    this.saying = true;
    this.machine.schedule(at, { fire: () => this.say() }, undefined);
  }

  private say(): void {
    const said = [...this.unsaid];
    // Of a task that is forgotten nobody wants to hear.
    for (const [task] of said) if (!this.tables.assigned.has(task)) this.unsaid.delete(task);
    const statuses = said.map(([task, status]): ReportedStatus => ({ task, status }));
    if (this.unsaid.size === 0) {
      this.saying = false;
      return;
    }
    startOperation(this.client.ask('ReportTasks', { statuses } as unknown as Json), (answer) => {
      if (answer.ok) for (const [task, status] of said) if (this.unsaid.get(task) === status) this.unsaid.delete(task);
      this.saying = false;
      if (this.unsaid.size > 0) this.sayAt(this.machine.now() + (answer.ok ? 0 : AGAIN_NS));
    });
  }
}
