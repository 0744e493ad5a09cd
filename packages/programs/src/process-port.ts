// What the process table asks of the node it runs on: a clock, an agenda, draws, sockets, and a look at the interfaces.

import type { PacketSocket, SocketFactory } from '@netreel/kernel';
import type { Handler, RandomStream, SimTime, Ticket } from '@netreel/sim';
import type { NetView } from './contract.js';

export interface ProcessPort {
  now(): SimTime;
  schedule<A>(at: SimTime, handler: Handler<A>, argument: A): Ticket;
  cancel(ticket: Ticket): void;
  random(purpose: string): RandomStream;
  sockets(netns: string): SocketFactory;
  /** `link` 0: every link of the namespace. */
  packetSocket(netns: string, link: number): PacketSocket;
  netView(netns: string, privileged: boolean): NetView;
}

/** Calls what it is given: for schedules that need no argument. */
export const CALL: Handler<() => void> = { fire: (action) => action() };
