// How a connection begins: SYN out, and what comes back. RFC 9293 sections 3.5 and 3.10.7.3; both sides at once:
// figure 8.

import { TCP_FLAG } from '@netreel/wire';
import { takeWindow } from './acknowledge.js';
import { openWindow } from './congestion.js';
import { WINDOW_SHIFT, type Connection } from './connection.js';
import { initialSequence, stampOffset } from './initial-sequence.js';
import { refuse } from './reset.js';
import { plus } from './sequence.js';
import type { Remembered } from './cookies.js';
import type { Segment } from './segment.js';
import { pushOut } from './send.js';
import type { TcpState } from './state.js';
import { sinceStamp } from './timestamps.js';
import { sendAck, sendSyn } from './transmit.js';

/** RFC 7323 section 2.3. */
const SHIFT_MAX = 14;

/** Sends the first SYN, or the SYN that answers one. */
export function begin(connection: Connection, state: TcpState): void {
  const { side } = connection;
  connection.iss = initialSequence(side.secret, connection, side.core.port.now());
  connection.una = connection.iss;
  connection.nxt = plus(connection.iss, 1);
  connection.stampOffset = stampOffset(side.secret, connection);
  connection.sentAt = side.core.port.now();
  connection.become(state);
  sendSyn(connection, state.name === 'SYN-RECEIVED');
  connection.armSender('timeout', connection.timeoutNs);
}

/** What the other side's SYN says. */
export function takeSyn(connection: Connection, segment: Segment): void {
  const { mss, windowScale, sackPermitted } = segment.options;
  connection.irs = segment.sequence;
  connection.rcvNxt = plus(segment.sequence, 1);
  if (mss > 0) connection.peerMss = mss;
  connection.sack = sackPermitted;
  connection.acknowledgedTo = connection.rcvNxt;
  if (segment.options.stamped) {
    connection.stamps = true;
    connection.recentStamp = segment.options.stamp;
    connection.recentStampAt = connection.side.core.port.now();
  }
  if (windowScale >= 0) {
    connection.sendShift = Math.min(windowScale, SHIFT_MAX);
    connection.receiveShift = WINDOW_SHIFT;
  }
  // The window of a SYN is not scaled.
  connection.sendWindow = connection.largestWindow = segment.window;
  connection.windowSequence = segment.sequence;
  connection.windowAcknowledgment = segment.acknowledgment;
}

/** RFC 9293 section 3.10.7.3. */
export function receiveInSynSent(connection: Connection, segment: Segment): void {
  const { side } = connection;
  const answers = segment.has(TCP_FLAG.ack);
  if (answers && segment.acknowledgment !== connection.nxt) {
    refuse(side, segment);
    return;
  }
  if (segment.has(TCP_FLAG.rst)) {
    if (answers) connection.end('ECONNREFUSED');
    return;
  }
  if (!segment.has(TCP_FLAG.syn)) return;
  takeSyn(connection, segment);
  if (!answers) {
    connection.become({ name: 'SYN-RECEIVED', listener: undefined });
    sendSyn(connection, true);
    return connection.armSender('timeout', connection.timeoutNs);
  }
  connection.rcvEdge = plus(connection.rcvNxt, FIRST_PROMISE);
  establish(connection, segment);
  sendAck(connection);
  pushOut(connection);
  connection.owner?.wakeWriter();
}

/** What the SYN announced: see transmit.ts. */
const FIRST_PROMISE = 64_240;

/** Both SYNs have been acknowledged. */
export function establish(connection: Connection, segment: Segment | undefined): void {
  connection.una = connection.nxt;
  connection.disarmSender();
  openWindow(connection);
  connection.useEnds = connection.recovery.high = connection.nxt;
  // A cookie's answer measures nothing: nobody knows when it went out.
  if (segment !== undefined) takeRoundTrip(connection, segment);
  connection.backoffs = 0;
  connection.become({ name: 'ESTABLISHED' });
}

/** Of the SYN: by its timestamp when it was sent more than once. */
function takeRoundTrip(connection: Connection, { options }: Segment): void {
  const now = connection.side.core.port.now();
  if (connection.backoffs === 0) connection.roundTrip.sample(now - connection.sentAt, now);
  else if (connection.stamps && options.stamped) {
    const ns = sinceStamp(connection, options.stampEcho);
    if (ns >= 0) connection.roundTrip.sample(ns, now);
  }
}

/** A connection that nothing was remembered of until its third segment came, with `what` in it. */
export function resume(connection: Connection, segment: Segment, what: Remembered): void {
  connection.iss = plus(segment.acknowledgment, -1);
  connection.irs = plus(segment.sequence, -1);
  connection.rcvNxt = connection.acknowledgedTo = segment.sequence;
  connection.rcvEdge = plus(connection.rcvNxt, FIRST_PROMISE);
  connection.nxt = segment.acknowledgment;
  connection.stampOffset = stampOffset(connection.side.secret, connection);
  connection.peerMss = what.mss;
  connection.sack = what.sack;
  connection.stamps = what.stamps;
  connection.recentStamp = segment.options.stamp;
  connection.recentStampAt = connection.side.core.port.now();
  if (what.scale >= 0) {
    connection.sendShift = Math.min(what.scale, SHIFT_MAX);
    connection.receiveShift = WINDOW_SHIFT;
  }
  establish(connection, undefined);
  connection.windowSequence = segment.sequence;
  connection.windowAcknowledgment = segment.acknowledgment;
  takeWindow(connection, segment);
}

/** The ACK that ends SYN-RECEIVED. False when it acknowledges something else: the segment has been answered. */
export function completeOpen(connection: Connection, segment: Segment): boolean {
  if (segment.acknowledgment !== connection.nxt) {
    refuse(connection.side, segment);
    return false;
  }
  const { state } = connection;
  if (state.name === 'SYN-RECEIVED' && state.listener !== undefined && !state.listener.admits(connection)) return false;
  establish(connection, segment);
  takeWindow(connection, segment);
  if (connection.finQueued) connection.become({ name: 'FIN-WAIT-1' });
  if (state.name === 'SYN-RECEIVED') state.listener?.opened(connection);
  connection.owner?.wakeWriter();
  return true;
}
