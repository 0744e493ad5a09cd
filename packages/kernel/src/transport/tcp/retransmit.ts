// The retransmission timer: SYNs, data, and probes of a closed window. RFC 6298 section 5, RFC 9293 section 3.8.

import { halve } from './congestion.js';
import type { Connection } from './connection.js';
import { armRetransmit } from './retransmit-timer.js';
import { hasUnsent, pushOut, sendRange } from './send.js';
import { distance, plus } from './sequence.js';
import { maySend } from './state.js';
import { sackBytes, sendSyn } from './transmit.js';

/** net.ipv4.tcp_syn_retries, tcp_synack_retries, tcp_retries2. */
const SYN_RETRIES = 6;
const SYN_ACK_RETRIES = 5;
const RETRIES = 15;

/** The timer has fired. */
export function retransmitDue(connection: Connection): void {
  const { name } = connection.state;
  if (name === 'SYN-SENT' || name === 'SYN-RECEIVED') return resendSyn(connection);
  if (!maySend(connection.state)) return;
  const waiting = connection.una !== connection.max;
  if (!waiting && !hasUnsent(connection)) return;
  if (waiting && connection.sendWindow > 0) timeout(connection);
  else probe(connection, waiting);
}

function resendSyn(connection: Connection): void {
  const asked = connection.state.name === 'SYN-SENT';
  if (connection.backoffs >= (asked ? SYN_RETRIES : SYN_ACK_RETRIES)) return connection.end('ETIMEDOUT');
  connection.backoffs++;
  connection.timing = false;
  sendSyn(connection, !asked);
  armRetransmit(connection);
}

/** RFC 6298 (5.4) to (5.6), RFC 5681 section 3.1: all is lost until shown otherwise. */
function timeout(connection: Connection): void {
  if (connection.backoffs >= RETRIES) return connection.end('ETIMEDOUT');
  // Equation 4 holds for the first timeout of a segment only.
  if (connection.backoffs === 0) halve(connection);
  connection.backoffs++;
  connection.cwnd = connection.mss;
  connection.credit = 0;
  connection.duplicates = 0;
  connection.recovering = false;
  connection.recover = connection.max;
  connection.timing = false;
  // RFC 2018 section 8: the receiver may have thrown away what it reported.
  connection.sacked.clear();
  connection.nxt = connection.una;
  pushOut(connection);
  armRetransmit(connection);
}

/**
 * RFC 9293 section 3.8.6.1: a byte beyond the window, for as long as the other side answers, less and less often.
 * A window that is too small to be worth a segment is used up by now (section 3.8.6.2.1).
 */
function probe(connection: Connection, again: boolean): void {
  const now = connection.side.core.port.now();
  if (connection.backoffs < RETRIES) connection.backoffs++;
  else if (connection.heardAt < connection.probedAt) return connection.end('ETIMEDOUT');
  const data = distance(connection.dataEnd, connection.una);
  const room = Math.min(connection.sendWindow, connection.mss - sackBytes(connection));
  const count = data > 0 ? Math.max(1, Math.min(data, room)) : 0;
  const fin = connection.finQueued && count === data;
  connection.probes++;
  connection.probedAt = now;
  connection.timing = false;
  sendRange(connection, connection.una, count, fin);
  if (!again) connection.max = connection.nxt = plus(connection.una, count + (fin ? 1 : 0));
  armRetransmit(connection);
}
