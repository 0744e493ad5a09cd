// When what has arrived is acknowledged: at once, with data that go back, or a little later. RFC 9293 section 3.8.6.3,
// RFC 5681 section 4.2; how long is Linux's: a connection that begins, or has stumbled, acknowledges at once.

import { MILLISECOND, type SimTime } from '@netreel/sim';
import type { Connection } from './connection.js';
import { distance } from './sequence.js';
import { sendAck } from './transmit.js';

/** TCP_ATO_MIN and TCP_DELACK_MAX. */
const DELAY_LEAST_NS = 40 * MILLISECOND;
const DELAY_MOST_NS = 200 * MILLISECOND;
/** TCP_MAX_QUICKACKS. */
const QUICK_MOST = 16;
const SEGMENT_GUESS_BYTES = 536;

/** How one connection acknowledges. */
export class Acknowledging {
  /** The next look acknowledges, whatever else holds. */
  now = false;
  /** Something waits to be acknowledged. */
  waiting = false;
  /** The other side said that it has nothing more for the moment. */
  pushed = false;
  /** What comes is answered with data of one's own: those take the acknowledgment along. */
  answers = false;
  /** So many are still sent at once. */
  quick = 0;
  private delayNs = 0;
  private lastDataAt: SimTime = -1;
  private segmentBytes = SEGMENT_GUESS_BYTES;

  /** Data have arrived. */
  arrived(bytes: number, pushed: boolean, now: SimTime, timeoutNs: number): void {
    this.waiting = true;
    if (bytes > this.segmentBytes) this.segmentBytes = bytes;
    if (pushed) this.pushed = true;
    const gapNs = now - this.lastDataAt;
    if (this.lastDataAt < 0) {
      this.delayNs = DELAY_LEAST_NS;
      this.quick = QUICK_MOST;
    } else if (gapNs <= DELAY_LEAST_NS / 2) {
      this.delayNs = Math.floor((this.delayNs + DELAY_LEAST_NS) / 2);
    } else if (gapNs < this.delayNs) {
      this.delayNs = Math.min(timeoutNs, Math.floor(this.delayNs / 2) + gapNs);
    } else if (gapNs > timeoutNs) {
      this.quick = QUICK_MOST;
    }
    this.lastDataAt = now;
  }

  /** Out of the ordinary: the sender wants to know. */
  hurry(): void {
    this.now = true;
    this.answers = false;
    this.quick = QUICK_MOST;
    this.delayNs = DELAY_LEAST_NS;
  }

  /** Data go out. */
  dataSent(now: SimTime): void {
    if (this.lastDataAt >= 0 && now - this.lastDataAt < this.delayNs) this.answers = true;
  }

  /** An acknowledgment has left, by itself or with data. */
  sent(): void {
    this.now = this.waiting = this.pushed = false;
    if (this.quick > 0) this.quick--;
  }

  /** Whether it is time, `bytes` being new since the last one. */
  isDue(bytes: number): boolean {
    return this.now || bytes > this.segmentBytes || (this.quick > 0 && !this.answers);
  }

  get waitNs(): number {
    return Math.min(Math.max(this.delayNs, DELAY_LEAST_NS), DELAY_MOST_NS);
  }
}

/** After a segment. */
export function acknowledge(connection: Connection): void {
  const { acknowledging } = connection;
  if (!acknowledging.waiting && !acknowledging.now) return;
  if (connection.outOfOrder.count > 0
    || acknowledging.isDue(distance(connection.rcvNxt, connection.acknowledgedTo))) return sendAck(connection);
  if (connection.acknowledgeTimer.armed) return;
  connection.acknowledgeTimer.arm(connection.side.core.port.now() + acknowledging.waitNs);
}

/** The delayed acknowledgment is due. */
export function acknowledgeDue(connection: Connection): void {
  if (connection.acknowledging.waiting) sendAck(connection);
}

/** The program has read all: who was told that nothing follows need not wait. */
export function acknowledgeRead(connection: Connection): void {
  const { acknowledging } = connection;
  if (acknowledging.waiting && acknowledging.pushed && !acknowledging.answers) sendAck(connection);
}
