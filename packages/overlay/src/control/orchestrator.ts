// The duty that keeps as many tasks as services want: so many replicas, or one on each node that may have it. What a
// changed service asks of the tasks that are there is the updater's.

import type { StoreEvent } from '../events.js';
import { isJob, numberAt, placementOf, replicasOf, restartRuleOf, tableAt, taskTemplate,
} from '../store/service/spec.js';
import { isTerminal, type ServiceRow, type SwarmNodeRow, type TaskRow,
  type TaskState } from '../store/swarm-objects.js';
import { meetsAll } from './constraint.js';
import type { Duty, DutyPort } from './duty.js';
import { Plan, finalState, isInvalid } from './plan.js';
import { Restarts } from './restarts.js';
import { StartDelays } from './start-delays.js';
import type { TaskIndex } from './task-index.js';

export class Orchestrator implements Duty {
  private readonly delays: StartDelays;
  private readonly restarts: Restarts;
  private readonly services = new Set<string>();
  private readonly nodes = new Set<string>();
  private readonly ended = new Set<string>();

  constructor(private readonly port: DutyPort, private readonly index: TaskIndex) {
    this.delays = new StartDelays(port, (task) => {
      this.ended.add(task);
      this.port.submit(() => this.decide());
    });
    this.restarts = new Restarts(port, this.delays);
  }

  begin(): void {
    const { tables } = this.port;
    for (const id of this.index.serviceIds()) this.services.add(id);
    for (const id of tables.services.keys()) this.services.add(id);
    for (const id of tables.nodes.keys()) this.nodes.add(id);
    for (const task of tables.tasks.values()) {
      if (isTerminal(task.status.state)) this.ended.add(task.id);
      if (task.desired === 'ready') this.resume(task);
    }
    this.port.submit(() => this.decide());
  }

  end(): void {
    this.delays.clear();
    this.restarts.clear();
    for (const set of [this.services, this.nodes, this.ended]) set.clear();
  }

  changed(events: readonly StoreEvent[]): void {
    for (const event of events) {
      this.note(event);
      this.delays.note(event);
    }
    if (this.services.size + this.nodes.size + this.ended.size > 0) this.port.submit(() => this.decide());
  }

  private note(event: StoreEvent): void {
    switch (event.type) {
      case 'StoreServiceCreated': case 'StoreServiceUpdated': case 'StoreServiceRemoved':
        this.services.add(event.id);
        return;
      case 'StoreTaskRemoved': {
        const service = this.index.serviceOf(event.id);
        if (service !== undefined) this.services.add(service);
        return;
      }
      case 'StoreTaskStatusChanged':
        if (isTerminal(event.state as TaskState)) this.ended.add(event.id);
        return;
      case 'StoreNodeCreated': case 'StoreNodeUpdated': case 'StoreNodeStatusChanged': case 'StoreNodeRemoved':
        this.nodes.add(event.id);
        return;
      default:
    }
  }

  /** A new leader goes on with what the last one delayed. */
  private resume(task: TaskRow): void {
    const { delayNs } = restartRuleOf(task.spec);
    this.delays.add(task.id, Math.max(0, task.createdAt + delayNs - this.port.now()), '');
  }

  private decide(): StoreEvent[] {
    const { tables } = this.port;
    const plan = new Plan(this.port);
    const globals = this.nodes.size === 0 ? []
      : [...tables.services.values()].filter(({ spec }) => replicasOf(spec) === undefined);
    for (const id of this.nodes) if (isInvalid(tables.nodes.get(id))) this.leave(plan, id);
    for (const id of this.ended) this.restartEnded(plan, id);
    for (const { id } of globals) this.services.add(id);
    for (const id of this.services) this.reconcile(plan, id);
    for (const set of [this.services, this.nodes, this.ended]) set.clear();
    return plan.events;
  }

  private leave(plan: Plan, node: string): void {
    for (const task of this.index.onNode(node)) {
      const service = this.port.tables.services.get(task.service);
      if (service !== undefined) this.restarts.restart(plan, service, task);
    }
  }

  private restartEnded(plan: Plan, id: string): void {
    const task = this.port.tables.tasks.get(id);
    const service = this.port.tables.services.get(task?.service ?? '');
    if (task === undefined || service === undefined) return;
    if (isJob(service.spec) && task.status.state === 'complete') this.services.add(service.id);
    else this.restarts.restart(plan, service, task);
  }

  private reconcile(plan: Plan, id: string): void {
    const service = this.port.tables.services.get(id);
    const tasks = this.index.ofService(id);
    if (service === undefined) {
      for (const task of tasks) plan.want(task, 'remove');
    } else if (isJob(service.spec) && replicasOf(service.spec) !== undefined) {
      this.fillJob(plan, service, tasks);
    } else if (replicasOf(service.spec) === undefined) {
      this.fillNodes(plan, service, tasks);
    } else {
      this.fillSlots(plan, service, tasks);
    }
  }

  // --- replicas ---

  private fillSlots(plan: Plan, service: ServiceRow, tasks: readonly TaskRow[]): void {
    const wanted = replicasOf(service.spec)!;
    const slots = runnableSlots(plan, service, tasks);
    for (let slot = 1; slots.size < wanted; slot++) {
      if (slots.has(slot)) continue;
      plan.create(service, slot, '', finalState(service));
      slots.set(slot, []);
    }
    if (slots.size === wanted) return;
    for (const slot of this.leastUseful(slots).slice(0, slots.size - wanted)) {
      for (const task of slots.get(slot)!) plan.want(task, 'remove');
    }
  }

  /** Slots in which nothing runs go first, then those of the fullest nodes, then the highest. */
  private leastUseful(slots: ReadonlyMap<number, readonly TaskRow[]>): number[] {
    const onNode = new Map<string, number>();
    const rows = [...slots].map(([slot, tasks]) => {
      const task = tasks.find(({ status }) => status.state === 'running') ?? tasks[0];
      const node = task?.node ?? '';
      const place = onNode.get(node) ?? 0;
      onNode.set(node, place + 1);
      return { slot, running: task?.status.state === 'running' ? 1 : 0, place };
    });
    return rows.sort((a, b) => a.running - b.running || b.place - a.place || b.slot - a.slot).map(({ slot }) => slot);
  }

  // --- one on each node ---

  private fillNodes(plan: Plan, service: ServiceRow, tasks: readonly TaskRow[]): void {
    const runnable = tasks.filter((task) => plan.isRunnable(task));
    const taken = new Set([...runnable, ...plan.created.filter((each) => each.service === service.id)]
      .map(({ node }) => node));
    const done = new Set(isJob(service.spec)
      ? tasks.filter(({ status }) => status.state === 'complete').map(({ node }) => node) : []);
    for (const node of this.port.tables.nodes.values()) {
      const mayHave = !isInvalid(node) && meetsAll(node, placementOf(taskTemplate(service.spec)).constraints);
      if (!mayHave) {
        for (const task of runnable) if (task.node === node.id) plan.want(task, 'shutdown');
      } else if (!taken.has(node.id) && !done.has(node.id) && mayBegin(node)) {
        plan.create(service, 0, node.id, finalState(service));
      }
    }
  }

  // --- jobs ---

  private fillJob(plan: Plan, service: ServiceRow, tasks: readonly TaskRow[]): void {
    const total = replicasOf(service.spec)!;
    const atOnce = numberAt(tableAt(service.spec, 'Mode', 'ReplicatedJob'), 'MaxConcurrent', 1);
    const completed = new Set(tasks.filter(({ status }) => status.state === 'complete').map(({ slot }) => slot));
    const slots = runnableSlots(plan, service, tasks.filter(({ slot }) => !completed.has(slot)));
    for (let slot = 1; slot <= total && slots.size < Math.min(atOnce, total - completed.size); slot++) {
      if (completed.has(slot) || slots.has(slot)) continue;
      plan.create(service, slot, '', 'complete');
      slots.set(slot, []);
    }
  }
}

function mayBegin(node: SwarmNodeRow): boolean {
  return node.state === 'ready' && node.spec.Availability === 'active';
}

/** The slots that have a task that is to run, those of this very decision among them. */
function runnableSlots(plan: Plan, service: ServiceRow, tasks: readonly TaskRow[]): Map<number, TaskRow[]> {
  const slots = new Map<number, TaskRow[]>();
  for (const task of tasks) {
    if (plan.isRunnable(task)) slots.set(task.slot, [...slots.get(task.slot) ?? [], task]);
  }
  for (const { service: owner, slot } of plan.created) {
    if (owner === service.id && !slots.has(slot)) slots.set(slot, []);
  }
  return slots;
}
