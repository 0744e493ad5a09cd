// Blocks of SACK, as they come in: which segments have arrived out of order (RFC 2018 section 5), and which ones twice
// (RFC 2883).

import type { Connection } from './connection.js';
import { after, before } from './sequence.js';
import type { Segment } from './segment.js';

/** Blocks that cannot be are passed over. */
export function takeSack(connection: Connection, segment: Segment): void {
  const { sackEdges, sackEdgeCount } = segment.options;
  let from = 0;
  if (isReportOfTwice(segment)) {
    from = 2;
    connection.news.twice = true;
    connection.undo.arrivedTwice(sackEdges[1]!, connection.una);
  }
  for (let i = from; i + 1 < sackEdgeCount; i += 2) {
    const left = sackEdges[i]!;
    const right = sackEdges[i + 1]!;
    if (!after(right, left) || !after(left, connection.una) || after(right, connection.nxt)) continue;
    if (!after(left, segment.acknowledgment)) continue;
    takeBlock(connection, left, right);
  }
}

/** RFC 2883 section 4: the first block lies below the acknowledgment, or within the second block. */
function isReportOfTwice({ options: { sackEdges, sackEdgeCount }, acknowledgment }: Segment): boolean {
  const left = sackEdges[0]!;
  const right = sackEdges[1]!;
  if (before(left, acknowledgment)) return true;
  return sackEdgeCount >= 4 && !before(left, sackEdges[2]!) && !after(right, sackEdges[3]!);
}

/** What of the block was not known yet is told to the scoreboard. */
function takeBlock(connection: Connection, left: number, right: number): void {
  const { sacked } = connection;
  let from = left;
  for (let i = 0; i < sacked.count && before(from, right); i++) {
    const knownLeft = sacked.left[i]!;
    if (!before(knownLeft, right)) break;
    const knownRight = sacked.right[i]!;
    if (!after(knownRight, from)) continue;
    if (before(from, knownLeft)) mark(connection, from, knownLeft);
    from = knownRight;
  }
  if (before(from, right)) mark(connection, from, right);
  sacked.add(left, right);
}

function mark(connection: Connection, left: number, right: number): void {
  const { sent, news, side, rack, sacked } = connection;
  const now = side.core.port.now();
  const highest = sacked.count > 0 ? sacked.right[sacked.count - 1]! : connection.una;
  for (let place = sent.placeOf(left); place < sent.count; place++) {
    const segment = sent.at(place);
    if (after(segment.end, right)) return;
    if (segment.sacked || before(segment.start, left)) continue;
    if (!segment.everAgain) {
      // RFC 8985 section 6.2 step 3: behind it something later had arrived already.
      if (before(segment.end, highest)) rack.reorderingSeen = true;
      if (news.rttNs < 0) news.rttNs = now - segment.sentAt;
      if (!after(segment.end, connection.recovery.high)) news.arrivedFirstTime = true;
    }
    sent.sack(segment);
    rack.arrived(segment, now, connection.roundTrip.leastNs);
    news.sackedNew++;
    news.delivered++;
  }
}
