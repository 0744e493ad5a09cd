// The one list of all tables whose records enter a history. A room that records something stands here with its table.

import { engineEvents } from '@netreel/engine';
import { hostEvents, hostInputs, underlayMessages } from '@netreel/host';
import { gossipEvents, memberEvents, overlayMessages, raftEvents, storeEvents } from '@netreel/overlay';
import { kernelEvents } from '@netreel/kernel';
import { type RecordTable, runInputs } from '@netreel/sim';
import { createCodec, type Codec } from './codec.js';

export interface Room {
  readonly name: string;
  /** For the head of its .proto file. */
  readonly about: string;
  readonly table: RecordTable;
}

/** In the order of the house, wire to world. */
export const rooms: readonly Room[] = [
  { name: 'run', about: 'What reaches every node of a run alike.', table: runInputs },
  { name: 'kernel', about: 'Changes of the tables of one simulated Linux kernel.', table: kernelEvents },
  { name: 'engine', about: 'Changes of what one Docker engine keeps.', table: engineEvents },
  { name: 'store', about: 'Changes of what spans hosts and has one truth: the coordinator\'s tables.',
    table: storeEvents },
  { name: 'raft', about: 'What one manager of a swarm keeps of the agreement with the others.', table: raftEvents },
  { name: 'member', about: 'What a host knows of the swarm that it is in.', table: memberEvents },
  { name: 'gossip', about: 'Changes of one host\'s copy of what spans hosts and agrees in time.', table: gossipEvents },
  { name: 'overlay', about: 'What hosts and the coordinator say to each other over the underlay.',
    table: overlayMessages },
  { name: 'input', about: 'What reaches a node from outside a lab.', table: hostInputs },
  { name: 'host', about: 'What a host answers to outside, and its fault rules.', table: hostEvents },
  { name: 'underlay', about: 'What crosses the underlay\'s wire.', table: underlayMessages },
];

/** Writes and reads every record of a history. */
export const historyCodec: Codec = createCodec(rooms.map((room) => room.table));
