// ICMPv6. RFC 4443; neighbour discovery's messages in short: RFC 4861 section 4, more of them in ndp.ts.

import { read32, write16, write32 } from './bytes.js';
import { internetChecksum, pseudoHeaderSum } from './checksum.js';
import { decoded, flawed } from './flaw.js';
import type { Decoded, Flaw } from './flaw.js';
import { PROTOCOL } from './ipv4.js';
import type { Ipv6 } from './ipv6-address.js';
import { IPV6, IPV6_MTU_LEAST } from './ipv6.js';
import { describeIpv6Quote } from './ipv6-quote.js';
import { NDP_TYPE, decodeNdp, formatNdp } from './ndp.js';

export const ICMPV6 = { TYPE: 0, CODE: 1, CHECKSUM: 2, IDENTIFIER: 4, SEQUENCE: 6, REST: 4, LENGTH: 8 } as const;

export const ICMPV6_TYPE = {
  unreachable: 1, tooBig: 2, timeExceeded: 3, parameterProblem: 4, echo: 128, echoReply: 129,
} as const;

/** Types below are errors. */
export const ICMPV6_FIRST_QUESTION = 128;

/** Codes of "destination unreachable". */
export const ICMPV6_UNREACHABLE = { noRoute: 0, prohibited: 1, beyondScope: 2, address: 3, port: 4, policy: 5,
  reject: 6 } as const;

/** Codes of "time exceeded". */
export const ICMPV6_TIME_EXCEEDED = { transit: 0, reassembly: 1 } as const;

/** RFC 4443 section 2.4 (c): as much of the packet as fits the least MTU. */
export const ICMPV6_QUOTE_BYTES = IPV6_MTU_LEAST - IPV6.LENGTH - ICMPV6.LENGTH;

export interface Icmpv6Packet {
  readonly type: number;
  readonly code: number;
  /** The second word: identifier and sequence, MTU, pointer, or flags. */
  readonly rest: number;
  readonly data: Uint8Array;
}

/** What is wrong with length or checksum, if anything. */
export function checkIcmpv6(buffer: Uint8Array, start: number, end: number, source: Ipv6,
  target: Ipv6): Flaw | undefined {
  if (end - start < ICMPV6.LENGTH) return 'truncated';
  const sum = pseudoHeaderSum(source, target, PROTOCOL.icmpv6, end - start);
  return internetChecksum(buffer, start, end, sum) === 0 ? undefined : 'bad-checksum';
}

/** Data is a view of `buffer`. */
export function decodeIcmpv6(buffer: Uint8Array, start: number, end: number, source: Ipv6,
  target: Ipv6): Decoded<Icmpv6Packet> {
  const flaw = checkIcmpv6(buffer, start, end, source, target);
  if (flaw !== undefined) return flawed(flaw);
  return decoded({ type: buffer[start]!, code: buffer[start + ICMPV6.CODE]!, rest: read32(buffer, start + ICMPV6.REST),
    data: buffer.subarray(start + ICMPV6.LENGTH, end) });
}

/** A new array with header and data. */
export function encodeIcmpv6(packet: Icmpv6Packet, source: Ipv6, target: Ipv6): Uint8Array {
  const bytes = new Uint8Array(ICMPV6.LENGTH + packet.data.length);
  bytes.set(packet.data, ICMPV6.LENGTH);
  writeIcmpv6Header(bytes, 0, bytes.length, packet.type, packet.code, packet.rest, source, target);
  return bytes;
}

/** Writes 8 bytes at `offset`, after the data behind them: the checksum covers addresses and everything up to `end`. */
export function writeIcmpv6Header(buffer: Uint8Array, offset: number, end: number, type: number, code: number,
  rest: number, source: Ipv6, target: Ipv6): void {
  buffer[offset] = type;
  buffer[offset + ICMPV6.CODE] = code;
  write16(buffer, offset + ICMPV6.CHECKSUM, 0);
  write32(buffer, offset + ICMPV6.REST, rest);
  const sum = pseudoHeaderSum(source, target, PROTOCOL.icmpv6, end - offset);
  write16(buffer, offset + ICMPV6.CHECKSUM, internetChecksum(buffer, offset, end, sum));
}

/** `ICMP6, echo request, id 7, seq 1, length 64`. */
export function formatIcmpv6(packet: Icmpv6Packet): string {
  return `ICMP6, ${formatKind(packet)}, length ${ICMPV6.LENGTH + packet.data.length}`;
}

function formatKind(packet: Icmpv6Packet): string {
  const { type, code, rest, data } = packet;
  switch (type) {
    case ICMPV6_TYPE.echo: return `echo request, id ${rest >>> 16}, seq ${rest & 0xffff}`;
    case ICMPV6_TYPE.echoReply: return `echo reply, id ${rest >>> 16}, seq ${rest & 0xffff}`;
    case ICMPV6_TYPE.tooBig: return `packet too big, mtu ${rest}`;
    case ICMPV6_TYPE.timeExceeded:
      return code === ICMPV6_TIME_EXCEEDED.transit ? 'time exceeded in-transit' : 'ip reassembly time exceeded';
    case ICMPV6_TYPE.parameterProblem: return `parameter problem, code ${code}, pointer ${rest}`;
    case ICMPV6_TYPE.unreachable: return `destination unreachable, ${formatUnreachable(code, data)}`;
    case NDP_TYPE.solicitation: case NDP_TYPE.advertisement: {
      const ndp = decodeNdp(packet);
      return ndp.ok ? formatNdp(ndp.packet) : `[ndp ${ndp.flaw}]`;
    }
    default: return TYPE_NAMES.get(type) ?? `unknown icmp6 type (${type})`;
  }
}

const TYPE_NAMES: ReadonlyMap<number, string> = new Map([
  [130, 'multicast listener query'], [131, 'multicast listener report'], [132, 'multicast listener done'],
  [133, 'router solicitation'], [134, 'router advertisement'], [137, 'redirect'],
  [143, 'multicast listener report v2'],
]);

function formatUnreachable(code: number, quoted: Uint8Array): string {
  const { target, port } = describeIpv6Quote(quoted);
  switch (code) {
    case ICMPV6_UNREACHABLE.noRoute: return `unreachable route ${target}`;
    case ICMPV6_UNREACHABLE.prohibited: return `unreachable prohibited ${target}`;
    case ICMPV6_UNREACHABLE.beyondScope: return `beyond scope ${target}`;
    case ICMPV6_UNREACHABLE.address: return `unreachable address ${target}`;
    case ICMPV6_UNREACHABLE.port: return `unreachable port, ${target} ${port}`;
    default: return `code-#${code}`;
  }
}

