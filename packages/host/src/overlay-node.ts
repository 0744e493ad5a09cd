// The overlay coordinator: keeps what spans hosts. It has no kernel: its messages cross the underlay like everybody's.

import { Store, type StoreEvent, emptyStoreTables, evolveStore } from '@netreel/overlay';
import type { AnyRecord, Behaviour, Envelope, Machine } from '@netreel/sim';
import type { FramePool } from '@netreel/wire';
import type { FaultRule } from './faults.js';
import type { HostInput } from './records.js';
import { Uplink } from './uplink.js';

export class OverlayNode implements Behaviour {
  readonly tables = { store: emptyStoreTables(), faults: new Map<string, FaultRule>() };
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
    const input = body as HostInput;
    if (input.type === 'FaultOrdered') this.machine.emit({ type: 'FaultAdded', rule: input.rule } as AnyRecord);
    else if (input.type === 'FaultLifted' && this.tables.faults.has(input.id)) {
      this.machine.emit({ type: 'FaultRemoved', id: input.id } as AnyRecord);
    }
  }

  onEnvelope(envelope: Envelope): void {
    this.store.onMessage(envelope.source, envelope.body);
  }

  evolve(event: AnyRecord): void {
    evolveOverlay(this.tables, event);
  }
}

export interface OverlayTables {
  readonly store: ReturnType<typeof emptyStoreTables>;
  readonly faults: Map<string, FaultRule>;
}

/** Applies one event to the tables of the coordinator. */
export function evolveOverlay(tables: OverlayTables, event: AnyRecord): void {
  if (event.type === 'FaultAdded') {
    const { rule } = event as unknown as { rule: FaultRule };
    tables.faults.set(rule.id, rule);
  } else if (event.type === 'FaultRemoved') {
    tables.faults.delete((event as unknown as { id: string }).id);
  } else {
    evolveStore(tables.store, event as StoreEvent);
  }
}
