// A packet for somebody else: one hop further. RFC 8200 section 3 (hop limit), RFC 4443 sections 3.1 to 3.3, RFC 4007
// section 9 (what stays in its zone). Routers do not fragment and, here, do not redirect.

import {
  ICMPV6_TIME_EXCEEDED, ICMPV6_TYPE, ICMPV6_UNREACHABLE, IPV6, isLinkLocalIpv6, readIpv6, type Frame, type Ipv6,
} from '@netreel/wire';
import type { Device, KernelCore } from '../contract.js';
import type { Path } from '../network/path.js';
import type { Icmp6 } from './icmp.js';
import type { Output6 } from './output.js';
import type { Routes6 } from './route.js';

/** Forwards for one namespace. */
export class Forwarding6 {
  constructor(private readonly core: KernelCore, private readonly netns: string, private readonly routes: Routes6,
    private readonly output: Output6, private readonly icmp: Icmp6) {}

  /** `frame` starts at its checked header; `unicast` when it was sent to this station alone. Owns the frame. */
  forward(path: Path<Ipv6>, frame: Frame, unicast: boolean, device: Device): void {
    if (!unicast || !this.routes.forwarding()) return this.core.drop(this.netns, 'not-forwarding', frame);
    const { buffer, start } = frame;
    const zone = device.row.index;
    if (isLinkLocalIpv6(readIpv6(buffer, start + IPV6.SOURCE))) {
      this.icmp.sendError(frame, ICMPV6_TYPE.unreachable, ICMPV6_UNREACHABLE.beyondScope, 0, true, zone);
      return this.core.drop(this.netns, 'martian', frame);
    }
    if (path.link === undefined) {
      this.icmp.sendError(frame, ICMPV6_TYPE.unreachable, ICMPV6_UNREACHABLE.noRoute, 0, true, zone);
      return this.core.drop(this.netns, 'no-route', frame);
    }
    if (buffer[start + IPV6.HOP_LIMIT]! <= 1) {
      this.icmp.sendError(frame, ICMPV6_TYPE.timeExceeded, ICMPV6_TIME_EXCEEDED.transit, 0, true, zone);
      return this.core.drop(this.netns, 'ttl-exceeded', frame);
    }
    if (frame.end - start > path.link.mtu) {
      this.icmp.sendError(frame, ICMPV6_TYPE.tooBig, 0, path.link.mtu, true, zone);
      return this.core.drop(this.netns, 'fragmentation-needed', frame);
    }
    buffer[start + IPV6.HOP_LIMIT]!--;
    this.output.transmit(path, frame);
  }
}
