// Round-trip times and the timeout that follows from them. RFC 6298 section 2.

import { MILLISECOND, SECOND } from '@netreel/sim';
import type { Connection } from './connection.js';

/** TCP_RTO_MIN of Linux; RFC 6298 (2.4) would have a second. */
const RTO_LEAST_NS = 200 * MILLISECOND;
const RTO_MOST_NS = 120 * SECOND;

/** (5.1), (5.3): starts the timer anew. */
export function armRetransmit(connection: Connection): void {
  connection.retransmitTimer.arm(connection.side.core.port.now() + timeoutOf(connection));
}

/** (5.5): doubles with each timeout in a row. */
export function timeoutOf(connection: Connection): number {
  let ns = connection.rtoNs;
  for (let i = 0; i < connection.backoffs && ns < RTO_MOST_NS; i++) ns *= 2;
  return ns < RTO_MOST_NS ? ns : RTO_MOST_NS;
}

/** (2.2), (2.3): one measurement. */
export function takeSample(connection: Connection, rttNs: number): void {
  if (connection.srttNs < 0) {
    connection.srttNs = rttNs;
    connection.rttvarNs = Math.floor(rttNs / 2);
  } else {
    const error = Math.abs(connection.srttNs - rttNs);
    connection.rttvarNs = Math.floor((3 * connection.rttvarNs + error) / 4);
    connection.srttNs = Math.floor((7 * connection.srttNs + rttNs) / 8);
  }
  connection.rtoNs = Math.max(RTO_LEAST_NS, connection.srttNs + 4 * connection.rttvarNs);
}
