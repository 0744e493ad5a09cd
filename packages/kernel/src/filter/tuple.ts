// Which flow a packet belongs to, read from its headers. Ports of UDP and TCP; of an echo its identifier and type; of
// other protocols the addresses alone.

import { ICMP, ICMP_TYPE, IPV4, PROTOCOL, ipv4HeaderBytes, read16, read32 } from '@netreel/wire';
import type { Tuple } from './tables.js';

/** Type and code of an echo request and of its reply, as one word. */
const ECHO_WORD = ICMP_TYPE.echo << 8;
const ECHO_REPLY_WORD = ICMP_TYPE.echoReply << 8;

/** The tuple of the packet that is being looked at: one object for all of them. */
export class TupleRead implements Tuple {
  protocol = 0;
  source = 0;
  sourcePort = 0;
  target = 0;
  targetPort = 0;

  /** Reads the packet at `start`; false when no flow can have it: cut short, or ICMP that is no echo. */
  read(buffer: Uint8Array, start: number, end: number): boolean {
    const protocol = buffer[start + IPV4.PROTOCOL]!;
    this.protocol = protocol;
    this.source = read32(buffer, start + IPV4.SOURCE);
    this.target = read32(buffer, start + IPV4.TARGET);
    this.sourcePort = this.targetPort = 0;
    const at = start + ipv4HeaderBytes(buffer, start);
    if (hasPorts(protocol)) {
      if (end - at < 8) return false;
      this.sourcePort = read16(buffer, at);
      this.targetPort = read16(buffer, at + 2);
    } else if (protocol === PROTOCOL.icmp) {
      if (end - at < ICMP.LENGTH) return false;
      this.targetPort = read16(buffer, at);
      this.sourcePort = read16(buffer, at + ICMP.IDENTIFIER);
      return this.targetPort === ECHO_WORD || this.targetPort === ECHO_REPLY_WORD;
    }
    return true;
  }

  copy(): Tuple {
    const { protocol, source, sourcePort, target, targetPort } = this;
    return { protocol, source, sourcePort, target, targetPort };
  }
}

/** What an answer to a packet with `tuple` looks like. */
export function turned(tuple: Tuple): Tuple {
  const { protocol, source, sourcePort, target, targetPort } = tuple;
  if (protocol === PROTOCOL.icmp) {
    return { protocol, source: target, sourcePort, target: source, targetPort: ECHO_WORD - targetPort };
  }
  return { protocol, source: target, sourcePort: targetPort, target: source, targetPort: sourcePort };
}

/** Whether a flow may begin with such a packet: an echo reply answers, or means nothing. */
export function mayBegin(tuple: Tuple): boolean {
  return tuple.protocol !== PROTOCOL.icmp || tuple.targetPort === ECHO_WORD;
}

export function sameTuple(a: Tuple, b: Tuple): boolean {
  return a.source === b.source && a.target === b.target && a.sourcePort === b.sourcePort
    && a.targetPort === b.targetPort && a.protocol === b.protocol;
}

/** A small number that equal tuples share. */
export function hashOf(tuple: Tuple): number {
  let hash = Math.imul(tuple.source, 0x9e37_79b1) ^ tuple.target;
  hash = Math.imul(hash ^ (hash >>> 15), 0x85eb_ca6b) ^ (tuple.sourcePort << 16 | tuple.targetPort);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35) ^ tuple.protocol;
  return (hash ^ (hash >>> 16)) & 0x3fff_ffff;
}

/** Whether a protocol's header begins with two ports. */
export function hasPorts(protocol: number): boolean {
  return protocol === PROTOCOL.udp || protocol === PROTOCOL.tcp;
}
