// IPv6 as transports see it, in a namespace where it is switched off: every target is unreachable.

import { IPV6_LOOPBACK, IPV6_UNSPECIFIED, type Frame, type Ipv6 } from '@netreel/wire';
import type { KernelCore } from '../contract.js';
import type { NetworkLayer } from '../network/layer.js';
import { PACKET_HEADROOM } from '../network/packet.js';
import { Path } from '../network/path.js';

const HEADER_BYTES = 40;
const HOP_LIMIT = 7;

export class Ipv6Layer implements NetworkLayer<Ipv6> {
  readonly headerBytes = HEADER_BYTES;
  readonly unspecified = IPV6_UNSPECIFIED;
  readonly localhost = IPV6_LOOPBACK;

  constructor(private readonly core: KernelCore, private readonly netns: string) {}

  find(target: Ipv6): Path<Ipv6> {
    return new Path(target, 'unreachable', undefined, undefined, IPV6_UNSPECIFIED, IPV6_UNSPECIFIED);
  }

  isLocal(): boolean {
    return false;
  }

  isLoopback(address: Ipv6): boolean {
    return address === IPV6_LOOPBACK;
  }

  mtu(): number {
    return 0;
  }

  packet(payloadBytes: number): Frame {
    return this.core.pool.take(HEADER_BYTES + payloadBytes, PACKET_HEADROOM);
  }

  send(_path: Path<Ipv6>, frame: Frame): void {
    this.core.drop(this.netns, 'no-route', frame);
  }

  portUnreachable(): void { /* nothing comes in */ }

  ttlOf(frame: Frame): number {
    return frame.buffer[frame.start + HOP_LIMIT]!;
  }
}
