// What the other side has, and how much more it takes. RFC 9293 section 3.10.7.4 step 5, RFC 5961 section 5.2,
// RFC 2018 section 5 (the sender's scoreboard).

import { acknowledgedNew, duplicateAck } from './congestion.js';
import { SEND_BUFFER_BYTES, type Connection } from './connection.js';
import { challenge } from './reset.js';
import { armRetransmit, takeSample } from './retransmit-timer.js';
import { after, before, distance, plus } from './sequence.js';
import type { Segment } from './segment.js';

/** False when the segment is to be dropped. */
export function takeAcknowledgment(connection: Connection, segment: Segment): boolean {
  const { acknowledgment } = segment;
  if (after(acknowledgment, connection.max)
    || before(acknowledgment, plus(connection.una, -connection.largestWindow))) {
    challenge(connection);
    return false;
  }
  const newSack = takeSack(connection, segment);
  const windowBefore = connection.sendWindow;
  const unanswered = connection.una !== connection.max;
  const acked = distance(acknowledgment, connection.una);
  if (acked > 0) advance(connection, acked);
  if (acked >= 0) takeWindow(connection, segment);
  if (acked === 0 && unanswered && segment.length === 0) {
    // RFC 5681 section 2; with SACK it is the new block that counts (RFC 6675 section 2).
    if (connection.sack ? newSack : connection.sendWindow === windowBefore) duplicateAck(connection);
  }
  return true;
}

/** SND.UNA moves. */
function advance(connection: Connection, acked: number): void {
  const data = Math.min(acked, connection.sendRing.length);
  connection.sendRing.drop(data);
  connection.una = plus(connection.una, acked);
  if (before(connection.nxt, connection.una)) connection.nxt = connection.una;
  connection.sacked.dropBelow(connection.una);
  connection.backoffs = 0;
  connection.probes = 0;
  if (connection.timing && after(connection.una, connection.timedSequence)) {
    connection.timing = false;
    takeSample(connection, connection.side.core.port.now() - connection.timedAt);
  }
  acknowledgedNew(connection, acked);
  // RFC 6298 (5.2), (5.3).
  if (connection.una === connection.max) connection.retransmitTimer.disarm();
  else armRetransmit(connection);
}

/** SND.WND, unless an older segment says so. */
export function takeWindow(connection: Connection, segment: Segment): void {
  const { sequence, acknowledgment } = segment;
  if (before(sequence, connection.windowSequence)
    || (sequence === connection.windowSequence && before(acknowledgment, connection.windowAcknowledgment))) return;
  const opened = connection.sendWindow === 0 && segment.window > 0;
  connection.sendWindow = segment.window << connection.sendShift;
  connection.windowSequence = sequence;
  connection.windowAcknowledgment = acknowledgment;
  if (connection.sendWindow > connection.largestWindow) connection.largestWindow = connection.sendWindow;
  if (!opened || connection.probes === 0) return;
  // What probed the closed window was thrown away there: it goes first now.
  connection.nxt = connection.una;
  connection.backoffs = 0;
  connection.probes = 0;
  connection.retransmitTimer.disarm();
}

/** Whether a block told something new. Blocks that cannot be are passed over. */
function takeSack(connection: Connection, segment: Segment): boolean {
  const { sackEdges, sackEdgeCount } = segment.options;
  if (!connection.sack || sackEdgeCount === 0) return false;
  let told = false;
  for (let i = 0; i + 1 < sackEdgeCount; i += 2) {
    const left = sackEdges[i]!;
    const right = sackEdges[i + 1]!;
    if (!after(right, left) || !after(left, connection.una) || after(right, connection.max)) continue;
    if (!after(left, segment.acknowledgment)) continue;
    if (connection.sacked.add(left, right)) told = true;
  }
  return told;
}

/** A third of the buffer: Linux wakes writers from there on. */
export function hasRoom(connection: Connection): boolean {
  return connection.sendRoom >= SEND_BUFFER_BYTES / 3;
}
