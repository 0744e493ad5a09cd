// The one list of all tables whose records enter a history. A room that records something stands here with its table.

import { engineEvents } from '@netreel/engine';
import { kernelEvents } from '@netreel/kernel';
import type { RecordTable } from '@netreel/sim';
import { createCodec, type Codec } from './codec.js';

export interface Room {
  readonly name: string;
  /** For the head of its .proto file. */
  readonly about: string;
  readonly table: RecordTable;
}

/** In the order of the house, wire to world. */
export const rooms: readonly Room[] = [
  { name: 'kernel', about: 'Changes of the tables of one simulated Linux kernel.', table: kernelEvents },
  { name: 'engine', about: 'Changes of what one Docker engine keeps.', table: engineEvents },
];

/** Writes and reads every record of a history. */
export const historyCodec: Codec = createCodec(rooms.map((room) => room.table));
