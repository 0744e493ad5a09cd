// When slow start has gone far enough, before it loses half a window: HyStart (Ha and Rhee 2011; RFC 9406 section 4.2
// for the delay). Two signs: the acknowledgments of one round come as a train as long as half the path, or the round
// trip of this round is longer than it was.

import { MICROSECOND, MILLISECOND, type SimTime } from '@netreel/sim';
import { after } from './sequence.js';

/** RFC 9406: LOW_CWND, N_RTT_SAMPLE, MIN_RTT_THRESH, MAX_RTT_THRESH, with the numbers of Linux. */
const LEAST_WINDOW = 16;
const SAMPLES = 8;
const LEAST_THRESHOLD_NS = 4 * MILLISECOND;
const MOST_THRESHOLD_NS = 16 * MILLISECOND;
/** Acknowledgments closer than this are of one train. */
const TRAIN_GAP_NS = 2000 * MICROSECOND;

export class SlowStart {
  private ends = 0;
  private beganAt: SimTime = 0;
  private lastAckAt: SimTime = 0;
  private roundNs = -1;
  private samples = 0;
  private running = false;

  /** The next acknowledgment begins a round. */
  restart(): void {
    this.running = false;
  }

  /** True when slow start should end with what the acknowledgment of `una` tells. */
  isEnough(window: number, una: number, nxt: number, now: SimTime, rttNs: number, leastRttNs: number): boolean {
    if (!this.running || after(una, this.ends)) this.begin(nxt, now);
    if (window < LEAST_WINDOW) return false;
    if (now - this.lastAckAt <= TRAIN_GAP_NS) {
      this.lastAckAt = now;
      if (now - this.beganAt > leastRttNs / 2) return true;
    }
    if (this.roundNs < 0 || rttNs < this.roundNs) this.roundNs = rttNs;
    if (this.samples < SAMPLES) {
      this.samples++;
      return false;
    }
    const threshold = Math.max(LEAST_THRESHOLD_NS, Math.min(MOST_THRESHOLD_NS, Math.floor(leastRttNs / 8)));
    return this.roundNs > leastRttNs + threshold;
  }

  private begin(nxt: number, now: SimTime): void {
    this.running = true;
    this.ends = nxt;
    this.beganAt = this.lastAckAt = now;
    this.roundNs = -1;
    this.samples = 0;
  }
}
