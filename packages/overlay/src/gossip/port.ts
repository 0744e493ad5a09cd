// What gossip asks of the host around it.

import type { Handler, NodeSpec, RandomStream, SimTime, Ticket } from '@netreel/sim';
import type { GossipEvent } from '../events.js';
import type { GossipMessage } from '../messages.js';

export interface GossipPort {
  /** Index of this host. */
  readonly node: number;
  /** All nodes of the lab; those of kind `host` take part. */
  readonly nodes: readonly NodeSpec[];
  now(): SimTime;
  schedule<A>(at: SimTime, handler: Handler<A>, argument: A): Ticket;
  cancel(ticket: Ticket): void;
  random(purpose: string): RandomStream;
  /** Records the event and applies it to the tables. The host reprograms what follows from them. */
  emit(event: GossipEvent): void;
  send(target: number, message: GossipMessage): void;
}
