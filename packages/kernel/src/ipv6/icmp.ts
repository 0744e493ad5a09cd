// ICMPv6 of one namespace: echo replies, errors out, errors in. RFC 4443. Errors are not rate-limited.

import {
  ICMPV6, ICMPV6_FIRST_QUESTION, ICMPV6_QUOTE_BYTES, ICMPV6_TYPE, ICMPV6_UNREACHABLE, IPV6, IPV6_UNSPECIFIED, NDP_TYPE,
  PARAMETER_PROBLEM, PROTOCOL, checkIcmpv6, inZone, isMulticastIpv6, read32, readIpv6, readIpv6Quote, walkHeaders,
  writeIcmpv6Header, writeIpv6Header, type Frame, type Ipv6,
} from '@netreel/wire';
import type { Device, KernelCore } from '../contract.js';
import type { NetworkError, NetworkErrorReceiver } from '../network/layer.js';
import { DEFAULT_TTL } from '../network/packet.js';
import type { Errno } from '../sockets.js';
import type { EchoForm, EchoReceiver } from '../transport/icmp-socket.js';
import type { NeighbourDiscovery } from './discovery.js';
import type { Output6 } from './output.js';
import type { Routes6 } from './route.js';

/** Echoes of IPv6, for ping sockets. */
export const ECHO_FORM6: EchoForm<Ipv6> = {
  protocol: PROTOCOL.icmpv6, request: ICMPV6_TYPE.echo, reply: ICMPV6_TYPE.echoReply,
  write: (buffer, at, end, rest, source, target) =>
    writeIcmpv6Header(buffer, at, end, ICMPV6_TYPE.echo, 0, rest, source, target),
};

/** What an unreachable target means to a program, by code, and whether for good (Linux's icmpv6_err_convert). */
const UNREACHABLE: ReadonlyMap<number, { readonly errno: Errno; readonly hard: boolean }> = new Map([
  [ICMPV6_UNREACHABLE.noRoute, { errno: 'ENETUNREACH', hard: false }],
  [ICMPV6_UNREACHABLE.prohibited, { errno: 'EACCES', hard: true }],
  [ICMPV6_UNREACHABLE.beyondScope, { errno: 'EHOSTUNREACH', hard: false }],
  [ICMPV6_UNREACHABLE.address, { errno: 'EHOSTUNREACH', hard: false }],
  [ICMPV6_UNREACHABLE.port, { errno: 'ECONNREFUSED', hard: true }],
  [ICMPV6_UNREACHABLE.policy, { errno: 'EACCES', hard: true }],
  [ICMPV6_UNREACHABLE.reject, { errno: 'EACCES', hard: true }],
]);

/** ICMPv6 of one namespace. */
export class Icmp6 {
  private readonly receivers = new Map<number, NetworkErrorReceiver>();
  private echoes: EchoReceiver | undefined;
  private discovery: NeighbourDiscovery | undefined;

  constructor(private readonly core: KernelCore, private readonly netns: string, private readonly routes: Routes6,
    private readonly output: Output6) {}

  /** Each needs the other: handed over once, after both are made. */
  use(discovery: NeighbourDiscovery, echoes: EchoReceiver): void {
    this.discovery = discovery;
    this.echoes = echoes;
    this.receivers.set(PROTOCOL.icmpv6, echoes);
  }

  /** Errors about packets of `protocol`. */
  useErrors(protocol: number, receiver: NetworkErrorReceiver): void {
    this.receivers.set(protocol, receiver);
  }

  /** `frame` starts at its IPv6 header, ICMPv6 at `at`, and came in through `device`. Owns the frame. */
  receive(frame: Frame, at: number, unicast: boolean, device: Device): void {
    const { buffer, start, end } = frame;
    const source = readIpv6(buffer, start + IPV6.SOURCE);
    const flaw = checkIcmpv6(buffer, at, end, source, readIpv6(buffer, start + IPV6.TARGET));
    if (flaw !== undefined) {
      return this.core.drop(this.netns, flaw === 'bad-checksum' ? 'bad-checksum' : 'bad-icmp', frame);
    }
    const zone = device.row.index;
    const type = buffer[at]!;
    switch (type) {
      case ICMPV6_TYPE.echo: return this.reply(frame, at, inZone(source, zone), unicast, device);
      case ICMPV6_TYPE.echoReply:
        this.echoes?.echoReply(frame, at, inZone(source, zone));
        return this.core.pool.release(frame);
      case NDP_TYPE.solicitation: case NDP_TYPE.advertisement:
        return this.discovery!.receive(frame, at, source, device);
      default:
        if (type < ICMPV6_FIRST_QUESTION) return this.report(frame, at, zone);
        // RFC 4443 section 2.4 (b): unknown ones are discarded silently. Routers and listeners have their own talk.
        return HEARD_AND_LEFT.has(type) ? this.core.pool.release(frame)
          : this.core.drop(this.netns, 'bad-icmp', frame);
    }
  }

  /**
   * Tells the sender of the packet that starts at `frame.start` what became of it; `rest` is the header's second word.
   * The frame stays the caller's. `answerable` is false for packets that came to a group; `zone` is the link that the
   * packet came by, 0 for an own one.
   */
  sendError(frame: Frame, type: number, code: number, rest: number, answerable = true, zone = 0): void {
    const { buffer, start, end } = frame;
    const evenToGroups = type === ICMPV6_TYPE.tooBig
      || (type === ICMPV6_TYPE.parameterProblem && code === PARAMETER_PROBLEM.option);
    const about = readIpv6(buffer, start + IPV6.TARGET);
    const asker = readIpv6(buffer, start + IPV6.SOURCE);
    // RFC 4443 section 2.4 (e).
    if (!evenToGroups && (!answerable || isMulticastIpv6(about))) return;
    if (asker === IPV6_UNSPECIFIED || isMulticastIpv6(asker) || isError(frame)) return;
    const target = inZone(asker, zone);
    const path = this.routes.find(target);
    if (path.kind !== 'unicast' && path.kind !== 'local') return;
    // Section 2.2: the address that was asked, where it is one's own.
    const own = inZone(about, zone);
    const source = this.routes.isLocal(own) ? own : path.source;
    if (source === IPV6_UNSPECIFIED) return;
    const quoteBytes = Math.min(end - start, ICMPV6_QUOTE_BYTES);
    const error = this.output.packet(IPV6.LENGTH + ICMPV6.LENGTH + quoteBytes);
    const at = error.start + IPV6.LENGTH;
    error.buffer.set(buffer.subarray(start, start + quoteBytes), at + ICMPV6.LENGTH);
    writeIcmpv6Header(error.buffer, at, error.end, type, code, rest, source, target);
    writeIpv6Header(error.buffer, error.start, error.end - at, PROTOCOL.icmpv6, DEFAULT_TTL, source, target);
    this.output.send(path, error);
  }

  /** RFC 4443 section 4.2: the same data back; an echo to a group is answered from an address of the link. */
  private reply(frame: Frame, at: number, asker: Ipv6, unicast: boolean, device: Device): void {
    const path = this.routes.find(asker);
    const asked = inZone(readIpv6(frame.buffer, frame.start + IPV6.TARGET), device.row.index);
    const source = unicast && this.routes.isLocal(asked) ? asked : path.source;
    if (path.device === undefined || source === IPV6_UNSPECIFIED) {
      return this.core.drop(this.netns, 'no-route', frame);
    }
    const rest = read32(frame.buffer, at + ICMPV6.REST);
    writeIcmpv6Header(frame.buffer, at, frame.end, ICMPV6_TYPE.echoReply, 0, rest, source, asker);
    frame.start = at - IPV6.LENGTH;
    writeIpv6Header(frame.buffer, frame.start, frame.end - at, PROTOCOL.icmpv6, DEFAULT_TTL, source, asker);
    this.output.send(path, frame);
  }

  private report(frame: Frame, at: number, zone: number): void {
    const { buffer, start, end } = frame;
    const quote = readIpv6Quote(buffer, at + ICMPV6.LENGTH, end);
    const quotedSource = quote === undefined ? IPV6_UNSPECIFIED : inZone(quote.source, zone);
    // News about a packet that nobody here sent are somebody's guess, or late.
    if (quote === undefined || !this.routes.isLocal(quotedSource)) {
      return this.core.drop(this.netns, 'bad-icmp', frame);
    }
    const quotedTarget = inZone(quote.target, zone);
    const type = buffer[at]!;
    const code = buffer[at + ICMPV6.CODE]!;
    const tooBig = type === ICMPV6_TYPE.tooBig;
    const mtu = tooBig ? read32(buffer, at + ICMPV6.REST) : 0;
    if (tooBig) this.routes.learnMtu(quotedTarget, mtu);
    const meaning = type === ICMPV6_TYPE.unreachable ? UNREACHABLE.get(code) : undefined;
    const error: NetworkError = {
      source: inZone(readIpv6(buffer, start + IPV6.SOURCE), zone), type, code, tooBig, mtu,
      unreachable: meaning?.errno, hard: meaning?.hard ?? false, ttl: buffer[start + IPV6.HOP_LIMIT]!,
      sizeBytes: end - at, quotedSource, quotedTarget, buffer, quoted: quote.at,
    };
    this.receivers.get(quote.protocol)?.networkError(error);
    this.core.pool.release(frame);
  }

}

/** RFC 4443 section 2.4 (e.1), (e.2): no error about an error or a redirect. */
function isError({ buffer, start, end }: Frame): boolean {
  const walk = walkHeaders(buffer, start, end);
  if (walk.kind !== 'payload' || walk.protocol !== PROTOCOL.icmpv6 || walk.at >= end) return false;
  const type = buffer[walk.at]!;
  return type < ICMPV6_FIRST_QUESTION || type === NDP_TYPE.redirect;
}

/** Multicast listeners (RFC 2710, RFC 3810), router solicitation and advertisement, redirect. */
const HEARD_AND_LEFT: ReadonlySet<number> = new Set([130, 131, 132, 143, NDP_TYPE.routerSolicitation,
  NDP_TYPE.routerAdvertisement, NDP_TYPE.redirect]);
