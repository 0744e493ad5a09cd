// Virtual time against the clock on the wall. Pace decides when a window is granted, never what happens in it.

import { MILLISECOND, NEVER, type SimTime } from '@netreel/sim';

/** `1x`: virtual time goes with the wall clock. `max`: it also runs ahead while somebody waits. */
export type Pace = '1x' | 'max';

/** A lab that has fallen behind by more than that does not run to catch up. */
const LAG_NS_MAX = 250 * MILLISECOND;

export class Pacer {
  private virtualBase: SimTime;
  private wallBaseMs: number;

  constructor(private readonly nowMs: () => number, from: SimTime) {
    this.virtualBase = from;
    this.wallBaseMs = nowMs();
  }

  /** The moment that the wall clock stands for. */
  now(): SimTime {
    return this.virtualBase + Math.round((this.nowMs() - this.wallBaseMs) * MILLISECOND);
  }

  /** Windows that begin before this may be granted. `ahead`: somebody waits, and need not. */
  limit(ahead: boolean): SimTime {
    return ahead ? NEVER : this.now() + 1;
  }

  /** After a window: where virtual time ran ahead, or fell far behind, the two clocks are set side by side again. */
  livedUntil(until: SimTime, dueAt: SimTime, ahead: boolean): void {
    const now = this.now();
    if (ahead && until > now) this.setBase(until);
    else if (dueAt < now - LAG_NS_MAX) this.setBase(Math.max(dueAt, until));
  }

  /** How long until a moment comes. Milliseconds. */
  waitMs(at: SimTime): number {
    return at >= NEVER ? Infinity : Math.max(0, (at - this.now()) / MILLISECOND);
  }

  private setBase(virtual: SimTime): void {
    this.virtualBase = virtual;
    this.wallBaseMs = this.nowMs();
  }
}
