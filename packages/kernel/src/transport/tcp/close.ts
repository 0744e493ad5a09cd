// The end of a connection: FIN out, FIN in, and the wait for what is still on its way. RFC 9293 sections 3.6, 3.10.4.

import { SECOND } from '@netreel/sim';
import type { Connection } from './connection.js';
import { resetConnection } from './reset.js';
import { pushOut } from './send.js';
import { sendAck } from './transmit.js';

/** net.ipv4.tcp_fin_timeout: FIN-WAIT-2 of a connection that nobody owns. */
const FIN_WAIT_NS = 60 * SECOND;

/** Nothing more is sent after what is queued. */
export function finish(connection: Connection): void {
  if (connection.finQueued) return;
  switch (connection.state.name) {
    case 'SYN-RECEIVED': connection.queueFin(); return;
    case 'ESTABLISHED': connection.become({ name: 'FIN-WAIT-1' }); break;
    case 'CLOSE-WAIT': connection.become({ name: 'LAST-ACK' }); break;
    default: return;
  }
  connection.queueFin();
  pushOut(connection);
}

/** The program lets go. RFC 2525 section 2.17: what it has not read is lost, which the other side must learn. */
export function release(connection: Connection): void {
  connection.orphan = true;
  connection.owner = undefined;
  if (connection.receiveRing.length > 0) return abort(connection);
  if (connection.state.name === 'SYN-SENT') return connection.end(undefined);
  finish(connection);
  if (connection.state.name === 'FIN-WAIT-2') armFinWait(connection);
}

/** Ends at once, by a reset. */
export function abort(connection: Connection): void {
  resetConnection(connection);
  connection.end(undefined);
}

/** The other side has our FIN. */
export function finAcknowledged(connection: Connection): void {
  switch (connection.state.name) {
    case 'FIN-WAIT-1':
      connection.become({ name: 'FIN-WAIT-2' });
      if (connection.orphan) armFinWait(connection);
      return;
    case 'CLOSING': return waitForStragglers(connection);
    case 'LAST-ACK': return connection.end(undefined);
    default: return;
  }
}

/** The other side's FIN is the next in the stream. */
export function finArrived(connection: Connection): void {
  connection.finReceived = true;
  switch (connection.state.name) {
    case 'ESTABLISHED': connection.become({ name: 'CLOSE-WAIT' }); return;
    case 'FIN-WAIT-1': connection.become({ name: 'CLOSING' }); return;
    case 'FIN-WAIT-2': return waitForStragglers(connection);
    default: return;
  }
}

/** FIN-WAIT-2 without an owner is over. */
export function lingered(connection: Connection): void {
  connection.end(undefined);
}

/** Both sides have ended. The program's part is over; whoever is late is answered from a smaller memory. */
function waitForStragglers(connection: Connection): void {
  connection.become({ name: 'TIME-WAIT' });
  if (connection.acknowledgedTo !== connection.rcvNxt) sendAck(connection);
  connection.letGo(undefined);
  connection.side.waitFor(connection);
  connection.owner?.ended();
}

function armFinWait(connection: Connection): void {
  connection.lingerTimer.arm(connection.side.core.port.now() + FIN_WAIT_NS);
}
