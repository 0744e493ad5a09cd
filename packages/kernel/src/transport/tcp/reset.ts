// Resets, sent and received. RFC 9293 sections 3.5.2, 3.10.7.1; RFC 5961 sections 3 and 4 (challenge ACKs).

import { MILLISECOND } from '@netreel/sim';
import { TCP_FLAG } from '@netreel/wire';
import type { Connection, TcpSide } from './connection.js';
import { plus } from './sequence.js';
import type { Segment } from './segment.js';
import { endsOf, sendAck, transmitReset } from './transmit.js';

/** net.ipv4.tcp_invalid_ratelimit: two sides that disagree must not answer each other for ever. */
const CHALLENGE_INTERVAL_NS = 500 * MILLISECOND;

/** Tells the sender of `segment` that there is no such connection. */
export function refuse(side: TcpSide, segment: Segment): void {
  if (segment.has(TCP_FLAG.rst)) return;
  const ends = endsOf(segment);
  if (segment.has(TCP_FLAG.ack)) transmitReset(side, ends, segment.acknowledgment, 0, TCP_FLAG.rst);
  else transmitReset(side, ends, 0, plus(segment.sequence, segment.length), TCP_FLAG.rst | TCP_FLAG.ack);
}

/** Resets a connection from this side. */
export function resetConnection(connection: Connection): void {
  const { side, nxt, rcvNxt, state } = connection;
  // Who was never answered has nobody to tell (RFC 9293 section 3.10.5).
  if (state.name !== 'SYN-SENT' && state.name !== 'CLOSED') {
    transmitReset(side, connection, nxt, rcvNxt, TCP_FLAG.rst | TCP_FLAG.ack);
  }
}

/** Asks a peer that says something strange whether it meant that. */
export function challenge(connection: Connection): void {
  const now = connection.side.core.port.now();
  if (now - connection.challengedAt < CHALLENGE_INTERVAL_NS) return;
  connection.challengedAt = now;
  sendAck(connection);
}

/** A reset whose number may be right. RFC 5961 section 3.2: only the very next one is believed. */
export function takeReset(connection: Connection, segment: Segment): void {
  if (segment.sequence !== connection.rcvNxt) return challenge(connection);
  switch (connection.state.name) {
    case 'SYN-RECEIVED': return connection.end('ECONNREFUSED');
    case 'CLOSE-WAIT': return connection.end('EPIPE');
    default: return connection.end('ECONNRESET');
  }
}
