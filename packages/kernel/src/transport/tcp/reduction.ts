// How the congestion window shrinks: to what CUBIC says, in proportion to what arrives (RFC 6937, Proportional Rate
// Reduction), and the memory of what it was, should the loss prove to be none.

import type { Connection } from './connection.js';

export const WINDOW_UNLIMITED = 0x7fff_ffff;

/** A reduction that is under way. */
export class Reduction {
  /** RecoverFS of RFC 6937. */
  private flight = 0;
  private delivered = 0;
  /** prr_out: what was sent since it began. */
  sentSince = 0;

  begin(flight: number): void {
    this.flight = flight;
    this.delivered = this.sentSince = 0;
  }

  /** RFC 6937 section 3.1: the window after `delivered` more segments have arrived. */
  window(threshold: number, inFlight: number, delivered: number, progress: boolean): number {
    if (delivered <= 0 || this.flight === 0) return -1;
    this.delivered += delivered;
    const room = threshold - inFlight;
    let count: number;
    if (room < 0) {
      count = Math.floor((threshold * this.delivered + this.flight - 1) / this.flight) - this.sentSince;
    } else {
      // The slow-start bound, and one more where no further loss shows (RFC 6937bis).
      count = Math.min(room, Math.max(this.delivered - this.sentSince, delivered) + (progress ? 1 : 0));
    }
    // The first one goes at once.
    return inFlight + Math.max(count, this.sentSince > 0 ? 0 : 1);
  }
}

/** A loss was seen: the window is going to shrink. */
export function beginReduction(connection: Connection): void {
  connection.probeEnd = -1;
  connection.cubic.clearCredit();
  rememberWindow(connection);
  connection.reduction.begin(connection.cwnd);
  connection.ssthresh = connection.cubic.reduce(connection.cwnd);
}

/** What a false alarm gives back. */
export function rememberWindow(connection: Connection): void {
  const { undo } = connection;
  undo.window = connection.cwnd;
  undo.threshold = currentThreshold(connection);
}

export function endReduction(connection: Connection): void {
  if (connection.ssthresh < WINDOW_UNLIMITED) connection.cwnd = connection.ssthresh;
}

/** One loss that a probe of the tail repaired by itself. */
export function reduceOnce(connection: Connection): void {
  beginReduction(connection);
  endReduction(connection);
  connection.undo.end();
}

/** Where the window was on its way to, whatever it is at this moment. */
export function currentThreshold(connection: Connection): number {
  const { cwnd, ssthresh } = connection;
  return Math.max(ssthresh, (cwnd >> 1) + (cwnd >> 2));
}
