// Something that the leader sees to as long as it leads: allocation, scheduling, heartbeats … A duty keeps nothing that
// the tables do not hold, so that the next leader can take it over by looking at them.

import type { Handler, RandomStream, SimTime, Ticket } from '@netreel/sim';
import type { StoreEvent } from '../events.js';
import type { OverlayMessage } from '../messages.js';
import type { StoreTables } from '../store/tables.js';
import type { Transaction } from './ledger.js';

export interface Duty {
  /** This node leads from now on: see what there is to do. */
  begin(): void;
  /** It leads no more: let go of all timers. */
  end(): void;
  /** Changes were settled and applied. */
  changed(events: readonly StoreEvent[]): void;
  /** A message that only the leader heeds; false when it is none of this duty's. */
  heard?(source: number, message: OverlayMessage): boolean;
}

/** What a duty may do. */
export interface DutyPort {
  readonly tables: StoreTables;
  now(): SimTime;
  schedule<A>(at: SimTime, handler: Handler<A>, argument: A): Ticket;
  cancel(ticket: Ticket): void;
  random(purpose: string): RandomStream;
  newId(kind: string, digits?: number): string;
  submit(decide: Transaction, settled?: () => void): void;
  send(target: number, message: OverlayMessage): void;
}
