// Which bytes go out now. RFC 9293 sections 3.7.4 (Nagle), 3.8.6.2.1 (silly windows), RFC 3042 (limited transmit).

import { TCP_FLAG } from '@netreel/wire';
import { restartWindow } from './congestion.js';
import type { Connection } from './connection.js';
import type { SentSegment } from './scoreboard.js';
import { after, before, distance, plus } from './sequence.js';
import { maySend } from './state.js';
import { armTailProbe } from './tail-probe.js';
import { stampNow } from './timestamps.js';
import { optionBytes, transmit } from './transmit.js';

/** Sends what the windows allow. */
export function pushOut(connection: Connection): void {
  if (!maySend(connection.state)) return;
  if (after(endOfStream(connection), connection.nxt)) pushNew(connection);
}

function pushNew(connection: Connection): void {
  const { sent, recovery } = connection;
  const { nxt } = connection;
  if (sent.count === 0) wakeFromIdle(connection);
  // RFC 3042: the first duplicates let new segments go beyond the window, and CUBIC does not mind them.
  while (connection.inFlight < connection.cwnd && sendFresh(connection)) { /* until a window is full */ }
  noteUse(connection);
  if (connection.nxt !== nxt && recovery.phase === 'open') armTailProbe(connection);
  // RFC 9293 section 3.8.6.1: with nothing on its way, only a probe can learn that the window opened.
  if (sent.count === 0 && connection.pending === 'none' && hasUnsent(connection)) {
    connection.armSender('window', connection.timeoutNs);
  }
}

/** How far the window was used, in each window of data. */
function noteUse(connection: Connection): void {
  const { inFlight } = connection;
  const full = inFlight >= connection.cwnd;
  if (!before(connection.una, connection.useEnds)) {
    connection.mostInFlight = inFlight;
    connection.windowWasFull = full;
    connection.useEnds = connection.nxt;
  } else {
    if (inFlight > connection.mostInFlight) connection.mostInFlight = inFlight;
    if (full) connection.windowWasFull = true;
  }
}

function wakeFromIdle(connection: Connection): void {
  const now = connection.side.core.port.now();
  const idleNs = now - connection.sentAt;
  if (connection.sentAt === 0 || idleNs < 0) return;
  connection.cubic.slept(idleNs);
  if (idleNs > connection.roundTrip.timeoutNs) restartWindow(connection, idleNs);
}

/** Whether data or FIN wait for their first sending. */
export function hasUnsent(connection: Connection): boolean {
  return after(endOfStream(connection), connection.nxt);
}

/** The number behind the last byte, FIN included. */
function endOfStream(connection: Connection): number {
  return connection.finQueued ? connection.streamEnd : connection.dataEnd;
}

/**
 * Sends one segment from SND.NXT on, whatever the congestion window says; `evenSmall` if it is worth little. False when
 * nothing may go.
 */
export function sendFresh(connection: Connection, evenSmall = false): boolean {
  const { nxt, una, sent } = connection;
  const data = distance(connection.dataEnd, nxt);
  const fin = connection.finQueued && data >= 0;
  if (data < 0 || (data === 0 && !fin)) return false;
  const segmentBytes = connection.mss - optionBytes(connection);
  const windowBytes = distance(plus(una, connection.sendWindow), nxt);
  let count = data < segmentBytes ? data : segmentBytes;
  if (count > windowBytes) count = windowBytes > 0 ? windowBytes : 0;
  if (data > 0 && count === 0) return false;
  if (count < segmentBytes && !evenSmall && !smallMayGo(connection, count, data)) return false;
  const carriesFin = fin && count === data;
  const end = plus(nxt, count + (carriesFin ? 1 : 0));
  const first = sent.count === 0;
  const now = connection.side.core.port.now();
  sent.append(nxt, end, now);
  connection.nxt = end;
  connection.sentAt = now;
  if (connection.recovery.phase === 'recovery') connection.reduction.sentSince++;
  if (first || connection.pending === 'probe' || connection.pending === 'none') {
    connection.armSender('timeout', connection.timeoutNs);
  }
  sendRange(connection, nxt, count, carriesFin);
  return true;
}

/** Whether a segment that is not full may go. */
function smallMayGo(connection: Connection, count: number, data: number): boolean {
  // Cut short by the receiver's window: worth it from half of the largest one on, or when nothing else will bring news.
  if (count < data) return count >= connection.largestWindow >>> 1;
  return connection.noDelay || connection.finQueued || connection.sent.count === 0;
}

/** Puts bytes on the wire that the windows have let pass. */
export function sendRange(connection: Connection, sequence: number, count: number, fin: boolean): void {
  let flags: number = TCP_FLAG.ack;
  if (count > 0 && plus(sequence, count) === connection.dataEnd) flags |= TCP_FLAG.psh;
  if (fin) flags |= TCP_FLAG.fin;
  transmit(connection, sequence, count, flags);
}

/** Sends what was lost, as far as the window goes, and after that what is new. */
export function resendLost(connection: Connection): void {
  const { sent, recovery } = connection;
  let firstWent = false;
  for (; sent.lostFrom < sent.count && sent.lostCount > sent.againCount; sent.lostFrom++) {
    if (connection.inFlight >= connection.cwnd) break;
    const segment = sent.at(sent.lostFrom);
    if (!segment.lost || segment.sacked || segment.underWayAgain) continue;
    if (sent.lostFrom === 0) firstWent = true;
    resend(connection, sent.lostFrom);
    if (recovery.phase === 'recovery') connection.reduction.sentSince++;
  }
  if (firstWent && connection.pending !== 'reorder') connection.armSender('timeout', connection.timeoutNs);
}

/** Sends the segment at `place` of the scoreboard again. */
export function resend(connection: Connection, place: number): void {
  const { sent } = connection;
  connection.resent++;
  const segment = sent.at(place);
  const segmentBytes = connection.mss - optionBytes(connection);
  // RFC 1191 section 6.4: the path takes less than it did.
  if (payloadOf(connection, segment) > segmentBytes) sent.split(place, plus(segment.start, segmentBytes));
  const count = payloadOf(connection, segment);
  const fin = count < distance(segment.end, segment.start);
  sent.sentAgain(segment, connection.side.core.port.now());
  connection.undo.sentAgain(stampNow(connection));
  sendRange(connection, segment.start, count, fin);
}

/** Bytes of a segment without its FIN. */
function payloadOf({ finQueued, streamEnd }: Connection, { start, end }: SentSegment): number {
  return distance(end, start) - (finQueued && end === streamEnd ? 1 : 0);
}
