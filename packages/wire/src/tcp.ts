// TCP segments. RFC 9293 section 3.1; options: section 3.2 (MSS), RFC 7323 (window scale, timestamps), RFC 2018 (SACK).

import { read16, read32, write16, write32 } from './bytes.js';
import { internetChecksum, pseudoHeaderSum } from './checksum.js';
import { decoded, flawed } from './flaw.js';
import type { Decoded, Flaw } from './flaw.js';
import { PROTOCOL } from './ipv4.js';
import type { Address } from './ipv6-address.js';

export const TCP = {
  SOURCE_PORT: 0, TARGET_PORT: 2, SEQUENCE: 4, ACKNOWLEDGMENT: 8, DATA_OFFSET: 12, FLAGS: 13, WINDOW: 14, CHECKSUM: 16,
  URGENT: 18, LENGTH: 20,
} as const;

/** The bits at `TCP.FLAGS`. */
export const TCP_FLAG = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ece: 64, cwr: 128 } as const;

/** Kinds from IANA "TCP Option Kind Numbers". */
export const TCP_OPTION = { end: 0, nop: 1, mss: 2, windowScale: 3, sackPermitted: 4, sack: 5, timestamps: 8 } as const;

const OPTIONS_BYTES_MAX = 40;

/** Bytes from `left` up to, but without, `right` have arrived. */
export interface SackBlock { readonly left: number; readonly right: number }

/** One option, as it stands in the header. */
export type TcpOption =
  | { readonly kind: 'nop' }
  | { readonly kind: 'mss'; readonly sizeBytes: number }
  | { readonly kind: 'windowScale'; readonly shift: number }
  | { readonly kind: 'sackPermitted' }
  | { readonly kind: 'sack'; readonly blocks: readonly SackBlock[] }
  | { readonly kind: 'timestamps'; readonly value: number; readonly echo: number }
  | { readonly kind: 'unknown'; readonly number: number; readonly data: Uint8Array };

export interface TcpPacket {
  readonly sourcePort: number;
  readonly targetPort: number;
  readonly sequence: number;
  /** Means something with the ACK flag only. */
  readonly acknowledgment: number;
  /** Bits of {@link TCP_FLAG}. */
  readonly flags: number;
  /** As it stands in the header, not yet scaled. */
  readonly window: number;
  readonly urgent: number;
  /** In their order; what follows an end-of-options is left out. */
  readonly options: readonly TcpOption[];
  readonly payload: Uint8Array;
}

/** The addresses around a segment: its checksum covers them. */
export interface TcpAddresses { readonly source: Address; readonly target: Address }

/** Length of a header with its options. */
export function tcpHeaderBytes(buffer: Uint8Array, start: number): number {
  return (buffer[start + TCP.DATA_OFFSET]! >>> 4) * 4;
}

/** What is wrong with the lengths, if anything; for segments whose checksum is known to be right. */
export function checkTcpLength(buffer: Uint8Array, start: number, end: number): Flaw | undefined {
  if (end - start < TCP.LENGTH) return 'truncated';
  const headerBytes = tcpHeaderBytes(buffer, start);
  if (headerBytes < TCP.LENGTH) return 'bad-length';
  return headerBytes > end - start ? 'truncated' : undefined;
}

/** What is wrong with the header or the checksum, if anything. `end` is where the datagram's payload ends. */
export function checkTcp(buffer: Uint8Array, start: number, end: number, source: Address,
  target: Address): Flaw | undefined {
  const flaw = checkTcpLength(buffer, start, end);
  if (flaw !== undefined) return flaw;
  return tcpChecksum(buffer, start, end, source, target) === 0 ? undefined : 'bad-checksum';
}

/** The checksum for a segment whose checksum field holds zero; 0 over one that holds the right one. */
export function tcpChecksum(buffer: Uint8Array, start: number, end: number, source: Address, target: Address): number {
  return internetChecksum(buffer, start, end, pseudoHeaderSum(source, target, PROTOCOL.tcp, end - start));
}

/** The payload is a view of `buffer`. Without addresses the checksum is not tested. */
export function decodeTcp(
  buffer: Uint8Array, start = 0, end = buffer.length, addresses?: TcpAddresses,
): Decoded<TcpPacket> {
  const flaw = addresses === undefined ? checkTcpLength(buffer, start, end)
    : checkTcp(buffer, start, end, addresses.source, addresses.target);
  if (flaw !== undefined) return flawed(flaw);
  const payloadAt = start + tcpHeaderBytes(buffer, start);
  const options = decodeOptions(buffer, start + TCP.LENGTH, payloadAt);
  if (options === undefined) return flawed('bad-length');
  return decoded({
    sourcePort: read16(buffer, start + TCP.SOURCE_PORT),
    targetPort: read16(buffer, start + TCP.TARGET_PORT),
    sequence: read32(buffer, start + TCP.SEQUENCE),
    acknowledgment: read32(buffer, start + TCP.ACKNOWLEDGMENT),
    flags: buffer[start + TCP.FLAGS]!,
    window: read16(buffer, start + TCP.WINDOW),
    urgent: read16(buffer, start + TCP.URGENT),
    options,
    payload: buffer.subarray(payloadAt, end),
  });
}

function decodeOptions(buffer: Uint8Array, start: number, end: number): TcpOption[] | undefined {
  const options: TcpOption[] = [];
  for (let at = start; at < end;) {
    const kind = buffer[at]!;
    if (kind === TCP_OPTION.end) break;
    if (kind === TCP_OPTION.nop) {
      options.push({ kind: 'nop' });
      at++;
      continue;
    }
    const length = at + 1 < end ? buffer[at + 1]! : 0;
    if (length < 2 || at + length > end) return undefined;
    options.push(decodeOption(buffer, at, kind, length));
    at += length;
  }
  return options;
}

/** An option of a known kind but a strange length is as unknown as one of a strange kind. */
function decodeOption(buffer: Uint8Array, at: number, kind: number, length: number): TcpOption {
  if (kind === TCP_OPTION.mss && length === 4) return { kind: 'mss', sizeBytes: read16(buffer, at + 2) };
  if (kind === TCP_OPTION.windowScale && length === 3) return { kind: 'windowScale', shift: buffer[at + 2]! };
  if (kind === TCP_OPTION.sackPermitted && length === 2) return { kind: 'sackPermitted' };
  if (kind === TCP_OPTION.timestamps && length === 10) {
    return { kind: 'timestamps', value: read32(buffer, at + 2), echo: read32(buffer, at + 6) };
  }
  if (kind === TCP_OPTION.sack && length > 2 && (length - 2) % 8 === 0) {
    const blocks: SackBlock[] = [];
    for (let block = at + 2; block < at + length; block += 8) {
      blocks.push({ left: read32(buffer, block), right: read32(buffer, block + 4) });
    }
    return { kind: 'sack', blocks };
  }
  return { kind: 'unknown', number: kind, data: buffer.slice(at + 2, at + length) };
}

/** What a stack wants of the options of a segment: one object, filled again for each. */
export class TcpOptionValues {
  /** 0: not said. */
  mss = 0;
  /** -1: not said. */
  windowScale = -1;
  sackPermitted = false;
  /** Whether there is a timestamp; `stamp` is the sender's, `stampEcho` what it answers. */
  stamped = false;
  stamp = 0;
  stampEcho = 0;
  /** How many numbers of `sackEdges` mean something: left and right edges in turn. */
  sackEdgeCount = 0;
  readonly sackEdges = new Float64Array(8);

  /** Reads the options of the header at `start`. Those that make no sense are passed over (RFC 9293 MUST-6, 7). */
  read(buffer: Uint8Array, start: number): void {
    this.mss = 0;
    this.windowScale = -1;
    this.sackPermitted = false;
    this.sackEdgeCount = 0;
    this.stamped = false;
    const end = start + tcpHeaderBytes(buffer, start);
    // RFC 7323 appendix A: nearly every segment looks like this.
    if (end === start + TCP.LENGTH + 12 && read32(buffer, start + TCP.LENGTH) === STAMP_ALONE) {
      this.takeStamp(buffer, start + TCP.LENGTH + 2);
      return;
    }
    for (let at = start + TCP.LENGTH; at < end;) {
      const kind = buffer[at]!;
      if (kind === TCP_OPTION.end) return;
      if (kind === TCP_OPTION.nop) {
        at++;
        continue;
      }
      const length = at + 1 < end ? buffer[at + 1]! : 0;
      if (length < 2 || at + length > end) return;
      this.take(buffer, at, kind, length);
      at += length;
    }
  }

  private takeStamp(buffer: Uint8Array, at: number): void {
    this.stamped = true;
    this.stamp = read32(buffer, at + 2);
    this.stampEcho = read32(buffer, at + 6);
  }

  private take(buffer: Uint8Array, at: number, kind: number, length: number): void {
    if (kind === TCP_OPTION.mss && length === 4) this.mss = read16(buffer, at + 2);
    else if (kind === TCP_OPTION.windowScale && length === 3) this.windowScale = buffer[at + 2]!;
    else if (kind === TCP_OPTION.sackPermitted && length === 2) this.sackPermitted = true;
    else if (kind === TCP_OPTION.timestamps && length === 10) this.takeStamp(buffer, at);
    else if (kind === TCP_OPTION.sack && (length - 2) % 8 === 0) {
      for (let edge = at + 2; edge < at + length && this.sackEdgeCount < this.sackEdges.length; edge += 4) {
        this.sackEdges[this.sackEdgeCount++] = read32(buffer, edge);
      }
    }
  }
}

/** Two nops, then a timestamp option's kind and length. */
const STAMP_ALONE = 0x0101_080a;

/** A new array with header, options and payload. Without addresses its checksum is 0. */
export function encodeTcp(packet: TcpPacket, addresses?: TcpAddresses): Uint8Array {
  const optionsBytes = optionsLength(packet.options);
  if (optionsBytes > OPTIONS_BYTES_MAX) throw new Error(`TCP options of ${optionsBytes} bytes`);
  const headerBytes = TCP.LENGTH + optionsBytes;
  const bytes = new Uint8Array(headerBytes + packet.payload.length);
  writeTcpHeader(bytes, 0, packet.sourcePort, packet.targetPort, packet.sequence, packet.acknowledgment, headerBytes,
    packet.flags, packet.window);
  write16(bytes, TCP.URGENT, packet.urgent);
  let at: number = TCP.LENGTH;
  for (const option of packet.options) at = encodeOption(bytes, at, option);
  bytes.set(packet.payload, headerBytes);
  if (addresses !== undefined) {
    write16(bytes, TCP.CHECKSUM, tcpChecksum(bytes, 0, bytes.length, addresses.source, addresses.target));
  }
  return bytes;
}

/** Writes 20 bytes at `offset`, checksum and urgent pointer 0. `headerBytes` counts the options that follow. */
export function writeTcpHeader(
  buffer: Uint8Array, offset: number, sourcePort: number, targetPort: number, sequence: number, acknowledgment: number,
  headerBytes: number, flags: number, window: number,
): void {
  write16(buffer, offset + TCP.SOURCE_PORT, sourcePort);
  write16(buffer, offset + TCP.TARGET_PORT, targetPort);
  write32(buffer, offset + TCP.SEQUENCE, sequence);
  write32(buffer, offset + TCP.ACKNOWLEDGMENT, acknowledgment);
  buffer[offset + TCP.DATA_OFFSET] = headerBytes << 2;
  buffer[offset + TCP.FLAGS] = flags;
  write16(buffer, offset + TCP.WINDOW, window);
  write32(buffer, offset + TCP.CHECKSUM, 0);
}

function optionLength(option: TcpOption): number {
  switch (option.kind) {
    case 'nop': return 1;
    case 'mss': return 4;
    case 'windowScale': return 3;
    case 'sackPermitted': return 2;
    case 'sack': return 2 + 8 * option.blocks.length;
    case 'timestamps': return 10;
    case 'unknown': return 2 + option.data.length;
  }
}

/** Filled up to whole words: the data offset counts words. */
function optionsLength(options: readonly TcpOption[]): number {
  let bytes = 0;
  for (const option of options) bytes += optionLength(option);
  return (bytes + 3) & ~3;
}

function encodeOption(bytes: Uint8Array, at: number, option: TcpOption): number {
  if (option.kind === 'nop') {
    bytes[at] = TCP_OPTION.nop;
    return at + 1;
  }
  bytes[at] = option.kind === 'unknown' ? option.number : TCP_OPTION[option.kind];
  bytes[at + 1] = optionLength(option);
  switch (option.kind) {
    case 'mss': write16(bytes, at + 2, option.sizeBytes); break;
    case 'windowScale': bytes[at + 2] = option.shift; break;
    case 'sackPermitted': break;
    case 'sack':
      option.blocks.forEach(({ left, right }, place) => {
        write32(bytes, at + 2 + 8 * place, left);
        write32(bytes, at + 6 + 8 * place, right);
      });
      break;
    case 'timestamps':
      write32(bytes, at + 2, option.value);
      write32(bytes, at + 6, option.echo);
      break;
    case 'unknown': bytes.set(option.data, at + 2);
  }
  return at + optionLength(option);
}

const FLAG_LETTERS = [
  [TCP_FLAG.fin, 'F'], [TCP_FLAG.syn, 'S'], [TCP_FLAG.rst, 'R'], [TCP_FLAG.psh, 'P'], [TCP_FLAG.ack, '.'],
  [TCP_FLAG.urg, 'U'], [TCP_FLAG.ece, 'E'], [TCP_FLAG.cwr, 'W'],
] as const;

/** `Flags [P.], seq 1:6, ack 1, win 502, length 5`: numbers are absolute, as `tcpdump -S` has them. */
export function formatTcp(packet: TcpPacket): string {
  const { flags, sequence, payload } = packet;
  const letters = FLAG_LETTERS.map(([bit, letter]) => ((flags & bit) === 0 ? '' : letter)).join('');
  let text = `Flags [${letters === '' ? 'none' : letters}]`;
  if (payload.length > 0) text += `, seq ${sequence}:${(sequence + payload.length) >>> 0}`;
  else if ((flags & (TCP_FLAG.syn | TCP_FLAG.fin | TCP_FLAG.rst)) !== 0) text += `, seq ${sequence}`;
  if ((flags & TCP_FLAG.ack) !== 0) text += `, ack ${packet.acknowledgment}`;
  text += `, win ${packet.window}`;
  if ((flags & TCP_FLAG.urg) !== 0) text += `, urg ${packet.urgent}`;
  if (packet.options.length > 0) text += `, options [${packet.options.map(formatOption).join(',')}]`;
  return `${text}, length ${payload.length}`;
}

function formatOption(option: TcpOption): string {
  switch (option.kind) {
    case 'nop': return 'nop';
    case 'mss': return `mss ${option.sizeBytes}`;
    case 'windowScale': return `wscale ${option.shift}`;
    case 'sackPermitted': return 'sackOK';
    case 'sack': return `sack ${option.blocks.length} ` +
      option.blocks.map(({ left, right }) => `{${left}:${right}}`).join('');
    case 'timestamps': return `TS val ${option.value} ecr ${option.echo}`;
    case 'unknown': return `unknown-${option.number}`;
  }
}
