// IPv6 as transports see it.

import {
  ICMPV6_TYPE, ICMPV6_UNREACHABLE, IPV6, IPV6_LOOPBACK, IPV6_UNSPECIFIED, writeIpv6Header, type Frame, type Ipv6,
} from '@netreel/wire';
import type { NetworkLayer } from '../network/layer.js';
import type { Path } from '../network/path.js';
import type { Icmp6 } from './icmp.js';
import type { Output6 } from './output.js';
import type { Routes6 } from './route.js';

/** The IPv6 of one namespace. */
export class Ipv6Layer implements NetworkLayer<Ipv6> {
  readonly headerBytes = IPV6.LENGTH;
  readonly unspecified = IPV6_UNSPECIFIED;
  readonly localhost = IPV6_LOOPBACK;

  constructor(private readonly routes: Routes6, private readonly output: Output6, private readonly icmp: Icmp6) {}

  find(target: Ipv6): Path<Ipv6> {
    return this.routes.find(target);
  }

  isLocal(address: Ipv6): boolean {
    return this.routes.isLocal(address);
  }

  isLoopback(address: Ipv6): boolean {
    return address === IPV6_LOOPBACK;
  }

  mtu(path: Path<Ipv6>): number {
    return this.routes.mtu(path);
  }

  packet(payloadBytes: number): Frame {
    return this.output.packet(IPV6.LENGTH + payloadBytes);
  }

  /** Don't-fragment has no field here: what must not be fragmented was measured before. */
  send(path: Path<Ipv6>, frame: Frame, protocol: number, source: Ipv6, target: Ipv6, ttl: number): void {
    writeIpv6Header(frame.buffer, frame.start, frame.end - frame.start - IPV6.LENGTH, protocol, ttl, source, target);
    this.output.send(path, frame);
  }

  /** RFC 4443 section 3.1. */
  portUnreachable(frame: Frame, answerable: boolean): void {
    this.icmp.sendError(frame, ICMPV6_TYPE.unreachable, ICMPV6_UNREACHABLE.port, 0, answerable);
  }

  ttlOf(frame: Frame): number {
    return frame.buffer[frame.start + IPV6.HOP_LIMIT]!;
  }
}
