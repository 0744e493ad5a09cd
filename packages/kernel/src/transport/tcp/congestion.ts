// What the congestion window is after an acknowledgment. RFC 5681 section 3.1 (slow start), RFC 9438, RFC 6937.

import { SEND_BUFFER_MOST_BYTES, type Connection } from './connection.js';
import { currentThreshold } from './reduction.js';

/** RFC 6928. */
const FIRST_SEGMENTS = 10;

/** A connection begins. */
export function openWindow(connection: Connection): void {
  // RFC 6298 (5.7): whose SYN was lost begins with little.
  connection.cwnd = connection.backoffs > 0 ? 1 : FIRST_SEGMENTS;
}

/** After `delivered` segments have arrived, by whatever way that was told. */
export function adjustWindow(connection: Connection): void {
  const { recovery, news } = connection;
  if (recovery.phase === 'recovery') {
    const window = connection.reduction.window(connection.ssthresh, connection.inFlight, news.delivered,
      news.advanced && news.lost === 0);
    if (window >= 0) connection.cwnd = window;
  } else if (news.ackedCount > 0 || (connection.rack.reorderingSeen && news.delivered > 0)) {
    grow(connection, news.delivered);
  }
  // Two windows: one on its way, one to follow (tcp_sndbuf_expand).
  const wanted = 2 * connection.cwnd * connection.mss;
  if (wanted > connection.sendBufferBytes) connection.sendBufferBytes = Math.min(wanted, SEND_BUFFER_MOST_BYTES);
}

function grow(connection: Connection, delivered: number): void {
  const { news } = connection;
  const now = connection.side.core.port.now();
  let acked = delivered;
  if (connection.cwnd < connection.ssthresh) {
    endSlowStart(connection);
    if (connection.mostInFlight * 2 <= connection.cwnd && !connection.windowWasFull) return;
    const before = connection.cwnd;
    connection.cwnd = Math.min(connection.cwnd + acked, Math.max(connection.ssthresh, before));
    acked -= connection.cwnd - before;
    if (acked <= 0) return;
  }
  // RFC 7661: what is not used proves nothing.
  if (!connection.windowWasFull) return;
  const rttNs = Math.max(0, connection.roundTrip.leastNs);
  connection.cwnd += connection.cubic.grow(connection.cwnd, acked, now, rttNs);
  if (news.lost > 0) connection.cubic.clearCredit();
}

function endSlowStart(connection: Connection): void {
  const { news, roundTrip } = connection;
  if (news.rttNs < 0 || connection.recovery.phase !== 'open') return;
  const enough = connection.slowStart.isEnough(connection.cwnd, connection.una, connection.nxt,
    connection.side.core.port.now(), news.rttNs, roundTrip.leastNs);
  if (enough) connection.ssthresh = connection.cwnd;
}

/** RFC 5681 section 4.1: who was silent for longer than a timeout begins with less, half for each. */
export function restartWindow(connection: Connection, idleNs: number): void {
  let window = connection.cwnd;
  connection.ssthresh = currentThreshold(connection);
  for (let left = idleNs - connection.roundTrip.timeoutNs; left > 0 && window > FIRST_SEGMENTS;
    left -= connection.roundTrip.timeoutNs) window >>= 1;
  connection.cwnd = Math.max(window, Math.min(FIRST_SEGMENTS, connection.cwnd));
}
