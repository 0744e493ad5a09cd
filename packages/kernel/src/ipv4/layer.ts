// IPv4 as transports see it.

import {
  IPV4, IPV4_FRAGMENT, ICMP_TYPE, ICMP_UNREACHABLE, PROTOCOL, isLoopbackIpv4, writeIpv4Header, type Frame, type Ipv4,
} from '@netreel/wire';
import type { NetworkLayer } from '../network/layer.js';
import type { Path } from '../network/path.js';
import type { Icmp } from './icmp.js';
import type { Output } from './output.js';
import type { Routes } from './route.js';

/** The IPv4 of one namespace. */
export class Ipv4Layer implements NetworkLayer<Ipv4> {
  readonly headerBytes = IPV4.LENGTH;
  readonly unspecified: Ipv4 = 0;
  readonly localhost: Ipv4 = 0x7f00_0001;

  constructor(private readonly routes: Routes, private readonly output: Output, private readonly icmp: Icmp) {}

  find(target: Ipv4): Path {
    return this.routes.find(target);
  }

  isLocal(address: Ipv4): boolean {
    return this.routes.isLocal(address);
  }

  isLoopback(address: Ipv4): boolean {
    return isLoopbackIpv4(address);
  }

  mtu(path: Path): number {
    return this.routes.mtu(path);
  }

  packet(payloadBytes: number): Frame {
    return this.output.packet(IPV4.LENGTH + payloadBytes);
  }

  send(path: Path, frame: Frame, protocol: number, source: Ipv4, target: Ipv4, ttl: number,
    dontFragment: boolean): void {
    // RFC 6864 section 4.1: what is not fragmented needs no number. Linux counts for connections all the same.
    const identification = dontFragment && protocol !== PROTOCOL.tcp ? 0 : this.output.nextIdentification();
    writeIpv4Header(frame.buffer, frame.start, frame.end - frame.start, identification,
      dontFragment ? IPV4_FRAGMENT.dontFragment : 0, ttl, protocol, source, target);
    this.output.send(path, frame);
  }

  /** RFC 1122 section 4.1.3.1. */
  portUnreachable(frame: Frame, answerable: boolean): void {
    this.icmp.sendError(frame, ICMP_TYPE.unreachable, ICMP_UNREACHABLE.port, 0, answerable);
  }

  ttlOf(frame: Frame): number {
    return frame.buffer[frame.start + IPV4.TTL]!;
  }
}
