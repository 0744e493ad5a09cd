// A number that is the same for all frames of one flow. RFC 7348 section 5: the outer source port comes from a hash of
// the inner headers, so that routers on the way spread flows and keep each of them in order; RFC 6335 section 6 for
// the range.

import { ETHERNET, ETHERTYPE, type Frame, read16, read32 } from '@netreel/wire';

const FIRST_PORT = 49152;

const IP_FRAGMENT = 6;
const IP_PROTOCOL = 9;
const IP_SOURCE = 12;
const IP_TARGET = 16;
const IP_LENGTH = 20;
const PROTOCOL_TCP = 6;
const PROTOCOL_UDP = 17;
/** More-fragments flag and fragment offset. */
const FRAGMENTED = 0x3fff;

/** 49152 to 65535. */
export function tunnelSourcePort(frame: Frame): number {
  const { buffer, start, end } = frame;
  const network = start + ETHERNET.LENGTH;
  let hash = read32(buffer, start + 2) ^ Math.imul(read32(buffer, start + 8), 0x85eb_ca6b);
  if (end - network >= IP_LENGTH && read16(buffer, start + ETHERNET.TYPE) === ETHERTYPE.ipv4) {
    const protocol = buffer[network + IP_PROTOCOL]!;
    hash = Math.imul(read32(buffer, network + IP_SOURCE) ^ protocol, 0x9e37_79b1) ^ read32(buffer, network + IP_TARGET);
    const transport = network + (buffer[network]! & 15) * 4;
    // Only the first fragment has ports: to keep a datagram's fragments on one path, none of them may count.
    if ((protocol === PROTOCOL_UDP || protocol === PROTOCOL_TCP) && end - transport >= 4
      && (read16(buffer, network + IP_FRAGMENT) & FRAGMENTED) === 0) {
      hash ^= Math.imul(read32(buffer, transport), 0xc2b2_ae35);
    }
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return FIRST_PORT + ((hash ^ (hash >>> 16)) & 0x3fff);
}
