// Probes of the tail: when nothing comes back for two round trips, one segment asks, so that what was lost at the end
// shows as a gap and need not wait for the timeout. RFC 8985 section 7.

import { MILLISECOND, SECOND } from '@netreel/sim';
import type { Connection } from './connection.js';
import { RTO_LEAST_NS } from './round-trip.js';
import { reduceOnce } from './reduction.js';
import { resend, sendFresh } from './send.js';
import { after, before } from './sequence.js';

/** Two clock ticks of Linux: timers need some slack. */
const SLACK_NS = 8 * MILLISECOND;
const FIRST_NS = SECOND;

/** TLP_calc_PTO and the conditions of section 7.2. True when the probe's timer was started. */
export function armTailProbe(connection: Connection): boolean {
  const { sent, recovery, roundTrip } = connection;
  if (!connection.sack || sent.count === 0 || recovery.phase !== 'open') return false;
  let waitNs = FIRST_NS;
  if (roundTrip.smoothNs >= 0) {
    // A lone segment's acknowledgment may be delayed.
    waitNs = 2 * roundTrip.smoothNs + (sent.count === 1 ? RTO_LEAST_NS : SLACK_NS);
  }
  connection.armSender('probe', Math.min(waitNs, leftOfTimeout(connection)));
  return true;
}

/** How long until the retransmission timeout of the first segment. */
export function leftOfTimeout(connection: Connection): number {
  const { sent, side } = connection;
  const left = sent.at(0).sentAt + connection.timeoutNs - side.core.port.now();
  return left > 0 ? left : 1;
}

/** Section 7.3: new data if there are any and the peer takes them, the last segment otherwise. */
export function tailProbeDue(connection: Connection): void {
  const { sent } = connection;
  // One probe at a time: the timeout has the next word.
  if (connection.probeEnd < 0) {
    const had = sent.count;
    if (!sendFresh(connection) && sent.count > 0) {
      resend(connection, sent.count - 1);
      connection.probeWasAgain = true;
    } else {
      connection.probeWasAgain = sent.count === had;
    }
    connection.probeEnd = connection.nxt;
  }
  if (sent.count > 0) connection.armSender('timeout', connection.timeoutNs);
}

/** Section 7.4.2: whether the probe repaired a loss, which the window must answer for. */
export function tailProbeAnswered(connection: Connection, acknowledgment: number, duplicate: boolean,
  changedNothing: boolean): void {
  const { probeEnd } = connection;
  if (probeEnd < 0 || before(acknowledgment, probeEnd)) return;
  if (!connection.probeWasAgain || duplicate) {
    connection.probeEnd = -1;
  } else if (after(acknowledgment, probeEnd)) {
    // The segment was lost, and what was sent again took its place.
    reduceOnce(connection);
    connection.probeEnd = -1;
  } else if (changedNothing) {
    connection.probeEnd = -1;
  }
}
