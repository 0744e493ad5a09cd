// ICMP of one namespace: echo replies, errors out, errors in. RFC 792, RFC 1122 section 3.2.2, RFC 1191 section 4.
// Errors are not rate-limited.

import {
  ICMP, ICMP_QUOTE_BYTES, ICMP_TYPE, ICMP_UNREACHABLE, IPV4, IPV4_FRAGMENT, PROTOCOL, adjustChecksum, internetChecksum,
  ipv4HeaderBytes, read16, read32, write16, writeIcmpHeader, writeIpv4Header, type Frame, type Ipv4,
} from '@netreel/wire';
import type { KernelCore } from '../contract.js';
import type { NetworkError, NetworkErrorReceiver } from '../network/layer.js';
import { DEFAULT_TTL } from '../network/packet.js';
import type { Errno } from '../sockets.js';
import type { EchoForm, EchoReceiver } from '../transport/icmp-socket.js';
import type { Output } from './output.js';
import type { Routes } from './route.js';

/** Network control, as routers mark their errors (RFC 1812 section 4.3.2.5). */
const ERROR_TOS = 0xc0;
/** Type and code of echo and echo reply, as one word. */
const ECHO_WORD = 0x0800;

/** Echoes of IPv4, for ping sockets. */
export const ECHO_FORM: EchoForm<Ipv4> = {
  protocol: PROTOCOL.icmp, request: ICMP_TYPE.echo, reply: ICMP_TYPE.echoReply,
  write: (buffer, at, end, rest) => writeIcmpHeader(buffer, at, end, ICMP_TYPE.echo, 0, rest),
};

/** ICMP of one namespace. */
export class Icmp {
  /** Whom errors are for, by the protocol of the quoted datagram. */
  private readonly receivers = new Map<number, NetworkErrorReceiver>();
  private echoes: EchoReceiver | undefined;

  constructor(private readonly core: KernelCore, private readonly netns: string, private readonly routes: Routes,
    private readonly output: Output) {}

  /** Echo replies, and errors about echo requests. */
  useEchoes(echoes: EchoReceiver): void {
    this.echoes = echoes;
    this.receivers.set(PROTOCOL.icmp, echoes);
  }

  /** Errors about datagrams of `protocol`. */
  useErrors(protocol: number, receiver: NetworkErrorReceiver): void {
    this.receivers.set(protocol, receiver);
  }

  /** `frame` starts at its IPv4 header, ICMP at `at`; `answerable` unless it was sent to a group. Owns the frame. */
  receive(frame: Frame, at: number, answerable: boolean): void {
    const { buffer, end } = frame;
    if (end - at < ICMP.LENGTH) return this.core.drop(this.netns, 'bad-icmp', frame);
    if (internetChecksum(buffer, at, end) !== 0) return this.core.drop(this.netns, 'bad-checksum', frame);
    switch (buffer[at]) {
      case ICMP_TYPE.echo:
        // RFC 1122 section 3.2.2.6 allows silence to groups, and Linux keeps it (icmp_echo_ignore_broadcasts).
        if (!answerable) return this.core.drop(this.netns, 'not-for-us', frame);
        return this.reply(frame, at);
      case ICMP_TYPE.echoReply:
        this.echoes?.echoReply(frame, at, read32(buffer, frame.start + IPV4.SOURCE));
        return this.core.pool.release(frame);
      case ICMP_TYPE.unreachable:
      case ICMP_TYPE.timeExceeded:
      case ICMP_TYPE.parameterProblem:
        return this.report(frame, at);
      default:
        // RFC 1122 section 3.2.2: unknown types are discarded silently.
        return this.core.drop(this.netns, 'bad-icmp', frame);
    }
  }

  /**
   * Tells the sender of the packet that starts at `frame.start` what became of it. `rest` is the header's second word.
   * The frame stays the caller's. `answerable` is false for packets that came to a group of stations.
   */
  sendError(frame: Frame, type: number, code: number, rest: number, answerable = true): void {
    const { buffer, start } = frame;
    if (!answerable || !mayBeAnswered(buffer, start, frame.end)) return;
    const target = read32(buffer, start + IPV4.SOURCE);
    const path = this.routes.find(target);
    // RFC 1122 section 3.2.2: the source must be one single host.
    if (path.kind !== 'unicast' && path.kind !== 'local') return;
    const about = read32(buffer, start + IPV4.TARGET);
    const source = this.routes.isLocal(about) ? about : path.source;
    if (source === 0) return;
    const quoteBytes = Math.min(frame.end - start, ICMP_QUOTE_BYTES);
    const error = this.output.packet(IPV4.LENGTH + ICMP.LENGTH + quoteBytes);
    const at = error.start + IPV4.LENGTH;
    for (let i = 0; i < quoteBytes; i++) error.buffer[at + ICMP.LENGTH + i] = buffer[start + i]!;
    writeIcmpHeader(error.buffer, at, error.end, type, code, rest);
    writeIpv4Header(error.buffer, error.start, error.end - error.start, this.output.nextIdentification(), 0,
      DEFAULT_TTL, PROTOCOL.icmp, source, target, ERROR_TOS);
    this.output.send(path, error);
  }

  /** RFC 1122 section 3.2.2.6: the same data back, in the same frame, from the address that was asked. */
  private reply(frame: Frame, at: number): void {
    const { buffer } = frame;
    const target = read32(buffer, frame.start + IPV4.SOURCE);
    const source = read32(buffer, frame.start + IPV4.TARGET);
    const tos = buffer[frame.start + IPV4.TOS]!;
    buffer[at] = ICMP_TYPE.echoReply;
    write16(buffer, at + ICMP.CHECKSUM, adjustChecksum(read16(buffer, at + ICMP.CHECKSUM), ECHO_WORD, 0));
    frame.start = at - IPV4.LENGTH;
    writeIpv4Header(buffer, frame.start, frame.end - frame.start, this.output.nextIdentification(), 0, DEFAULT_TTL,
      PROTOCOL.icmp, source, target, tos);
    this.output.send(this.routes.find(target), frame);
  }

  private report(frame: Frame, at: number): void {
    const { buffer, end } = frame;
    const quote = at + ICMP.LENGTH;
    const error = readError(buffer, frame.start, at, end);
    if (error === undefined) return this.core.drop(this.netns, 'bad-icmp', frame);
    const quotedSource = error.quotedSource as Ipv4;
    const quotedTarget = error.quotedTarget as Ipv4;
    // News about a datagram that nobody here sent are somebody's guess, or late.
    if (!this.routes.isLocal(quotedSource)) return this.core.drop(this.netns, 'bad-icmp', frame);
    if (error.tooBig) this.routes.learnMtu(quotedTarget, error.mtu);
    this.receivers.get(buffer[quote + IPV4.PROTOCOL]!)?.networkError(error);
    this.core.pool.release(frame);
  }
}

/** RFC 1191 section 4. */
function isFragmentationNeeded(type: number, code: number): boolean {
  return type === ICMP_TYPE.unreachable && code === ICMP_UNREACHABLE.fragmentationNeeded;
}

function readError(buffer: Uint8Array, ip: number, at: number, end: number): NetworkError | undefined {
  const quote = at + ICMP.LENGTH;
  if (end - quote < IPV4.LENGTH || buffer[quote]! >>> 4 !== 4) return undefined;
  const headerBytes = ipv4HeaderBytes(buffer, quote);
  // RFC 792: the header and 64 bits of the datagram are quoted at least.
  if (headerBytes < IPV4.LENGTH || end - quote < headerBytes + 8) return undefined;
  const type = buffer[at]!;
  const code = buffer[at + ICMP.CODE]!;
  const tooBig = isFragmentationNeeded(type, code);
  return {
    source: read32(buffer, ip + IPV4.SOURCE), type, code, tooBig,
    mtu: tooBig ? read16(buffer, at + ICMP.NEXT_HOP_MTU) : 0,
    unreachable: type === ICMP_TYPE.unreachable && !tooBig ? UNREACHABLE.get(code) ?? 'EHOSTUNREACH' : undefined,
    hard: type === ICMP_TYPE.unreachable && HARD.has(code),
    ttl: buffer[ip + IPV4.TTL]!, sizeBytes: end - at,
    quotedSource: read32(buffer, quote + IPV4.SOURCE), quotedTarget: read32(buffer, quote + IPV4.TARGET),
    buffer, quoted: quote + headerBytes,
  };
}

const UNREACHABLE: ReadonlyMap<number, Errno> = new Map([
  [ICMP_UNREACHABLE.protocol, 'ECONNREFUSED'], [ICMP_UNREACHABLE.port, 'ECONNREFUSED'],
]);

/** Codes of which Linux says that they are meant for good (icmp_err_convert). */
const HARD: ReadonlySet<number> = new Set([ICMP_UNREACHABLE.protocol, ICMP_UNREACHABLE.port,
  ICMP_UNREACHABLE.communicationProhibited]);

/** RFC 1122 section 3.2.2: no error about an error, nor about a fragment other than the first. */
function mayBeAnswered(buffer: Uint8Array, start: number, end: number): boolean {
  if ((read16(buffer, start + IPV4.FRAGMENT) & IPV4_FRAGMENT.offsetMask) !== 0) return false;
  if (buffer[start + IPV4.PROTOCOL] !== PROTOCOL.icmp) return true;
  const at = start + ipv4HeaderBytes(buffer, start);
  if (at >= end) return false;
  const type = buffer[at];
  return type === ICMP_TYPE.echo || type === ICMP_TYPE.echoReply;
}
