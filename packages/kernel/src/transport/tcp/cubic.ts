// How the congestion window grows: CUBIC, RFC 9438, in whole numbers with the parameters of Linux (beta 717/1024,
// C 410/1024 of a segment a cubed second). Time is counted in 1/1024 of a second.

import { SECOND, type SimTime } from '@netreel/sim';

const BETA = 717;
const UNIT = 1024;
/** C in 1/1024. */
const C = 410;
/** Section 4.3: alpha, 3 (1 - beta) / (1 + beta) = 8/15, says how fast the Reno-friendly estimate grows. */
const ALPHA_INVERSE_EIGHTHS = 15;
const FEWEST_SEGMENTS = 2;
/** How often the curve is looked at while the window stands still. */
const GLANCE_NS = 31 * 1_000_000;
/** Farther from K than this the cube would leave the whole numbers that are exact. */
const OFFSET_MOST = 200_000;
const TWO_TO_20 = 0x10_0000;

/** What CUBIC remembers of one connection. Windows are in segments. */
export class Cubic {
  /** Segments acknowledged that did not make the window grow yet. */
  private credit = 0;
  /** How many acknowledged segments make it one larger. */
  private every = 1;
  private mostWindow = 0;
  private origin = 0;
  /** When the plateau is reached, counted from the epoch's begin. */
  private kUnits = 0;
  private epochAt: SimTime = -1;
  private friendlyWindow = 0;
  private friendlyCredit = 0;
  private glancedAt: SimTime = 0;
  private glancedWindow = 0;

  /** Section 4.6 and 4.7 (fast convergence): the slow-start threshold after a loss at `window`. */
  reduce(window: number): number {
    this.epochAt = -1;
    this.mostWindow = window < this.mostWindow ? Math.floor(window * (UNIT + BETA) / (2 * UNIT)) : window;
    return Math.max(Math.floor(window * BETA / UNIT), FEWEST_SEGMENTS);
  }

  /** Section 4.8: a timeout begins anew. */
  forget(): void {
    this.mostWindow = this.origin = this.kUnits = 0;
    this.friendlyWindow = this.friendlyCredit = this.glancedWindow = 0;
    this.every = 1;
    this.epochAt = -1;
  }

  clearCredit(): void {
    this.credit = 0;
  }

  /** The sender was idle for that long: the curve waits for it (section 5.8). */
  slept(ns: number): void {
    if (this.epochAt >= 0) this.epochAt += ns;
  }

  /** Section 4.2 to 4.5, congestion avoidance: by how much `window` grows when `acked` more segments have arrived. */
  grow(window: number, acked: number, now: SimTime, rttNs: number): number {
    this.friendlyCredit += acked;
    if (this.glancedWindow !== window || now - this.glancedAt > GLANCE_NS) this.look(window, acked, now, rttNs);
    let { credit } = this;
    let grown = 0;
    // Credit from before, when each step took more, counts for one step.
    if (credit >= this.every) {
      credit = 0;
      grown = 1;
    }
    credit += acked;
    const steps = Math.floor(credit / this.every);
    this.credit = credit - steps * this.every;
    return grown + steps;
  }

  private look(window: number, acked: number, now: SimTime, rttNs: number): void {
    if (this.epochAt < 0) this.begin(window, acked, now);
    this.glancedAt = now;
    this.glancedWindow = window;
    const target = this.windowAt(now + rttNs);
    this.every = target > window ? Math.floor(window / (target - window)) : 100 * window;
    // Before the first loss nothing is known of the path: 5 % a round trip at least.
    if (this.mostWindow === 0 && this.every > 20) this.every = 20;
    this.befriend(window);
    // Section 4.4: no target above one and a half windows.
    if (this.every < 2) this.every = 2;
  }

  private begin(window: number, acked: number, now: SimTime): void {
    this.epochAt = now;
    this.friendlyCredit = acked;
    this.friendlyWindow = window;
    if (this.mostWindow <= window) {
      this.kUnits = 0;
      this.origin = window;
    } else {
      // Section 4.2, figure 2: K is the cube root of (W_max - cwnd) / C; 2^40 = 1024^3 units * 1024 of C.
      this.kUnits = cubeRoot(Math.floor((this.mostWindow - window) * 0x100_0000_0000 / C));
      this.origin = this.mostWindow;
    }
  }

  /** Section 4.2, figure 1: W_cubic(t) = C (t - K)^3 + W_max. */
  private windowAt(at: SimTime): number {
    const offset = Math.floor((at - this.epochAt) * UNIT / SECOND) - this.kUnits;
    const far = Math.min(Math.abs(offset), OFFSET_MOST);
    const delta = Math.floor(Math.floor(far * far * far / TWO_TO_20) * C / TWO_TO_20);
    return offset < 0 ? this.origin - delta : this.origin + delta;
  }

  /** Section 4.3: never slower than Reno would be. */
  private befriend(window: number): void {
    const perSegment = Math.max(1, (window * ALPHA_INVERSE_EIGHTHS) >> 3);
    const steps = Math.floor(Math.max(0, this.friendlyCredit - 1) / perSegment);
    this.friendlyCredit -= steps * perSegment;
    this.friendlyWindow += steps;
    const ahead = this.friendlyWindow - window;
    if (ahead > 0) this.every = Math.min(this.every, Math.floor(window / ahead));
  }
}

/** The largest whole number whose cube is at most `value`. */
export function cubeRoot(value: number): number {
  let low = 0;
  let high = 208_063;
  while (low < high) {
    const middle = Math.floor((low + high + 1) / 2);
    if (middle * middle * middle <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
