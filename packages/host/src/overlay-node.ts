// The overlay coordinator: keeps what spans hosts. It has no kernel: its messages cross the underlay like everybody's.

import { Store, type StoreAsked, type StoreEvent, emptyStoreTables, evolveStore } from '@netreel/overlay';
import type { AnyRecord, Behaviour, Envelope, Machine } from '@netreel/sim';
import type { FramePool } from '@netreel/wire';
import { type FaultRules, decideFault, evolveFaults } from './faults.js';
import { Uplink } from './uplink.js';

export class OverlayNode implements Behaviour {
  readonly tables = emptyOverlayTables();
  readonly store: Store;
  private readonly uplink: Uplink;

  constructor(private readonly machine: Machine, pool: FramePool) {
    this.uplink = new Uplink(machine, pool, this.tables.faults);
    this.store = new Store({
      now: () => machine.now(),
      emit: (event: StoreEvent) => machine.emit(event),
      send: (target, message) => this.uplink.message(target, message),
      newId: (kind, digits) => machine.newId(kind, digits),
      nodes: machine.lab.nodes,
    }, this.tables.store);
  }

  boot(): void {
    this.store.boot();
  }

  onInput(body: AnyRecord): void {
    const event = decideFault(this.tables.faults, body);
    if (event !== undefined) this.machine.emit(event);
  }

  onEnvelope(envelope: Envelope): void {
    this.store.onMessage(envelope.source, envelope.body as StoreAsked);
  }

  evolve(event: AnyRecord): void {
    evolveOverlay(this.tables, event);
  }
}

export interface OverlayTables {
  readonly store: ReturnType<typeof emptyStoreTables>;
  readonly faults: FaultRules;
}

export function emptyOverlayTables(): OverlayTables {
  return { store: emptyStoreTables(), faults: new Map() };
}

/** Applies one event to the tables of the coordinator. */
export function evolveOverlay(tables: OverlayTables, event: AnyRecord): void {
  if (!evolveFaults(tables.faults, event)) evolveStore(tables.store, event as StoreEvent);
}
