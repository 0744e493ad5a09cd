// Tasks by service and by node, kept beside the tables: an orchestrator asks for them at every change.

import type { StoreEvent } from '../events.js';
import type { TaskRow } from '../store/swarm-objects.js';
import type { StoreTables } from '../store/tables.js';

export class TaskIndex {
  private readonly services = new Map<string, Set<string>>();
  private readonly nodes = new Map<string, Set<string>>();
  /** Where each task stands. */
  private readonly places = new Map<string, { readonly service: string; node: string }>();

  constructor(private readonly tables: StoreTables) {}

  /** Reads the tables anew. */
  rebuild(): void {
    for (const map of [this.services, this.nodes, this.places]) map.clear();
    for (const id of this.tables.tasks.keys()) this.place(id);
  }

  note(event: StoreEvent): void {
    if (event.type === 'StoreTaskCreated' || event.type === 'StoreTaskAssigned') this.place(event.id);
    else if (event.type === 'StoreTaskRemoved') this.remove(event.id);
  }

  /** In the order of their creation. */
  ofService(id: string): TaskRow[] {
    return this.rows(this.services.get(id));
  }

  onNode(id: string): TaskRow[] {
    return this.rows(this.nodes.get(id));
  }

  /** Services that have tasks, of whichever state. */
  serviceIds(): IterableIterator<string> {
    return this.services.keys();
  }

  /** The service of a task that was there, also once it is not any more. */
  serviceOf(task: string): string | undefined {
    return this.places.get(task)?.service;
  }

  private rows(ids: ReadonlySet<string> | undefined): TaskRow[] {
    const rows: TaskRow[] = [];
    for (const id of ids ?? []) {
      const row = this.tables.tasks.get(id);
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }

  private place(id: string): void {
    const { service, node } = this.tables.tasks.get(id)!;
    const before = this.places.get(id);
    if (before === undefined) {
      this.places.set(id, { service, node });
      inSet(this.services, service).add(id);
    } else {
      before.node = node;
    }
    if (node !== '') inSet(this.nodes, node).add(id);
  }

  private remove(id: string): void {
    const place = this.places.get(id);
    if (place === undefined) return;
    this.places.delete(id);
    outOf(this.services, place.service, id);
    outOf(this.nodes, place.node, id);
  }
}

function inSet(map: Map<string, Set<string>>, key: string): Set<string> {
  let set = map.get(key);
  if (set === undefined) map.set(key, set = new Set());
  return set;
}

function outOf(map: Map<string, Set<string>>, key: string, id: string): void {
  const set = map.get(key);
  set?.delete(id);
  if (set?.size === 0) map.delete(key);
}
