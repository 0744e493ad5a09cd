// Addresses and ports are changed in place, and every checksum over them with them (RFC 1624 equation 3). ICMP errors
// are changed inside and outside (RFC 5508 section 4.2), so that whoever gets one knows the packet that it quotes.

import {
  ICMP, ICMP_TYPE, type Frame, IPV4, type Ipv4, PROTOCOL, UDP, UDP_NO_CHECKSUM, adjustChecksum, internetChecksum,
  ipv4HeaderBytes, read16, write16,
} from '@netreel/wire';
import { TCP_CHECKSUM_AT } from './tcp-state.js';

export type Side = 'source' | 'target';

/** Gives one side of the packet at `frame.start` another address and port (an echo: another identifier). */
export function rewrite(frame: Frame, side: Side, address: Ipv4, port: number): void {
  // The checksum stays as right as it was: who has summed a frame need not do so again.
  rewriteHeaders(frame.buffer, frame.start, frame.end, side, address, port);
}

/** The same for an ICMP error: its own address on `side`, and in the packet that it quotes the opposite side. */
export function rewriteError(frame: Frame, side: Side, address: Ipv4, port: number): void {
  const { buffer, start, end } = frame;
  const at = start + ipv4HeaderBytes(buffer, start);
  const quote = at + ICMP.LENGTH;
  const before = ~internetChecksum(buffer, quote, end) & 0xffff;
  rewriteHeaders(buffer, quote, end, side === 'source' ? 'target' : 'source', address, port);
  const after = ~internetChecksum(buffer, quote, end) & 0xffff;
  const sum = at + ICMP.CHECKSUM;
  // A wrong checksum stays wrong: only the difference goes in.
  write16(buffer, sum, adjustChecksum(read16(buffer, sum), before, after));
  rewriteAddress(buffer, start, side, address, 0);
  frame.summed = false;
}

/** Whether the ICMP message at `at` quotes a packet. */
export function isError(type: number): boolean {
  return type === ICMP_TYPE.unreachable || type === ICMP_TYPE.timeExceeded || type === ICMP_TYPE.parameterProblem;
}

function rewriteHeaders(buffer: Uint8Array, start: number, end: number, side: Side, address: Ipv4, port: number): void {
  const at = start + ipv4HeaderBytes(buffer, start);
  const protocol = buffer[start + IPV4.PROTOCOL]!;
  if (protocol === PROTOCOL.icmp) {
    rewriteAddress(buffer, start, side, address, 0);
    if (at + ICMP.LENGTH <= end) replace(buffer, at + ICMP.IDENTIFIER, port, at + ICMP.CHECKSUM);
    return;
  }
  const sum = sumAt(buffer, protocol, at, end);
  rewriteAddress(buffer, start, side, address, sum);
  if (protocol !== PROTOCOL.udp && protocol !== PROTOCOL.tcp) return;
  const place = side === 'source' ? at + UDP.SOURCE_PORT : at + UDP.TARGET_PORT;
  if (place + 2 <= end) replace(buffer, place, port, sum);
  // RFC 768: a computed zero is sent as all ones, for zero means that there is none.
  if (protocol === PROTOCOL.udp && sum !== 0 && read16(buffer, sum) === UDP_NO_CHECKSUM) write16(buffer, sum, 0xffff);
}

/** Where the transport's checksum stands; 0 when there is none, or a quote has been cut before it. */
function sumAt(buffer: Uint8Array, protocol: number, at: number, end: number): number {
  if (protocol === PROTOCOL.udp) {
    const sum = at + UDP.CHECKSUM;
    return sum + 2 <= end && read16(buffer, sum) !== UDP_NO_CHECKSUM ? sum : 0;
  }
  const sum = at + TCP_CHECKSUM_AT;
  return protocol === PROTOCOL.tcp && sum + 2 <= end ? sum : 0;
}

function rewriteAddress(buffer: Uint8Array, start: number, side: Side, address: Ipv4, transportSum: number): void {
  const at = start + (side === 'source' ? IPV4.SOURCE : IPV4.TARGET);
  rewriteHalf(buffer, at, address >>> 16, start + IPV4.CHECKSUM, transportSum);
  rewriteHalf(buffer, at + 2, address & 0xffff, start + IPV4.CHECKSUM, transportSum);
}

/** Half of an address: the pseudo header has it too. */
function rewriteHalf(buffer: Uint8Array, at: number, word: number, headerSum: number, transportSum: number): void {
  const before = read16(buffer, at);
  if (before === word) return;
  write16(buffer, at, word);
  write16(buffer, headerSum, adjustChecksum(read16(buffer, headerSum), before, word));
  if (transportSum !== 0) write16(buffer, transportSum, adjustChecksum(read16(buffer, transportSum), before, word));
}

/** Writes a word and adjusts the checksum at `sum` (0: none). */
function replace(buffer: Uint8Array, at: number, word: number, sum: number): void {
  if (sum !== 0) write16(buffer, sum, adjustChecksum(read16(buffer, sum), read16(buffer, at), word));
  write16(buffer, at, word);
}
