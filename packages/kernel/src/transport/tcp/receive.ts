// A segment for a connection, step by step as RFC 9293 section 3.10.7.4 has it.

import { MILLISECOND } from '@netreel/sim';
import { TCP_FLAG } from '@netreel/wire';
import { hasRoom, takeAcknowledgment } from './acknowledge.js';
import { abort, finAcknowledged, finArrived, waitForStragglers } from './close.js';
import { RECEIVE_BUFFER_BYTES, type Connection } from './connection.js';
import { keepaliveHeard } from './keepalive.js';
import { completeOpen, receiveInSynSent } from './open.js';
import { challenge, takeReset } from './reset.js';
import { after, before, distance, plus } from './sequence.js';
import type { Segment } from './segment.js';
import { pushOut } from './send.js';
import { mayReceive } from './state.js';
import { sendAck, sendSyn } from './transmit.js';

/** TCP_DELACK_MIN. RFC 9293 section 3.8.6.3: under half a second, and no later than with every second segment. */
const DELAYED_ACK_NS = 40 * MILLISECOND;
const SEGMENTS_PER_ACK = 2;

export function receiveSegment(connection: Connection, segment: Segment): void {
  connection.heardAt = connection.side.core.port.now();
  keepaliveHeard(connection);
  if (connection.state.name === 'SYN-SENT') return receiveInSynSent(connection, segment);
  if (!isAcceptable(connection, segment)) return refuseOutside(connection, segment);
  if (segment.has(TCP_FLAG.rst)) return takeReset(connection, segment);
  // RFC 5961 section 4.2: a SYN in the midst of a connection is asked about, never believed.
  if (segment.has(TCP_FLAG.syn)) return challenge(connection);
  if (!segment.has(TCP_FLAG.ack)) return;
  if (connection.state.name === 'SYN-RECEIVED') {
    if (!completeOpen(connection, segment)) return;
  } else if (!takeAcknowledgment(connection, segment)) {
    return;
  }
  if (connection.finQueued && connection.una === connection.streamEnd) finAcknowledged(connection);
  const news = takeText(connection, segment);
  if (isClosed(connection)) return;
  pushOut(connection);
  acknowledge(connection);
  const { owner } = connection;
  if (owner === undefined) return;
  if (news) owner.wakeReader();
  if (hasRoom(connection)) owner.wakeWriter();
}

/** Asked by a call, because the compiler does not see that others change the state. */
function isClosed(connection: Connection): boolean {
  return connection.state.name === 'CLOSED';
}

/** Step 1, the table of RFC 9293 section 3.4; at a closed window the ACK of the very next segment still counts. */
function isAcceptable(connection: Connection, segment: Segment): boolean {
  const { rcvNxt, rcvEdge } = connection;
  const { sequence, length } = segment;
  if (length === 0) return !before(sequence, rcvNxt) && !after(sequence, rcvEdge);
  return (before(sequence, rcvEdge) || sequence === rcvNxt) && after(plus(sequence, length), rcvNxt);
}

function refuseOutside(connection: Connection, segment: Segment): void {
  connection.side.core.drop(connection.side.netns, 'out-of-window', undefined);
  if (segment.has(TCP_FLAG.rst)) return;
  if (connection.state.name === 'SYN-RECEIVED' && connection.state.listener !== undefined
    && segment.has(TCP_FLAG.syn) && segment.sequence === connection.irs) {
    // The answer was lost.
    connection.timing = false;
    return sendSyn(connection, true);
  }
  if (connection.state.name === 'TIME-WAIT' && segment.has(TCP_FLAG.fin)) waitForStragglers(connection);
  // Data that came twice is acknowledged each time: the ACK may have been lost.
  if (segment.payloadBytes > 0 || segment.has(TCP_FLAG.fin)) sendAck(connection);
  else challenge(connection);
}

/** Steps 7 and 8: text and FIN. True when there is something to read. */
function takeText(connection: Connection, segment: Segment): boolean {
  const bytes = segment.payloadBytes;
  const fin = segment.has(TCP_FLAG.fin);
  if ((bytes === 0 && !fin) || !mayReceive(connection.state)) return false;
  const start = connection.rcvNxt;
  const end = plus(segment.sequence, bytes);
  if (bytes > 0 && connection.orphan && after(end, start)) {
    // RFC 9293 section 3.10.4: nobody will ever read this.
    abort(connection);
    return false;
  }
  if (fin) connection.finAt = end;
  if (bytes > 0) takeBytes(connection, segment);
  if (connection.finAt === connection.rcvNxt && !connection.finReceived) {
    connection.rcvNxt = plus(connection.rcvNxt, 1);
    connection.outOfOrder.clear();
    connection.unacknowledged = SEGMENTS_PER_ACK;
    finArrived(connection);
    return true;
  }
  return connection.rcvNxt !== start;
}

function takeBytes(connection: Connection, segment: Segment): void {
  const { rcvNxt, receiveRing, outOfOrder } = connection;
  const early = distance(rcvNxt, segment.sequence);
  const from = early > 0 ? segment.from + early : segment.from;
  const sequence = early > 0 ? rcvNxt : segment.sequence;
  const room = distance(connection.rcvEdge, sequence);
  const count = Math.min(segment.to - from, room);
  if (count <= 0) {
    connection.unacknowledged = SEGMENTS_PER_ACK;
    return;
  }
  if (sequence !== rcvNxt) {
    // RFC 5681 section 4.2: at once, so that the sender learns of the gap.
    connection.unacknowledged = SEGMENTS_PER_ACK;
    connection.latestSack = sequence;
    if (outOfOrder.add(sequence, plus(sequence, count)) || outOfOrder.indexOf(sequence) >= 0) {
      receiveRing.place(receiveRing.length + distance(sequence, rcvNxt), segment.buffer, from, from + count);
    }
    return;
  }
  receiveRing.append(segment.buffer, from, from + count);
  connection.rcvNxt = plus(rcvNxt, count);
  connection.unacknowledged++;
  if (outOfOrder.count === 0) return;
  connection.unacknowledged = SEGMENTS_PER_ACK;
  closeGap(connection);
}

/** What had arrived too early is next now. */
function closeGap(connection: Connection): void {
  const { outOfOrder, receiveRing } = connection;
  while (outOfOrder.count > 0 && !after(outOfOrder.left[0]!, connection.rcvNxt)) {
    const further = distance(outOfOrder.right[0]!, connection.rcvNxt);
    if (further > 0) {
      receiveRing.length += further;
      connection.rcvNxt = plus(connection.rcvNxt, further);
    }
    outOfOrder.dropBelow(connection.rcvNxt);
  }
}

function acknowledge(connection: Connection): void {
  if (connection.unacknowledged === 0) return;
  if (connection.unacknowledged >= SEGMENTS_PER_ACK) return sendAck(connection);
  if (!connection.acknowledgeTimer.armed) {
    connection.acknowledgeTimer.arm(connection.side.core.port.now() + DELAYED_ACK_NS);
  }
}

/** The delayed acknowledgment is due. */
export function acknowledgeDue(connection: Connection): void {
  if (connection.unacknowledged > 0) sendAck(connection);
}

/** The program has read: is the window so much wider that the other side should know? RFC 9293 section 3.8.6.2.2. */
export function announceRoom(connection: Connection): void {
  if (!mayReceive(connection.state)) return;
  const promised = distance(connection.rcvEdge, connection.rcvNxt);
  const free = RECEIVE_BUFFER_BYTES - connection.receiveRing.length;
  const grown = free - promised;
  const worth = promised < RECEIVE_BUFFER_BYTES >>> 2 ? 2 * connection.mss : RECEIVE_BUFFER_BYTES >>> 1;
  if (grown >= worth && promised < 0x8000 << connection.receiveShift) sendAck(connection);
}
