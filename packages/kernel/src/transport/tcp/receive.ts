// A segment for a connection, step by step as RFC 9293 section 3.10.7.4 has it.

import { TCP_FLAG } from '@netreel/wire';
import { hasRoom, takeAcknowledgment } from './acknowledge.js';
import { abort, finAcknowledged, finArrived } from './close.js';
import type { Connection } from './connection.js';
import { acknowledge, acknowledgeRead } from './delayed-ack.js';
import { keepaliveHeard } from './keepalive.js';
import { completeOpen, receiveInSynSent } from './open.js';
import { challenge, takeReset } from './reset.js';
import { after, before, distance, plus } from './sequence.js';
import type { Segment } from './segment.js';
import { pushOut } from './send.js';
import { mayReceive } from './state.js';
import { isOld, noteStamp, sinceStamp } from './timestamps.js';
import { sendAck, sendSyn } from './transmit.js';

/** What options may take of a full segment, at most. */
const MOST_OPTION_BYTES = 40;

export function receiveSegment(connection: Connection, segment: Segment): void {
  connection.heardAt = connection.side.core.port.now();
  keepaliveHeard(connection);
  if (connection.state.name === 'SYN-SENT') return receiveInSynSent(connection, segment);
  if (isOld(connection, segment) && !segment.has(TCP_FLAG.rst)) return refuseOld(connection);
  if (!isAcceptable(connection, segment)) return refuseOutside(connection, segment);
  if (segment.has(TCP_FLAG.rst)) return takeReset(connection, segment);
  // RFC 5961 section 4.2: a SYN in the midst of a connection is asked about, never believed.
  if (segment.has(TCP_FLAG.syn)) return challenge(connection);
  if (!segment.has(TCP_FLAG.ack)) return;
  noteStamp(connection, segment);
  if (connection.state.name === 'SYN-RECEIVED') {
    if (!completeOpen(connection, segment)) return;
  } else if (!takeAcknowledgment(connection, segment)) {
    return;
  }
  if (connection.finQueued && connection.una === connection.streamEnd) finAcknowledged(connection);
  if (isClosed(connection)) return;
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

/** RFC 7323 section 5.3 R1. */
function refuseOld(connection: Connection): void {
  connection.side.core.drop(connection.side.netns, 'old-timestamp', undefined);
  challenge(connection);
}

function refuseOutside(connection: Connection, segment: Segment): void {
  connection.side.core.drop(connection.side.netns, 'out-of-window', undefined);
  if (segment.has(TCP_FLAG.rst)) return;
  if (connection.state.name === 'SYN-RECEIVED' && connection.state.listener !== undefined
    && segment.has(TCP_FLAG.syn) && segment.sequence === connection.irs) {
    // The answer was lost.
    return sendSyn(connection, true);
  }
  // Data that came twice is acknowledged each time: the ACK may have been lost.
  if (segment.length === 0 || segment.has(TCP_FLAG.syn)) return challenge(connection);
  connection.acknowledging.hurry();
  const end = plus(segment.sequence, segment.length);
  const { rcvNxt } = connection;
  if (before(segment.sequence, rcvNxt)) noteTwice(connection, segment.sequence, before(end, rcvNxt) ? end : rcvNxt);
  sendAck(connection);
}

/** RFC 2883: the next acknowledgment says that this was here before. */
function noteTwice(connection: Connection, left: number, right: number): void {
  if (!connection.sack) return;
  connection.twiceLeft = left;
  connection.twiceRight = right;
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
    connection.acknowledging.waiting = true;
    // An answer may be on its way, and takes the acknowledgment along; whoever ends as well wants to know now.
    if (connection.state.name === 'ESTABLISHED') connection.acknowledging.answers = true;
    else connection.acknowledging.now = true;
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
  const { acknowledging } = connection;
  if (early > 0) noteTwice(connection, segment.sequence, rcvNxt);
  if (count <= 0) return acknowledging.hurry();
  acknowledging.arrived(segment.payloadBytes, segment.has(TCP_FLAG.psh), connection.heardAt,
    connection.roundTrip.timeoutNs);
  if (sequence !== rcvNxt) {
    // RFC 5681 section 4.2: at once, so that the sender learns of the gap.
    acknowledging.now = true;
    connection.latestSack = sequence;
    const known = outOfOrder.indexOf(sequence);
    if (known >= 0 && !after(plus(sequence, count), outOfOrder.right[known]!)) {
      noteTwice(connection, sequence, plus(sequence, count));
    } else if (outOfOrder.add(sequence, plus(sequence, count)) || known >= 0) {
      receiveRing.place(receiveRing.length + distance(sequence, rcvNxt), segment.buffer, from, from + count);
    }
    return;
  }
  receiveRing.append(segment.buffer, from, from + count);
  connection.rcvNxt = plus(rcvNxt, count);
  if (connection.stamps && segment.options.stamped && count >= connection.mss - MOST_OPTION_BYTES) {
    connection.receiveSpace.sampled(sinceStamp(connection, segment.options.stampEcho));
  }
  if (outOfOrder.count === 0) return;
  acknowledging.now = true;
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

/** The program has read: is the window so much wider that the other side should know? RFC 9293 3.8.6.2.2. */
export function announceRoom(connection: Connection, readBytes: number): void {
  connection.receiveSpace.read(readBytes, connection.mss, connection.side.core.port.now());
  if (!mayReceive(connection.state)) return;
  const promised = distance(connection.rcvEdge, connection.rcvNxt);
  const { sizeBytes } = connection.receiveSpace;
  const grown = sizeBytes - connection.receiveRing.length - promised;
  const worth = promised < sizeBytes >>> 2 ? 2 * connection.mss : sizeBytes >>> 1;
  if (grown >= worth && promised < 0x8000 << connection.receiveShift) return sendAck(connection);
  if (connection.receiveRing.length === 0) acknowledgeRead(connection);
}
