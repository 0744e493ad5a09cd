// What every command gets: where things are, where its words go.

import type { Places } from '../places.js';

export interface CommandContext {
  readonly places: Places;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether standard output is a terminal that shows colours. */
  readonly colour: boolean;
  readonly notice: (text: string) => void;
  /** What the process will end with. */
  exit: (status: number) => void;
}
