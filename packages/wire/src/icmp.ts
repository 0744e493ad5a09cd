// ICMP. RFC 792; unreachable codes RFC 1122 section 3.2.2.1 and RFC 1812 section 5.2.7.1; next-hop MTU RFC 1191
// section 4.

import { formatIpv4 } from './address.js';
import type { Ipv4 } from './address.js';
import { read16, read32, write16, write32 } from './bytes.js';
import { internetChecksum } from './checksum.js';
import { decoded, flawed } from './flaw.js';
import type { Decoded, Flaw } from './flaw.js';
import { IPV4, PROTOCOL, formatProtocol, ipv4HeaderBytes } from './ipv4.js';

export const ICMP = {
  TYPE: 0, CODE: 1, CHECKSUM: 2, IDENTIFIER: 4, SEQUENCE: 6, POINTER: 4, NEXT_HOP_MTU: 6, LENGTH: 8,
} as const;

export const ICMP_TYPE = { echoReply: 0, unreachable: 3, echo: 8, timeExceeded: 11, parameterProblem: 12 } as const;

/** Codes of "destination unreachable". */
export const ICMP_UNREACHABLE = {
  network: 0, host: 1, protocol: 2, port: 3, fragmentationNeeded: 4, sourceRouteFailed: 5, networkUnknown: 6,
  hostUnknown: 7, hostIsolated: 8, networkProhibited: 9, hostProhibited: 10, networkTos: 11, hostTos: 12,
  communicationProhibited: 13, hostPrecedence: 14, precedenceCutoff: 15,
} as const;

/** Codes of "time exceeded". */
export const ICMP_TIME_EXCEEDED = { transit: 0, reassembly: 1 } as const;

/**
 * How much of a datagram an error quotes at most, so that the whole error stays within 576 bytes (RFC 1812
 * section 4.3.2.3).
 */
export const ICMP_QUOTE_BYTES = 576 - IPV4.LENGTH - ICMP.LENGTH;

/** RFC 792: header and 64 bits of the datagram are quoted at least. */
const LEAST_QUOTED_PAYLOAD = 8;

export type IcmpPacket =
  | { readonly kind: 'echo' | 'echo-reply'; readonly identifier: number; readonly sequence: number;
      readonly data: Uint8Array }
  /** `nextHopMtu` is of meaning for code 4 only, and 0 when the router did not tell. */
  | { readonly kind: 'unreachable'; readonly code: number; readonly nextHopMtu: number; readonly quoted: Uint8Array }
  | { readonly kind: 'time-exceeded'; readonly code: number; readonly quoted: Uint8Array }
  | { readonly kind: 'parameter-problem'; readonly code: number; readonly pointer: number;
      readonly quoted: Uint8Array };

/** What an ICMP error tells about the datagram it quotes. */
export interface QuotedDatagram {
  readonly source: Ipv4;
  readonly target: Ipv4;
  readonly protocol: number;
  readonly identification: number;
  /** Length of the original datagram. */
  readonly totalBytes: number;
  /** What follows the quoted header, at least 8 bytes unless the original was shorter. */
  readonly payload: Uint8Array;
}

/** What is wrong with length or checksum, if anything. */
export function checkIcmp(buffer: Uint8Array, start: number, end: number): Flaw | undefined {
  if (end - start < ICMP.LENGTH) return 'truncated';
  return internetChecksum(buffer, start, end) === 0 ? undefined : 'bad-checksum';
}

/** Data and quoted datagram are views of `buffer`. */
export function decodeIcmp(buffer: Uint8Array, start = 0, end = buffer.length): Decoded<IcmpPacket> {
  const flaw = checkIcmp(buffer, start, end);
  if (flaw !== undefined) return flawed(flaw);
  const type = buffer[start + ICMP.TYPE]!;
  const code = buffer[start + ICMP.CODE]!;
  const rest = buffer.subarray(start + ICMP.LENGTH, end);
  if (type === ICMP_TYPE.echo || type === ICMP_TYPE.echoReply) {
    if (code !== 0) return flawed('bad-value');
    return decoded({
      kind: type === ICMP_TYPE.echo ? 'echo' : 'echo-reply',
      identifier: read16(buffer, start + ICMP.IDENTIFIER),
      sequence: read16(buffer, start + ICMP.SEQUENCE),
      data: rest,
    });
  }
  const highestCode = HIGHEST_CODES.get(type);
  if (highestCode === undefined) return flawed('unsupported');
  if (code > highestCode) return flawed('bad-value');
  const quote = decodeQuoted(rest);
  if (!quote.ok) return quote;
  switch (type) {
    case ICMP_TYPE.unreachable:
      return decoded({ kind: 'unreachable', code, nextHopMtu: read16(buffer, start + ICMP.NEXT_HOP_MTU),
        quoted: rest });
    case ICMP_TYPE.timeExceeded:
      return decoded({ kind: 'time-exceeded', code, quoted: rest });
    default:
      return decoded({ kind: 'parameter-problem', code, pointer: buffer[start + ICMP.POINTER]!, quoted: rest });
  }
}

const HIGHEST_CODES: ReadonlyMap<number, number> = new Map([
  [ICMP_TYPE.unreachable, 15], [ICMP_TYPE.timeExceeded, 1], [ICMP_TYPE.parameterProblem, 2],
]);

/**
 * Reads the head of a datagram that an error quotes. Neither its length nor its checksum need be right: it is cut, and
 * routers on the way have changed it.
 */
export function decodeQuoted(buffer: Uint8Array, start = 0, end = buffer.length): Decoded<QuotedDatagram> {
  if (end - start < IPV4.LENGTH) return flawed('truncated');
  if (buffer[start]! >>> 4 !== 4) return flawed('bad-version');
  const headerBytes = ipv4HeaderBytes(buffer, start);
  const totalBytes = read16(buffer, start + IPV4.TOTAL_LENGTH);
  if (headerBytes < IPV4.LENGTH || totalBytes < headerBytes) return flawed('bad-length');
  if (end - start < Math.min(totalBytes, headerBytes + LEAST_QUOTED_PAYLOAD)) return flawed('truncated');
  return decoded({
    source: read32(buffer, start + IPV4.SOURCE),
    target: read32(buffer, start + IPV4.TARGET),
    protocol: buffer[start + IPV4.PROTOCOL]!,
    identification: read16(buffer, start + IPV4.IDENTIFICATION),
    totalBytes,
    payload: buffer.subarray(start + headerBytes, Math.min(end, start + totalBytes)),
  });
}

/** A new array with header and data. */
export function encodeIcmp(packet: IcmpPacket): Uint8Array {
  switch (packet.kind) {
    case 'echo':
      return encode(ICMP_TYPE.echo, 0, (packet.identifier << 16) | packet.sequence, packet.data);
    case 'echo-reply':
      return encode(ICMP_TYPE.echoReply, 0, (packet.identifier << 16) | packet.sequence, packet.data);
    case 'unreachable':
      return encode(ICMP_TYPE.unreachable, packet.code, packet.nextHopMtu, packet.quoted);
    case 'time-exceeded':
      return encode(ICMP_TYPE.timeExceeded, packet.code, 0, packet.quoted);
    case 'parameter-problem':
      return encode(ICMP_TYPE.parameterProblem, packet.code, packet.pointer << 24, packet.quoted);
  }
}

function encode(type: number, code: number, rest: number, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(ICMP.LENGTH + data.length);
  bytes.set(data, ICMP.LENGTH);
  writeIcmpHeader(bytes, 0, bytes.length, type, code, rest);
  return bytes;
}

/**
 * Writes 8 bytes at `offset`, after the data behind them: the checksum covers everything up to `end`. `rest` is the
 * second word: identifier and sequence, next-hop MTU, or the pointer in its upper byte.
 */
export function writeIcmpHeader(
  buffer: Uint8Array, offset: number, end: number, type: number, code: number, rest: number,
): void {
  buffer[offset + ICMP.TYPE] = type;
  buffer[offset + ICMP.CODE] = code;
  write16(buffer, offset + ICMP.CHECKSUM, 0);
  write32(buffer, offset + ICMP.LENGTH - 4, rest);
  write16(buffer, offset + ICMP.CHECKSUM, internetChecksum(buffer, offset, end));
}

/** `ICMP echo request, id 7, seq 1, length 64`, `ICMP 10.0.0.3 udp port 53 unreachable, length 36`. */
export function formatIcmp(packet: IcmpPacket): string {
  const data = 'data' in packet ? packet.data : packet.quoted;
  return `ICMP ${formatKind(packet)}, length ${ICMP.LENGTH + data.length}`;
}

function formatKind(packet: IcmpPacket): string {
  switch (packet.kind) {
    case 'echo':
      return `echo request, id ${packet.identifier}, seq ${packet.sequence}`;
    case 'echo-reply':
      return `echo reply, id ${packet.identifier}, seq ${packet.sequence}`;
    case 'unreachable':
      return formatUnreachable(packet.code, packet.nextHopMtu, packet.quoted);
    case 'time-exceeded':
      return packet.code === ICMP_TIME_EXCEEDED.transit ? 'time exceeded in-transit' : 'ip reassembly time exceeded';
    case 'parameter-problem':
      return `parameter problem - octet ${packet.pointer}`;
  }
}

function formatUnreachable(code: number, nextHopMtu: number, quoted: Uint8Array): string {
  const quote = decodeQuoted(quoted);
  const target = quote.ok ? formatIpv4(quote.packet.target) : '?';
  switch (code) {
    case ICMP_UNREACHABLE.protocol:
      return `${target} protocol ${quote.ok ? quote.packet.protocol : '?'} unreachable`;
    case ICMP_UNREACHABLE.port:
      return `${target} ${quote.ok ? formatQuotedPort(quote.packet) : 'port ?'} unreachable`;
    case ICMP_UNREACHABLE.fragmentationNeeded:
      return `${target} unreachable - need to frag${nextHopMtu === 0 ? '' : ` (mtu ${nextHopMtu})`}`;
    default:
      return (UNREACHABLE_TEXTS[code] ?? `TARGET unreachable - #${code}`).replace('TARGET', target);
  }
}

function formatQuotedPort(quote: QuotedDatagram): string {
  const hasPorts = quote.protocol === PROTOCOL.udp || quote.protocol === PROTOCOL.tcp;
  const port = hasPorts && quote.payload.length >= 4 ? read16(quote.payload, 2) : undefined;
  return port === undefined ? `protocol ${quote.protocol} port` : `${formatProtocol(quote.protocol)} port ${port}`;
}

/** By code; those with more to say are written out above. */
const UNREACHABLE_TEXTS: readonly (string | undefined)[] = [
  'net TARGET unreachable', 'host TARGET unreachable', undefined, undefined, undefined,
  'TARGET unreachable - source route failed', 'net TARGET unreachable - unknown', 'host TARGET unreachable - unknown',
  'TARGET unreachable - source host isolated', 'net TARGET unreachable - admin prohibited',
  'host TARGET unreachable - admin prohibited', 'net TARGET unreachable - tos prohibited',
  'host TARGET unreachable - tos prohibited', 'host TARGET unreachable - admin prohibited filter',
  'host TARGET unreachable - host precedence violation', 'host TARGET unreachable - precedence cutoff',
];
