// Questions before something is thrown away. Nobody is there to answer: the real client, too, takes the end of its
// input for a no.

import type { Output } from './output.js';

/** Whether to go on; asks when `force` was not typed. */
export function confirmed(output: Output, force: boolean, warning: string): boolean {
  if (force) return true;
  output.write('stdout', `${warning}\nAre you sure you want to continue? [y/N] `);
  return false;
}

/** What was thrown away: what to say of it, and how much room it took. */
export interface Pruned {
  readonly text: string;
  readonly bytes: number;
}
