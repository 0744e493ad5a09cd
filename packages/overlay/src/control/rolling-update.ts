// One update of one service, from its first slot to its end.

import { MINUTE, startOperation, suspended, type Json, type Operation, type SimTime } from '@netreel/sim';
import type { StoreEvent } from '../events.js';
import { updateRuleOf, type UpdateRule } from '../store/service/spec.js';
import { isTerminal, type ServiceRow, type TaskRow } from '../store/swarm-objects.js';
import type { DutyPort } from './duty.js';
import { Plan, finalState, isDirty, isInvalid } from './plan.js';
import type { TaskIndex } from './task-index.js';
import type { Waits } from './waits.js';

/** A task that does not stop, or start, is not waited for any longer. */
const PATIENCE_NS = MINUTE;

export class RollingUpdate {
  private readonly rollback: boolean;
  private readonly rule: UpdateRule;
  private readonly id: string;
  /** When each task that this update made was seen to run, or made. */
  private readonly begunAt = new Map<string, SimTime>();
  /** Tasks that did not last. */
  private readonly failed = new Set<string>();
  private slots: string[] = [];
  private total = 0;
  private stopped = false;

  constructor(private readonly port: DutyPort, private readonly index: TaskIndex, private readonly waits: Waits,
    service: ServiceRow) {
    this.id = service.id;
    this.rollback = String(service.updateStatus?.['State']).startsWith('rollback');
    this.rule = updateRuleOf(service.spec, this.rollback ? 'RollbackConfig' : 'UpdateConfig');
  }

  *run(): Operation<void> {
    yield* this.waits.submit(() => this.begun());
    this.slots = this.dirtySlots();
    this.total = this.slots.length;
    const workers = this.rule.parallelism === 0 ? this.slots.length
      : Math.min(this.rule.parallelism, this.slots.length);
    yield* this.allOf(Array.from({ length: workers }, () => this.worker()));
    if (!this.stopped && this.begunAt.size > 0) yield* this.watch(this.rule.monitorNs);
    if (!this.stopped) yield* this.waits.submit(() => this.completed());
  }

  private get service(): ServiceRow | undefined {
    return this.port.tables.services.get(this.id);
  }

  private begun(): StoreEvent[] {
    if (this.rollback || this.service === undefined) return [];
    return [this.progress({ State: 'updating', Message: 'update in progress', StartedAt: this.port.now() })];
  }

  private completed(): StoreEvent[] {
    const { service } = this;
    if (service === undefined) return [];
    const state = this.rollback ? 'rollback_completed' : 'completed';
    return [this.progress({ ...service.updateStatus, State: state, CompletedAt: this.port.now(),
      Message: this.rollback ? 'rollback completed' : 'update completed' })];
  }

  private progress(status: Json): StoreEvent {
    return { type: 'StoreServiceProgressed', id: this.id, status, at: this.port.now() };
  }

  private dirtySlots(): string[] {
    const { service } = this;
    if (service === undefined) return [];
    const plan = new Plan(this.port);
    const dirty = this.index.ofService(this.id).filter((task) => plan.isRunnable(task) && isDirty(task, service));
    return [...new Set(dirty.map(slotOf))];
  }

  private *worker(): Operation<void> {
    for (;;) {
      const slot = this.slots.shift();
      if (slot === undefined || this.stopped) return;
      if (this.rule.order === 'start-first') yield* this.startFirst(slot);
      else yield* this.stopFirst(slot);
      if (this.slots.length > 0 && !this.stopped) yield* this.watch(this.rule.delayNs);
    }
  }

  private *stopFirst(slot: string): Operation<void> {
    const old = this.runnableIn(slot);
    if (old.length === 0) return;
    const task = yield* this.replace(slot, old, 'ready');
    yield* this.waits.until(() => old.every(({ id }) => this.isOver(id)), PATIENCE_NS);
    if (task === undefined) return;
    yield* this.waits.submit(() => this.letRun(task));
    yield* this.lasting(task);
  }

  private *startFirst(slot: string): Operation<void> {
    const old = this.runnableIn(slot);
    if (old.length === 0) return;
    const task = yield* this.replace(slot, [], 'running', old[0]);
    if (task === undefined || !(yield* this.lasting(task))) return;
    yield* this.waits.submit(() => {
      const plan = new Plan(this.port);
      for (const { id } of old) this.wantOver(plan, id);
      return plan.events;
    });
  }

  /** Makes the new task of a slot, and takes `old` out of service; its id. */
  private *replace(slot: string, old: readonly TaskRow[], desired: 'ready' | 'running',
    like = old[0]!): Operation<string | undefined> {
    let made: string | undefined;
    yield* this.waits.submit(() => {
      const { service } = this;
      const plan = new Plan(this.port);
      if (service === undefined || this.runnableIn(slot).length === 0) return [];
      for (const { id } of old) this.wantOver(plan, id);
      const node = like.slot === 0 ? like.node : '';
      made = plan.create(service, like.slot, node, desired === 'ready' ? 'ready' : finalState(service)).id;
      return plan.events;
    });
    if (made !== undefined) this.begunAt.set(made, this.port.now());
    return made;
  }

  private wantOver(plan: Plan, id: string): void {
    const task = this.port.tables.tasks.get(id);
    if (task !== undefined) plan.want(task, 'shutdown');
  }

  private letRun(id: string): StoreEvent[] {
    const { service } = this;
    const task = this.port.tables.tasks.get(id);
    if (service === undefined || task === undefined || task.desired !== 'ready') return [];
    return [{ type: 'StoreTaskDesired', id, desired: finalState(service), at: this.port.now() }];
  }

  /** Waits until the task runs; false when it never did. */
  private *lasting(id: string): Operation<boolean> {
    const state = (): string => this.port.tables.tasks.get(id)?.status.state ?? 'remove';
    yield* this.waits.until(() => state() === 'running' || this.isOver(id) || this.stopped, PATIENCE_NS);
    this.begunAt.set(id, this.port.now());
    yield* this.countFailures();
    return state() === 'running';
  }

  /** Looks on for a while: what fails in the meantime counts. */
  private *watch(ns: SimTime): Operation<void> {
    const until = this.port.now() + ns;
    while (this.port.now() < until && !this.stopped) {
      const news = (): boolean => this.stopped || [...this.begunAt.keys()].some((id) => this.isNewFailure(id));
      yield* this.waits.until(news, until - this.port.now());
      yield* this.countFailures();
    }
  }

  private isNewFailure(id: string): boolean {
    const task = this.port.tables.tasks.get(id);
    return !this.failed.has(id) && task !== undefined && isTerminal(task.status.state)
      && task.status.at - this.begunAt.get(id)! <= this.rule.monitorNs;
  }

  private *countFailures(): Operation<void> {
    let last: string | undefined;
    for (const id of this.begunAt.keys()) {
      if (!this.isNewFailure(id)) continue;
      this.failed.add(id);
      last = id;
    }
    if (last === undefined || this.stopped) return;
    if (this.failed.size * 1_000_000 <= this.rule.failureShareMax * this.total) return;
    if (this.rule.failureAction === 'continue') return;
    this.stopped = true;
    yield* this.waits.submit(() => this.failure(last));
  }

  private failure(task: string): StoreEvent[] {
    const { service } = this;
    if (service === undefined) return [];
    const reason = `due to failure or early termination of task ${task}`;
    const { updateStatus } = service;
    if (this.rollback || this.rule.failureAction !== 'rollback' || service.previous === null) {
      return [this.progress({ ...updateStatus, State: this.rollback ? 'rollback_paused' : 'paused',
        Message: `${this.rollback ? 'rollback' : 'update'} paused ${reason}` })];
    }
    return [
      this.progress({ ...updateStatus, State: 'rollback_started', Message: `update rolled back ${reason}` }),
      { type: 'StoreServiceUpdated', id: this.id, spec: service.previous as Json, previous: null,
        at: this.port.now() },
    ];
  }

  private runnableIn(slot: string): TaskRow[] {
    const plan = new Plan(this.port);
    return this.index.ofService(this.id).filter((task) => slotOf(task) === slot && plan.isRunnable(task));
  }

  private isOver(id: string): boolean {
    const task = this.port.tables.tasks.get(id);
    return task === undefined || isTerminal(task.status.state) || isInvalid(this.port.tables.nodes.get(task.node));
  }

  /** Runs several side by side until all have ended; all are abandoned with it. */
  private *allOf(operations: readonly Operation<void>[]): Operation<void> {
    let left = operations.length;
    let wake: (() => void) | undefined;
    const abandon = operations.map((operation) => startOperation(operation, () => {
      left--;
      if (left === 0) wake?.();
    }));
    try {
      if (left > 0) yield* suspended<undefined>((resume) => { wake = () => resume(undefined); });
    } finally {
      for (const each of abandon) each();
    }
  }
}

function slotOf(task: TaskRow): string {
  return task.slot === 0 ? task.node : String(task.slot);
}
