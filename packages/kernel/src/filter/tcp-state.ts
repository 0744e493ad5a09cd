// How far a TCP connection has come, told from flags alone (Linux's states; sequence numbers are not looked at).

import { SECOND } from '@netreel/sim';

export type TcpState = 'SYN_SENT' | 'SYN_RECV' | 'ESTABLISHED' | 'FIN_WAIT' | 'CLOSE_WAIT' | 'LAST_ACK' | 'TIME_WAIT'
  | 'CLOSE';

/** Bits of the flags' byte (RFC 9293 section 3.1), which is the fourteenth of the header. */
export const TCP_FLAG = { fin: 1, syn: 2, rst: 4, ack: 16 } as const;
export const TCP_FLAGS_AT = 13;
export const TCP_CHECKSUM_AT = 16;

/** net.netfilter.nf_conntrack_tcp_timeout_*. */
export const TCP_TIMEOUTS_NS: Readonly<Record<TcpState, number>> = {
  SYN_SENT: 120 * SECOND, SYN_RECV: 60 * SECOND, ESTABLISHED: 432_000 * SECOND, FIN_WAIT: 120 * SECOND,
  CLOSE_WAIT: 60 * SECOND, LAST_ACK: 30 * SECOND, TIME_WAIT: 120 * SECOND, CLOSE: 10 * SECOND,
};

/** The state of a flow whose first packet has `flags`; undefined for packets that begin none. */
export function firstTcpState(flags: number): TcpState | undefined {
  if ((flags & TCP_FLAG.rst) !== 0) return undefined;
  if ((flags & TCP_FLAG.syn) !== 0) return (flags & TCP_FLAG.ack) === 0 ? 'SYN_SENT' : undefined;
  if ((flags & TCP_FLAG.fin) !== 0) return 'FIN_WAIT';
  // Picked up in its middle, as nf_conntrack_tcp_loose has it.
  return (flags & TCP_FLAG.ack) === 0 ? undefined : 'ESTABLISHED';
}

/** The state after one more packet, in the direction of the first one or `reply`. */
export function nextTcpState(state: TcpState, flags: number, reply: boolean): TcpState {
  if ((flags & TCP_FLAG.rst) !== 0) return 'CLOSE';
  const syn = (flags & TCP_FLAG.syn) !== 0;
  const fin = (flags & TCP_FLAG.fin) !== 0;
  const ack = (flags & TCP_FLAG.ack) !== 0;
  if (syn) {
    if (reply && ack && state === 'SYN_SENT') return 'SYN_RECV';
    // The same ports again: a new connection takes the flow over.
    return !reply && !ack && (state === 'TIME_WAIT' || state === 'CLOSE') ? 'SYN_SENT' : state;
  }
  switch (state) {
    case 'SYN_RECV':
      if (fin) return 'FIN_WAIT';
      return ack && !reply ? 'ESTABLISHED' : state;
    case 'ESTABLISHED': return fin ? 'FIN_WAIT' : state;
    case 'FIN_WAIT':
      if (fin) return 'LAST_ACK';
      return ack && reply ? 'CLOSE_WAIT' : state;
    case 'CLOSE_WAIT': return fin ? 'LAST_ACK' : state;
    case 'LAST_ACK': return ack && !fin ? 'TIME_WAIT' : state;
    default: return state;
  }
}
