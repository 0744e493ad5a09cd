// Whether a silent peer is still there. RFC 9293 section 3.8.4; the times are Linux's.

import { SECOND } from '@netreel/sim';
import { TCP_FLAG } from '@netreel/wire';
import type { Connection } from './connection.js';
import { resetConnection } from './reset.js';
import { plus } from './sequence.js';
import { transmit } from './transmit.js';

const IDLE_NS = 7200 * SECOND;
const INTERVAL_NS = 75 * SECOND;
const PROBES = 9;

/** Begins to watch, when the program asked for it. */
export function startKeepalive(connection: Connection): void {
  connection.keepaliveTimer.arm(connection.side.core.port.now() + IDLE_NS);
}

export function stopKeepalive(connection: Connection): void {
  connection.keepaliveTimer.cancel();
}

/** Something arrived: the peer lives. */
export function keepaliveHeard(connection: Connection): void {
  if (!connection.keepaliveTimer.armed) return;
  connection.keepaliveProbes = 0;
  startKeepalive(connection);
}

/** Nothing was heard for long. A number that was acknowledged before calls for an answer. */
export function keepaliveDue(connection: Connection): void {
  const { name } = connection.state;
  if (name === 'SYN-SENT' || name === 'SYN-RECEIVED') return startKeepalive(connection);
  if (connection.keepaliveProbes >= PROBES) {
    resetConnection(connection);
    return connection.end('ETIMEDOUT');
  }
  connection.keepaliveProbes++;
  // Data on its way asks the same question.
  if (connection.una === connection.nxt) transmit(connection, plus(connection.una, -1), 0, TCP_FLAG.ack);
  connection.keepaliveTimer.arm(connection.side.core.port.now() + INTERVAL_NS);
}
