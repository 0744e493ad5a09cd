// What each node has to carry, counted as tasks come and go: the scheduler asks for it many times for each task.

import type { StoreEvent } from '../events.js';
import { portsOf, reservationOf } from '../store/service/spec.js';
import { isBefore, isTerminal, type TaskRow } from '../store/swarm-objects.js';
import type { StoreTables } from '../store/tables.js';

export interface NodeLoad {
  tasks: number;
  /** Tasks by service. */
  readonly services: Map<string, number>;
  /** Tasks that failed here, by service. */
  readonly failures: Map<string, number>;
  nanoCpus: number;
  memoryBytes: number;
  /** `tcp/8080`. */
  readonly hostPorts: Set<string>;
}

export class NodeLoads {
  private readonly byNode = new Map<string, NodeLoad>();
  /** Where each task is counted. */
  private readonly counted = new Map<string, { readonly node: string; readonly task: TaskRow }>();

  constructor(private readonly tables: StoreTables) {}

  /** Counts anew. */
  count(): void {
    this.byNode.clear();
    this.counted.clear();
    for (const task of this.tables.tasks.values()) this.revise(task.id);
  }

  note(event: StoreEvent): void {
    if (!event.type.startsWith('StoreTask')) return;
    const { id } = event as { id: string };
    if (event.type === 'StoreTaskStatusChanged' && event.state === 'failed') this.noteFailure(id);
    this.revise(id);
  }

  of(node: string): NodeLoad {
    let load = this.byNode.get(node);
    if (load === undefined) this.byNode.set(node, load = emptyLoad());
    return load;
  }

  /** A copy to plan with: what is only planned is not counted here. */
  plan(): NodeLoads {
    const copy = new NodeLoads(this.tables);
    for (const [node, load] of this.byNode) {
      copy.byNode.set(node, { ...load, services: new Map(load.services), failures: new Map(load.failures),
        hostPorts: new Set(load.hostPorts) });
    }
    return copy;
  }

  /** A task will be on the node. */
  add(task: TaskRow, node: string): void {
    const load = this.of(node);
    const { nanoCpus, memoryBytes } = reservationOf(task.spec);
    load.tasks++;
    load.services.set(task.service, (load.services.get(task.service) ?? 0) + 1);
    load.nanoCpus += nanoCpus;
    load.memoryBytes += memoryBytes;
    for (const port of this.hostPortsOf(task)) load.hostPorts.add(port);
  }

  private remove(task: TaskRow, node: string): void {
    const load = this.of(node);
    const { nanoCpus, memoryBytes } = reservationOf(task.spec);
    load.tasks--;
    const left = (load.services.get(task.service) ?? 1) - 1;
    if (left > 0) load.services.set(task.service, left);
    else load.services.delete(task.service);
    load.nanoCpus -= nanoCpus;
    load.memoryBytes -= memoryBytes;
    for (const port of this.hostPortsOf(task)) load.hostPorts.delete(port);
  }

  private revise(id: string): void {
    const before = this.counted.get(id);
    const task = this.tables.tasks.get(id);
    const carried = task !== undefined && task.status.state !== 'pending' && task.node !== ''
      && !isTerminal(task.status.state) && isBefore(task.desired, 'remove');
    if (carried === (before !== undefined)) return;
    if (before !== undefined) {
      this.counted.delete(id);
      this.remove(before.task, before.node);
    } else {
      this.counted.set(id, { node: task!.node, task: task! });
      this.add(task!, task!.node);
    }
  }

  private noteFailure(id: string): void {
    const task = this.tables.tasks.get(id);
    if (task === undefined || task.node === '') return;
    const { failures } = this.of(task.node);
    failures.set(task.service, (failures.get(task.service) ?? 0) + 1);
  }

  private hostPortsOf(task: TaskRow): readonly string[] {
    const service = this.tables.services.get(task.service);
    return service === undefined ? [] : portsOf(service.spec).filter(({ mode, published }) =>
      mode === 'host' && published !== 0).map(({ protocol, published }) => `${protocol}/${published}`);
  }
}

function emptyLoad(): NodeLoad {
  return { tasks: 0, services: new Map(), failures: new Map(), nanoCpus: 0, memoryBytes: 0, hostPorts: new Set() };
}
