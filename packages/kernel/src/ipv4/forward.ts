// A packet for somebody else: one hop further. RFC 1812 sections 5.2.1 (forwarding), 5.3.1 (time to live), 5.2.6
// (fragmentation). Redirects are not sent.

import {
  ICMP_TIME_EXCEEDED, ICMP_TYPE, ICMP_UNREACHABLE, IPV4, IPV4_FRAGMENT, decrementTtl, read16, type Frame,
} from '@netreel/wire';
import type { Device, KernelCore } from '../contract.js';
import type { Filter } from '../filter/filter.js';
import type { Icmp } from './icmp.js';
import type { Output } from './output.js';
import type { Path } from '../network/path.js';
import type { Routes } from './route.js';

/** Forwards for one namespace. */
export class Forwarding {
  constructor(private readonly core: KernelCore, private readonly netns: string, private readonly routes: Routes,
    private readonly output: Output, private readonly icmp: Icmp,
    private readonly filter: Filter) {}

  /**
   * `frame` starts at its checked IPv4 header; `unicast` when it was sent to this station alone, and came by
   * `device`. Owns the frame.
   */
  forward(path: Path, frame: Frame, unicast: boolean, device: Device): void {
    // RFC 1812 section 5.3.4: what came as a link-layer broadcast goes no further.
    if (!unicast || path.kind === 'multicast' || !this.routes.forwarding()) {
      return this.core.drop(this.netns, 'not-forwarding', frame);
    }
    const { buffer, start } = frame;
    // A host that never forwards would not say so, but one that does also says when its own links lead nowhere.
    if (path.link === undefined) {
      this.icmp.sendError(frame, ICMP_TYPE.unreachable, ICMP_UNREACHABLE.network, 0);
      return this.core.drop(this.netns, 'no-route', frame);
    }
    if (buffer[start + IPV4.TTL]! <= 1) {
      this.icmp.sendError(frame, ICMP_TYPE.timeExceeded, ICMP_TIME_EXCEEDED.transit, 0);
      return this.core.drop(this.netns, 'ttl-exceeded', frame);
    }
    const { mtu } = path.link;
    const tooLarge = frame.end - start > mtu;
    if (tooLarge && (read16(buffer, start + IPV4.FRAGMENT) & IPV4_FRAGMENT.dontFragment) !== 0) {
      this.icmp.sendError(frame, ICMP_TYPE.unreachable, ICMP_UNREACHABLE.fragmentationNeeded, mtu);
      return this.core.drop(this.netns, 'fragmentation-needed', frame);
    }
    decrementTtl(buffer, start);
    if (this.filter.active && !(this.filter.forward(frame, device.row, path.link)
      && this.filter.postrouting(frame, path.link, path.source))) return;
    if (tooLarge) this.output.sendFragments(path, frame, mtu);
    else this.output.transmit(path, frame);
  }
}
