// What the other side has, and how much more it takes. RFC 9293 section 3.10.7.4 step 5, RFC 5961 section 5.2.

import { adjustWindow } from './congestion.js';
import { type Connection } from './connection.js';
import { resendLost } from './send.js';
import { challenge } from './reset.js';
import { respond } from './recovery.js';
import { takeSack } from './sack.js';
import { armSenderAnew } from './retransmit.js';
import { pushOut } from './send.js';
import { after, before, distance, plus } from './sequence.js';
import type { Segment } from './segment.js';
import { tailProbeAnswered } from './tail-probe.js';
import { sinceStamp } from './timestamps.js';

/** False when the segment is to be dropped. */
export function takeAcknowledgment(connection: Connection, segment: Segment): boolean {
  const { acknowledgment } = segment;
  if (after(acknowledgment, connection.nxt)
    || before(acknowledgment, plus(connection.una, -connection.largestWindow))) {
    challenge(connection);
    return false;
  }
  const { sent, news, recovery } = connection;
  const acked = distance(acknowledgment, connection.una);
  news.begin(connection.stamps && segment.options.stamped ? segment.options.stampEcho : -1);
  connection.probes = 0;
  const outstanding = sent.count;
  const windowBefore = connection.sendWindow;
  if (segment.options.sackEdgeCount > 0 && connection.sack) takeSack(connection, segment);
  if (acked > 0) advance(connection, acked);
  if (acked >= 0) takeWindow(connection, segment);
  else if (news.sackedNew === 0) return true;
  if (outstanding === 0) return true;
  news.duplicate = acked === 0 && segment.length === 0 && connection.sendWindow === windowBefore;
  takeRoundTrip(connection);
  connection.rack.adapt(news.twice, connection.una, connection.nxt);
  if (connection.probeEnd >= 0) {
    tailProbeAnswered(connection, acknowledgment, news.twice, news.duplicate && news.sackedNew === 0);
  }
  let next: ReturnType<typeof respond> = 'nothing';
  if (recovery.phase !== 'open' || news.duplicate || news.sackedNew > 0 || news.twice) next = respond(connection);
  adjustWindow(connection);
  if (acked > 0) armSenderAnew(connection);
  if (next !== 'nothing') repair(connection, next);
  return true;
}

function repair(connection: Connection, next: 'lost' | 'new'): void {
  if (next === 'new') {
    // RFC 5682 section 3.1 step 2 b: new data tell whether the timeout was a false alarm.
    const { nxt } = connection;
    pushOut(connection);
    if (after(connection.nxt, nxt)) return;
    connection.recovery.doubtful = false;
  }
  resendLost(connection);
}

/** SND.UNA moves. */
function advance(connection: Connection, acked: number): void {
  const { sent, news, side } = connection;
  connection.sendRing.drop(Math.min(acked, connection.sendRing.length));
  connection.una = plus(connection.una, acked);
  connection.retries = 0;
  news.advanced = true;
  const now = side.core.port.now();
  let firstAt = -1;
  let repeated = false;
  while (sent.count > 0 && !after(sent.at(0).end, connection.una)) {
    const segment = sent.takeFirst();
    news.ackedCount++;
    if (segment.everAgain) repeated = true;
    if (segment.sacked) continue;
    news.delivered++;
    connection.rack.arrived(segment, now, connection.roundTrip.leastNs);
    if (segment.everAgain) continue;
    if (firstAt < 0) firstAt = segment.sentAt;
    if (!after(segment.end, connection.recovery.high)) news.arrivedFirstTime = true;
  }
  if (sent.count > 0) sent.trim(connection.una);
  // RFC 6298 section 3 (Karn): what was sent twice tells no round-trip time by itself.
  if (firstAt >= 0 && !repeated) news.rttNs = now - firstAt;
  if (connection.sacked.count > 0) connection.sacked.dropBelow(connection.una);
}

function takeRoundTrip(connection: Connection): void {
  const { news, side } = connection;
  // RFC 7323 section 4: the echo tells what Karn's rule cannot.
  if (news.rttNs < 0 && news.echo >= 0 && news.advanced) news.rttNs = sinceStamp(connection, news.echo);
  if (news.rttNs < 0) return;
  connection.roundTrip.sample(news.rttNs, side.core.port.now());
  connection.backoffs = 0;
}

/** SND.WND, unless an older segment says so. */
export function takeWindow(connection: Connection, segment: Segment): void {
  const { sequence, acknowledgment } = segment;
  if (before(sequence, connection.windowSequence)
    || (sequence === connection.windowSequence && before(acknowledgment, connection.windowAcknowledgment))) return;
  connection.sendWindow = segment.window << connection.sendShift;
  connection.windowSequence = sequence;
  connection.windowAcknowledgment = acknowledgment;
  if (connection.sendWindow > connection.largestWindow) connection.largestWindow = connection.sendWindow;
  if (connection.sent.count > 0 || connection.pending !== 'window') return;
  // It answers a probe. Open again, or to be asked again after as long as the last time.
  if (connection.sendWindow > 0) {
    connection.backoffs = 0;
    connection.disarmSender();
  } else {
    connection.armSender('window', connection.timeoutNs);
  }
}

/** A third of the buffer: Linux wakes writers from there on. */
export function hasRoom(connection: Connection): boolean {
  return connection.sendRoom >= connection.sendBufferBytes / 3;
}
