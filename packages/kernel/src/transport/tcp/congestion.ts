// How much may be in the network, and what goes again. RFC 5681; recovery without SACK: RFC 6582 (NewReno), with it:
// RFC 6675 in a form that looks at the holes between the ranges.

import type { Connection } from './connection.js';
import { flightOf, resend, sendFresh } from './send.js';
import { after, before, distance, plus } from './sequence.js';

const DUPLICATES = 3;
/** RFC 6928. */
const FIRST_SEGMENTS = 10;

/** A connection begins. */
export function openWindow(connection: Connection): void {
  connection.cwnd = FIRST_SEGMENTS * connection.mss;
  connection.recover = connection.iss;
}

/** `acked` new bytes were acknowledged, and SND.UNA has moved. */
export function acknowledgedNew(connection: Connection, acked: number): void {
  connection.duplicates = 0;
  if (!connection.recovering) return grow(connection, acked);
  const { mss } = connection;
  if (!before(connection.una, connection.recover)) {
    connection.recovering = false;
    // RFC 6582 section 3.2 step 3 (1): no burst after what came in one piece.
    connection.cwnd = connection.sack ? connection.ssthresh
      : Math.min(connection.ssthresh, Math.max(flightOf(connection), mss) + mss);
    connection.credit = 0;
  } else if (connection.sack) {
    if (before(connection.highRetransmitted, connection.una)) connection.highRetransmitted = connection.una;
    sendInRecovery(connection);
  } else {
    // RFC 6582 section 3.2 step 3, partial acknowledgment: the next segment was lost too.
    resend(connection, connection.una, connection.max);
    connection.cwnd = Math.max(connection.cwnd - acked, mss) + (acked >= mss ? mss : 0);
  }
}

/** RFC 5681 section 3.1: slow start, then one segment per round trip, counted in bytes (RFC 3465). */
function grow(connection: Connection, acked: number): void {
  const { mss } = connection;
  if (connection.cwnd < connection.ssthresh) {
    connection.cwnd += acked < 2 * mss ? acked : 2 * mss;
    return;
  }
  connection.credit += acked;
  if (connection.credit < connection.cwnd) return;
  connection.credit -= connection.cwnd;
  connection.cwnd += mss;
}

/** A duplicate acknowledgment: something has left the network, and something may be missing. */
export function duplicateAck(connection: Connection): void {
  connection.duplicates++;
  if (connection.recovering) {
    if (connection.sack) sendInRecovery(connection);
    else connection.cwnd += connection.mss;
    return;
  }
  if (connection.sack) {
    if (before(connection.una, connection.recover)) return;
    if (connection.duplicates >= DUPLICATES || isLost(connection, -1)) enterRecovery(connection);
  } else if (connection.duplicates >= DUPLICATES && after(connection.una, connection.recover)) {
    enterRecovery(connection);
  }
}

/** RFC 5681 equation 4. */
export function halve(connection: Connection): void {
  connection.ssthresh = Math.max(flightOf(connection) >>> 1, 2 * connection.mss);
}

/** RFC 6675 section 5 step 4; RFC 6582 section 3.2 step 2. */
function enterRecovery(connection: Connection): void {
  halve(connection);
  connection.recovering = true;
  connection.recover = connection.max;
  connection.credit = 0;
  const end = connection.sacked.count > 0 ? connection.sacked.left[0]! : connection.max;
  connection.highRetransmitted = plus(connection.una, resend(connection, connection.una, end));
  connection.cwnd = connection.ssthresh;
  if (connection.sack) sendInRecovery(connection);
  else connection.cwnd += DUPLICATES * connection.mss;
}

/** RFC 6675 section 5 step C: fills the pipe, first with what was lost, then with what is new. */
function sendInRecovery(connection: Connection): void {
  const { mss } = connection;
  while (connection.cwnd - pipeOf(connection) >= mss) {
    if (resendHole(connection, true)) continue;
    if (!before(connection.nxt, connection.max) && sendFresh(connection, mss)) continue;
    if (resendHole(connection, false)) continue;
    return;
  }
}

/** NextSeg () of RFC 6675, rules 1 (`lostOnly`) and 3. */
function resendHole(connection: Connection, lostOnly: boolean): boolean {
  const { sacked, highRetransmitted } = connection;
  for (let hole = 0; hole < sacked.count; hole++) {
    const end = sacked.left[hole]!;
    if (!before(highRetransmitted, end)) continue;
    let start = hole === 0 ? connection.una : sacked.right[hole - 1]!;
    if (before(start, highRetransmitted)) start = highRetransmitted;
    if (lostOnly && !isLost(connection, hole - 1)) return false;
    const sent = resend(connection, start, end);
    connection.highRetransmitted = plus(start, sent);
    return sent > 0;
  }
  return false;
}

/** IsLost () of RFC 6675 for the hole behind range `index`: enough arrived above it. */
function isLost(connection: Connection, index: number): boolean {
  const { sacked } = connection;
  if (sacked.count - 1 - index >= DUPLICATES) return true;
  let above = 0;
  for (let i = index + 1; i < sacked.count; i++) above += distance(sacked.right[i]!, sacked.left[i]!);
  return above > (DUPLICATES - 1) * connection.mss;
}

/** SetPipe () of RFC 6675: what is on its way, sent for the first time or again. */
function pipeOf(connection: Connection): number {
  const { sacked, highRetransmitted } = connection;
  let pipe = 0;
  let start = connection.una;
  for (let hole = 0; hole <= sacked.count; hole++) {
    const last = hole === sacked.count;
    const end = last ? connection.nxt : sacked.left[hole]!;
    const bytes = distance(end, start);
    if (bytes > 0) {
      if (last || !isLost(connection, hole - 1)) pipe += bytes;
      const again = distance(before(end, highRetransmitted) ? end : highRetransmitted, start);
      if (again > 0) pipe += again;
    }
    if (!last) start = sacked.right[hole]!;
  }
  return pipe;
}
