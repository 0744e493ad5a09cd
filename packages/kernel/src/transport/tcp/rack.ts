// Which segments are lost, told by time: whatever was sent well before something that has arrived. RFC 8985.

import { MICROSECOND, MILLISECOND, type SimTime } from '@netreel/sim';
import type { Connection } from './connection.js';
import type { SentSegment } from './scoreboard.js';
import { after } from './sequence.js';

/** The fixed threshold that RFC 8985 section 6.2 step 4 keeps until reordering is seen. */
export const DUPLICATES = 3;
/** Section 6.2 step 4: RACK.reo_wnd_persist, and a ceiling for the steps. */
const PERSIST_RECOVERIES = 16;
const STEPS_MOST = 255;
/** A timer that fires at the very moment would find the last nanosecond missing. */
const SETTLE_NS = 2 * MILLISECOND;

/** What RACK knows of one connection (section 5.2). */
export class Rack {
  /** The sending that came last of all that have arrived. */
  sending = 0;
  rttNs = 0;
  advanced = false;
  reorderingSeen = false;
  steps = 1;
  private persist = 0;
  private widenedAt = 0;
  private duplicateSeen = false;

  /** Section 6.2 step 2: `segment` has arrived. */
  arrived(segment: SentSegment, now: SimTime, leastRttNs: number): void {
    const rttNs = now - segment.sentAt;
    // What was sent again may be acknowledged for its first sending.
    if (segment.everAgain && rttNs < leastRttNs) return;
    this.advanced = true;
    this.rttNs = rttNs;
    if (segment.sending > this.sending) this.sending = segment.sending;
  }

  /** Section 6.2 step 4: a segment that arrived twice was not lost; the window widens, once a round trip. */
  adapt(duplicate: boolean, una: number, nxt: number): void {
    if (duplicate && !this.duplicateSeen) {
      this.duplicateSeen = true;
      this.steps = Math.min(STEPS_MOST, this.steps + 1);
      this.persist = PERSIST_RECOVERIES;
      this.widenedAt = nxt;
    } else if (this.duplicateSeen && after(una, this.widenedAt)) {
      this.duplicateSeen = false;
    }
  }

  recoveryBegan(): void {
    if (this.persist > 0 && --this.persist === 0) this.steps = 1;
  }
}

/** Section 6.2 step 4: how much later than the round trip a segment may be. */
function reorderWindowNs(connection: Connection): number {
  const { rack, roundTrip, sent, recovery } = connection;
  if (!rack.reorderingSeen && (recovery.isRepairing || sent.sackedCount >= DUPLICATES)) return 0;
  const window = Math.floor(Math.max(0, roundTrip.leastNs) / 4) * rack.steps;
  return Math.min(window, Math.floor(Math.max(0, roundTrip.smoothNs) / 8));
}

/** Section 6.2 step 5: marks what is late. Answers in how long the next one may be; 0 for none. */
export function markLate(connection: Connection): number {
  const { rack, sent, side } = connection;
  const now = side.core.port.now();
  const windowNs = reorderWindowNs(connection);
  let waitNs = 0;
  for (let segment = sent.oldest; segment !== undefined;) {
    const { newer } = segment;
    // RACK_sent_after of section 5.1; in virtual time much is sent at one moment, so sendings are numbered.
    if (segment.sending > rack.sending) break;
    const leftNs = segment.sentAt + rack.rttNs + windowNs - now;
    if (leftNs > 0) waitNs = Math.max(waitNs, leftNs);
    else loseSegment(connection, segment);
    segment = newer;
  }
  return waitNs;
}

/** After an acknowledgment. */
export function detectLosses(connection: Connection): void {
  const { rack } = connection;
  if (!rack.advanced) return;
  rack.advanced = false;
  const waitNs = markLate(connection);
  if (waitNs > 0) connection.armSender('reorder', waitNs + SETTLE_NS);
}

/** Section 6.3 leaves those alone that were sent a moment ago: what is sent again after a timeout is what is old. */
export function isRecent(connection: Connection, segment: SentSegment): boolean {
  return segment.sentAt + connection.rack.rttNs > connection.side.core.port.now() + MICROSECOND;
}

export function loseSegment(connection: Connection, segment: SentSegment): void {
  if (segment.sacked) return;
  const wasUnderWay = segment.underWayAgain;
  if (connection.sent.lose(segment)) connection.news.lost++;
  if (wasUnderWay) connection.news.lostAgain = true;
}
