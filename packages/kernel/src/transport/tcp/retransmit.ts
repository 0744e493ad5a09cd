// The sender's one timer: SYNs, timeouts, probes of the tail and of a closed window, and segments that were only late.
// RFC 6298 section 5, RFC 8985 sections 6.3 and 7, RFC 9293 section 3.8.

import { TCP_FLAG } from '@netreel/wire';
import { adjustWindow } from './congestion.js';
import type { Connection } from './connection.js';
import { markLate } from './rack.js';
import { enterLoss, enterRecovery } from './recovery.js';
import { hasUnsent, pushOut, resend, resendLost, sendFresh } from './send.js';
import { plus } from './sequence.js';
import { maySend } from './state.js';
import { armTailProbe, leftOfTimeout, tailProbeDue } from './tail-probe.js';
import { sendSyn, transmit } from './transmit.js';

/** net.ipv4.tcp_syn_retries, tcp_synack_retries, tcp_retries2. */
const SYN_RETRIES = 6;
const SYN_ACK_RETRIES = 5;
const RETRIES = 15;

/** What the sender's timer waits for. */
export type Pending = 'none' | 'timeout' | 'probe' | 'reorder' | 'window';

/** The timer has fired. */
export function retransmitDue(connection: Connection): void {
  const { name } = connection.state;
  const { pending } = connection;
  connection.pending = 'none';
  if (name === 'SYN-SENT' || name === 'SYN-RECEIVED') return resendSyn(connection);
  if (!maySend(connection.state)) return;
  if (pending === 'window') return probeWindow(connection);
  if (connection.sent.count === 0) return pushOut(connection);
  switch (pending) {
    case 'timeout': return timeout(connection);
    case 'probe': return tailProbeDue(connection);
    case 'reorder': return lateNow(connection);
    case 'none': return undefined;
  }
}

/** RFC 6298 (5.2), (5.3): something was acknowledged. */
export function armSenderAnew(connection: Connection): void {
  if (connection.sent.count === 0) return connection.disarmSender();
  // RACK waits for something else.
  if (connection.pending === 'reorder') return;
  if (!armTailProbe(connection)) connection.armSender('timeout', connection.timeoutNs);
}

function resendSyn(connection: Connection): void {
  const asked = connection.state.name === 'SYN-SENT';
  if (connection.backoffs >= (asked ? SYN_RETRIES : SYN_ACK_RETRIES)) return connection.end('ETIMEDOUT');
  connection.backoffs++;
  sendSyn(connection, !asked);
  connection.armSender('timeout', connection.timeoutNs);
}

/** RFC 6298 (5.4) to (5.6). */
function timeout(connection: Connection): void {
  if (connection.backoffs >= RETRIES) return connection.end('ETIMEDOUT');
  connection.probeEnd = -1;
  // A receiver that has taken back its window loses nothing on the way: one segment asks.
  if (connection.sendWindow > 0) enterLoss(connection);
  else connection.sent.lose(connection.sent.at(0));
  connection.retries++;
  connection.backoffs++;
  resend(connection, 0);
  connection.armSender('timeout', connection.timeoutNs);
}

/** RFC 8985 section 6.3: what might have been late is lost. */
function lateNow(connection: Connection): void {
  const { news, recovery } = connection;
  news.begin(-1);
  const waitNs = markLate(connection);
  if (news.lost > 0) {
    if (recovery.phase !== 'recovery') enterRecovery(connection);
    news.delivered = 1;
    adjustWindow(connection);
    resendLost(connection);
    pushOut(connection);
  }
  if (waitNs > 0 && connection.pending === 'none') connection.armSender('reorder', waitNs);
  if (connection.pending === 'none' && connection.sent.count > 0) {
    connection.armSender('timeout', leftOfTimeout(connection));
  }
}

/**
 * RFC 9293 section 3.8.6.1, in Linux's way: a number that was acknowledged before calls for an answer, which tells the
 * window. For as long as the other side answers, less and less often.
 */
function probeWindow(connection: Connection): void {
  // It may have become worth a segment meanwhile.
  if (!hasUnsent(connection)) return;
  if (connection.probes >= RETRIES) return connection.end('ETIMEDOUT');
  connection.probes++;
  if (connection.backoffs < RETRIES) connection.backoffs++;
  // Section 3.8.6.2.1: a window that is too small to be worth a segment is used up by now.
  if (connection.sendWindow > 0 && sendFresh(connection, true)) return;
  transmit(connection, plus(connection.una, -1), 0, TCP_FLAG.ack);
  connection.armSender('window', connection.timeoutNs);
}
