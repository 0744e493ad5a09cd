// What the agreement asks of the node it runs on.

import type { Handler, Json, RandomStream, SimTime, Ticket } from '@netreel/sim';
import type { RaftEvent } from './events.js';
import type { RaftMessage } from './messages.js';

export interface RaftPort {
  /** Index of this node. */
  readonly node: number;
  now(): SimTime;
  schedule<A>(at: SimTime, handler: Handler<A>, argument: A): Ticket;
  cancel(ticket: Ticket): void;
  random(purpose: string): RandomStream;
  emit(event: RaftEvent): void;
  send(target: number, message: RaftMessage): void;
  /** An entry with changes is settled; called for each, in order, on every member. */
  apply(changes: Json): void;
  /** This node has begun to lead, all that was settled before is applied; or it leads no more. */
  leads(leading: boolean): void;
  /** A change of the members is settled. */
  reformed(): void;
  /** What the applied entries led to; {@link restore} brings another member's tables there. */
  snapshot(): Json;
  restore(state: Json): void;
}
