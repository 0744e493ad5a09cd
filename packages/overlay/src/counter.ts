// Numbers that must keep growing although nothing of them is stored.

import { MICROSECOND, type SimTime } from '@netreel/sim';

/**
 * Below the first number that a counter made at `now` may give out. A host that lost its memory counts on above all
 * that it said before, because it never said more than one thing a microsecond.
 */
export function counterFloor(now: SimTime): number {
  return Math.floor(now / MICROSECOND);
}
