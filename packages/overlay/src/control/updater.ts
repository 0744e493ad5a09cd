// The duty that brings tasks in line with a changed service: so many slots at a time, each watched for a while; too
// many failures pause the update or take it back (swarmkit, updater). Which update runs follows from the tables: a new
// leader takes up what the last one left.

import { startOperation } from '@netreel/sim';
import type { StoreEvent } from '../events.js';
import type { ServiceRow } from '../store/swarm-objects.js';
import type { Duty, DutyPort } from './duty.js';
import { Plan, isDirty } from './plan.js';
import { RollingUpdate } from './rolling-update.js';
import type { TaskIndex } from './task-index.js';
import { Waits } from './waits.js';

/** States in which an update stands until somebody changes the service again. */
const STANDING = new Set(['paused', 'rollback_paused', 'completed', 'rollback_completed']);

interface Running {
  readonly specVersion: number;
  readonly abandon: () => void;
}

export class Updater implements Duty {
  private readonly running = new Map<string, Running>();
  private readonly waits: Waits;

  constructor(private readonly port: DutyPort, private readonly index: TaskIndex) {
    this.waits = new Waits(port);
  }

  begin(): void {
    for (const service of this.port.tables.services.values()) this.check(service);
  }

  end(): void {
    for (const { abandon } of this.running.values()) abandon();
    this.running.clear();
    this.waits.clear();
  }

  changed(events: readonly StoreEvent[]): void {
    for (const event of events) {
      if (event.type === 'StoreServiceRemoved') this.abandon(event.id);
      if (event.type !== 'StoreServiceUpdated' && event.type !== 'StoreServiceAllocated') continue;
      const service = this.port.tables.services.get(event.id);
      if (service !== undefined) this.check(service);
    }
    this.waits.look();
  }

  private check(service: ServiceRow): void {
    const before = this.running.get(service.id);
    if (before?.specVersion === service.specVersion) return;
    this.abandon(service.id);
    const { updateStatus } = service;
    if (STANDING.has(String(updateStatus?.['State']))) return;
    const plan = new Plan(this.port);
    const dirty = this.index.ofService(service.id).some((task) => plan.isRunnable(task) && isDirty(task, service));
    if (!dirty && updateStatus === null) return;
    const update = new RollingUpdate(this.port, this.index, this.waits, service);
    // It may end at once: then there is nothing to remember.
    let ended = false;
    const abandon = startOperation(update.run(), () => {
      ended = true;
      this.running.delete(service.id);
    });
    if (!ended) this.running.set(service.id, { specVersion: service.specVersion, abandon });
  }

  private abandon(service: string): void {
    this.running.get(service)?.abandon();
    this.running.delete(service);
  }
}
