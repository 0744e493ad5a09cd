// The states of a connection by their names in RFC 9293 section 3.3.2, each with what is known in it alone.

import type { Errno } from '../../sockets.js';
import type { Listener } from './listen.js';

export type TcpState =
  | { readonly name: 'CLOSED'; readonly error: Errno | undefined }
  | { readonly name: 'SYN-SENT' }
  /** `listener`: where the connection waits to be accepted; undefined when both sides opened it at once. */
  | { readonly name: 'SYN-RECEIVED'; readonly listener: Listener | undefined }
  | { readonly name: 'ESTABLISHED' }
  | { readonly name: 'FIN-WAIT-1' }
  | { readonly name: 'FIN-WAIT-2' }
  | { readonly name: 'CLOSE-WAIT' }
  | { readonly name: 'CLOSING' }
  | { readonly name: 'LAST-ACK' }
  | { readonly name: 'TIME-WAIT' };

export type TcpStateName = TcpState['name'] | 'LISTEN';

/** Whether data and FIN may be sent, again or for the first time. */
export function maySend(state: TcpState): boolean {
  switch (state.name) {
    case 'ESTABLISHED': case 'CLOSE-WAIT': case 'FIN-WAIT-1': case 'CLOSING': case 'LAST-ACK': return true;
    default: return false;
  }
}

/** Whether the other side may still send data. */
export function mayReceive(state: TcpState): boolean {
  return state.name === 'ESTABLISHED' || state.name === 'FIN-WAIT-1' || state.name === 'FIN-WAIT-2';
}
