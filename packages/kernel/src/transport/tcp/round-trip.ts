// Round-trip times and the timeout that follows from them. RFC 6298 section 2.

import { MILLISECOND, MINUTE, SECOND, type SimTime } from '@netreel/sim';

/** TCP_RTO_MIN of Linux; RFC 6298 (2.4) would have a second. */
export const RTO_LEAST_NS = 200 * MILLISECOND;
export const RTO_MOST_NS = 120 * SECOND;
/** (2.1). */
const RTO_FIRST_NS = SECOND;
/** net.ipv4.tcp_min_rtt_wlen. */
const LEAST_AGE_NS = 5 * MINUTE;

/** What one connection knows of its path. */
export class RoundTrip {
  /** -1: no sample yet. */
  smoothNs = -1;
  /** The least one of late. */
  leastNs = -1;
  /** (5.5) is left to whoever arms the timer. */
  timeoutNs = RTO_FIRST_NS;
  private varianceNs = 0;
  private leastAt: SimTime = 0;

  /** (2.2), (2.3): one measurement. As in Linux the variance alone has a floor, not the whole. */
  sample(ns: number, now: SimTime): void {
    if (this.leastNs < 0 || ns <= this.leastNs || now - this.leastAt > LEAST_AGE_NS) {
      this.leastNs = ns;
      this.leastAt = now;
    }
    if (this.smoothNs < 0) {
      this.smoothNs = ns;
      this.varianceNs = Math.floor(ns / 2);
    } else {
      const error = Math.abs(this.smoothNs - ns);
      this.varianceNs = Math.floor((3 * this.varianceNs + error) / 4);
      this.smoothNs = Math.floor((7 * this.smoothNs + ns) / 8);
    }
    this.timeoutNs = Math.min(RTO_MOST_NS, this.smoothNs + Math.max(RTO_LEAST_NS, 4 * this.varianceNs));
  }
}
