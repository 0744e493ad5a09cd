// Which bytes go out now. RFC 9293 sections 3.7.4 (Nagle), 3.8.6.2.1 (silly windows), RFC 3042 (limited transmit).

import { TCP_FLAG } from '@netreel/wire';
import type { Connection } from './connection.js';
import { armRetransmit } from './retransmit-timer.js';
import { after, before, distance, plus } from './sequence.js';
import { maySend } from './state.js';
import { sackBytes, transmit } from './transmit.js';

/** Sends what the windows allow. */
export function pushOut(connection: Connection): void {
  if (!maySend(connection.state)) return;
  while (sendNext(connection)) { /* until a window is full or nothing is left */ }
  // RFC 9293 section 3.8.6.1: with nothing on its way, only a probe can learn that the window opened.
  if (connection.una === connection.max && hasUnsent(connection) && !connection.retransmitTimer.armed) {
    armRetransmit(connection);
  }
}

/** Whether data or FIN wait for their first sending, or for another one after a timeout. */
export function hasUnsent(connection: Connection): boolean {
  return after(endOfStream(connection), connection.nxt);
}

/** The number behind the last byte, FIN included. */
export function endOfStream(connection: Connection): number {
  return connection.finQueued ? connection.streamEnd : connection.dataEnd;
}

/** Bytes that are thought to be in the network. */
export function flightOf(connection: Connection): number {
  const { una, nxt, sacked } = connection;
  const sent = distance(nxt, una);
  return sacked.count === 0 ? sent : sent - sacked.bytesBelow(nxt);
}

/** Sends one segment from SND.NXT on; false when nothing may go. */
function sendNext(connection: Connection): boolean {
  skipSacked(connection);
  const limited = connection.sack || connection.recovering ? 0 : Math.min(connection.duplicates, 2) * connection.mss;
  return sendFresh(connection, connection.cwnd + limited - flightOf(connection));
}

/** After a timeout SND.NXT goes over old ground: what the receiver has need not go again. */
function skipSacked(connection: Connection): void {
  const { sacked } = connection;
  if (sacked.count === 0 || !before(connection.nxt, connection.max)) return;
  const index = sacked.indexOf(connection.nxt);
  if (index >= 0) connection.nxt = sacked.right[index]!;
}

/** Sends one segment from SND.NXT on if the congestion window has room for `allowed` bytes more. */
export function sendFresh(connection: Connection, allowed: number): boolean {
  const { nxt, una } = connection;
  const data = distance(connection.dataEnd, nxt);
  const fin = connection.finQueued && data >= 0;
  if (data < 0 || (data === 0 && !fin)) return false;
  const segmentBytes = connection.mss - sackBytes(connection);
  const windowBytes = distance(plus(una, connection.sendWindow), nxt);
  let count = data < segmentBytes ? data : segmentBytes;
  if (count > windowBytes) count = windowBytes > 0 ? windowBytes : 0;
  if (data > 0 && count === 0) return false;
  const idle = una === connection.max;
  if (count > allowed && !idle) return false;
  const retransmits = before(nxt, connection.max);
  if (!retransmits && count < segmentBytes && !smallMayGo(connection, count, data, idle)) return false;
  const carriesFin = fin && count === data;
  sendRange(connection, nxt, count, carriesFin);
  connection.nxt = plus(nxt, count + (carriesFin ? 1 : 0));
  noteSent(connection, nxt, retransmits);
  return true;
}

/** Whether a segment that is not full may go. */
function smallMayGo(connection: Connection, count: number, data: number, idle: boolean): boolean {
  // Cut short by the receiver's window: worth it from half of the largest one on.
  if (count < data) return count >= connection.largestWindow >>> 1;
  return idle || connection.noDelay || connection.finQueued;
}

function noteSent(connection: Connection, sequence: number, retransmits: boolean): void {
  if (after(connection.nxt, connection.max)) connection.max = connection.nxt;
  if (!retransmits && !connection.timing) {
    connection.timing = true;
    connection.timedSequence = sequence;
    connection.timedAt = connection.side.core.port.now();
  }
  if (!connection.retransmitTimer.armed || connection.probes > 0) armRetransmit(connection);
}

/** Puts bytes on the wire that the windows have let pass. */
export function sendRange(connection: Connection, sequence: number, count: number, fin: boolean): void {
  let flags: number = TCP_FLAG.ack;
  if (count > 0 && plus(sequence, count) === connection.dataEnd) flags |= TCP_FLAG.psh;
  if (fin) flags |= TCP_FLAG.fin;
  transmit(connection, sequence, count, flags);
}

/** Sends again what starts at `sequence`, one segment up to `end`. Answers how much that was. */
export function resend(connection: Connection, sequence: number, end: number): number {
  const data = distance(before(end, connection.dataEnd) ? end : connection.dataEnd, sequence);
  const segmentBytes = connection.mss - sackBytes(connection);
  const count = data < 0 ? 0 : data < segmentBytes ? data : segmentBytes;
  const fin = connection.finQueued && plus(sequence, count) === connection.dataEnd
    && after(end, connection.dataEnd);
  // RFC 6298 section 3 (Karn): what was sent twice tells no round-trip time.
  connection.timing = false;
  sendRange(connection, sequence, count, fin);
  return count + (fin ? 1 : 0);
}
