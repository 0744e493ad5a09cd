// A node of the overlay service: a manager of its lab's hosts as long as they are in no swarm of their own. It has no
// kernel: its messages cross the underlay like everybody's.

import {
  ControlPlane, type ControlTables, type OverlayMessage, type RaftEvent, type StoreEvent, emptyRaftTables,
  emptyStoreTables, evolveRaft, evolveStore, raftEvents,
} from '@netreel/overlay';
import { type AnyRecord, type Behaviour, type Envelope, type Machine, SECOND } from '@netreel/sim';
import type { FramePool } from '@netreel/wire';
import { type FaultRules, decideFault, evolveFaults } from './faults.js';
import { nodesOfKind, timeOf } from './swarm-side.js';
import { Uplink } from './uplink.js';

const GATHER_NS = SECOND;

export class OverlayNode implements Behaviour {
  readonly tables = emptyOverlayTables();
  readonly control: ControlPlane;
  private readonly uplink: Uplink;

  constructor(private readonly machine: Machine, pool: FramePool) {
    this.uplink = new Uplink(machine, pool, this.tables.faults);
    this.control = new ControlPlane({
      ...timeOf(machine),
      node: machine.index,
      nodes: machine.lab.nodes,
      newId: (kind, digits) => machine.newId(kind, digits),
      emit: (event) => machine.emit(event),
      send: (target, message) => this.send(target, message),
    }, this.tables, true);
  }

  /** The first node of the service founds the cluster and names the others; those say when they are there. */
  boot(): void {
    const { machine } = this;
    const { lab } = machine;
    const service = nodesOfKind(lab, 'overlay');
    const [founder] = service;
    if (founder === machine.index) {
      this.control.found({}, [
        ...service.map((index) => ({ index, role: 'manager' as const, availability: 'drain' })),
        ...nodesOfKind(lab, 'host').map((index) => ({ index, role: 'worker' as const, availability: 'active' })),
      ]);
      return;
    }
    this.gather(founder!);
  }

  /** Asks until the answer is there: the underlay may lose it. */
  private gather(founder: number): void {
    const { machine } = this;
    if (this.control.isMember) return;
    this.send(founder, { type: 'StoreAsked', request: 1, operation: 'ReadyToManage', body: null });
    machine.schedule(machine.now() + GATHER_NS, { fire: () => this.gather(founder) }, undefined);
  }

  onInput(body: AnyRecord): void {
    const event = decideFault(this.tables.faults, body);
    if (event !== undefined) this.machine.emit(event);
  }

  onEnvelope(envelope: Envelope): void {
    this.receive(envelope.source, envelope.body as OverlayMessage);
  }

  evolve(event: AnyRecord): void {
    evolveOverlay(this.tables, event);
  }

  private receive(source: number, message: OverlayMessage): void {
    // Said by the founder: the cluster that this node is to be told of.
    if (message.type === 'StoreAnswered') {
      const { value } = message.body as { value?: { cluster?: string } };
      if (value?.cluster !== undefined && !this.control.isMember) this.control.await(value.cluster);
      return;
    }
    this.control.onMessage(source, message);
  }

  private send(target: number, message: OverlayMessage): void {
    const { machine } = this;
    if (target !== machine.index) this.uplink.message(target, message as AnyRecord);
    else machine.schedule(machine.now(), { fire: () => this.receive(target, message) }, undefined);
  }
}

export interface OverlayTables extends ControlTables {
  readonly faults: FaultRules;
}

export function emptyOverlayTables(): OverlayTables {
  return { raft: emptyRaftTables(), store: emptyStoreTables(), faults: new Map() };
}

/** Applies one event to the tables of a node of the overlay service. */
export function evolveOverlay(tables: OverlayTables, event: AnyRecord): void {
  if (evolveFaults(tables.faults, event)) return;
  if (Object.hasOwn(raftEvents, event.type)) evolveRaft(tables.raft, event as RaftEvent);
  else evolveStore(tables.store, event as StoreEvent);
}
