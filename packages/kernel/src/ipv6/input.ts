// The way in for packets of IPv6: from a device's frame to the protocol it is for. RFC 8200 sections 3 and 4, RFC 4291
// sections 2.5 to 2.8 (addresses that no packet may come from, groups that every node is in).

import {
  ETHERNET, ICMPV6_TYPE, IPV6, IPV6_ALL_NODES, IPV6_LOOPBACK, PARAMETER_PROBLEM, PROTOCOL, checkIpv6,
  inZone, isLinkLocalIpv6, isMulticastIpv6, read16, readIpv6, solicitedNodeOf, walkHeaders, type Frame,
  type HeaderWalk, type Ipv6,
} from '@netreel/wire';
import type { Device, KernelCore } from '../contract.js';
import { placeOf } from '../network/neighbour.js';
import type { LinkRow } from '../tables.js';
import type { Tcp } from '../transport/tcp/tcp.js';
import type { Udp } from '../transport/udp.js';
import type { Forwarding6 } from './forward.js';
import type { Icmp6 } from './icmp.js';
import type { Reassemblies6 } from './reassembly.js';
import type { Routes6 } from './route.js';

/** Where packets that came in go to. */
export interface Receivers6 {
  readonly icmp: Icmp6;
  readonly udp: Udp;
  readonly tcp: Tcp;
  readonly reassemblies: Reassemblies6;
  readonly forwarding: Forwarding6;
}

/** Takes the packets of one namespace's devices. */
export class Input6 {
  constructor(private readonly core: KernelCore, private readonly netns: string, private readonly routes: Routes6,
    private readonly to: Receivers6) {}

  /** `frame` starts at its Ethernet header and came by a link that speaks IPv6. Owns the frame. */
  receive(device: Device, frame: Frame): void {
    const { buffer } = frame;
    const { row } = device;
    const unicast = (buffer[frame.start]! & 1) === 0;
    frame.start += ETHERNET.LENGTH;
    const { start } = frame;
    if (checkIpv6(buffer, start, frame.end) !== undefined) return this.core.drop(placeOf(row), 'bad-ipv6', frame);
    // What follows is padding: Ethernet frames have a least size.
    frame.end = start + IPV6.LENGTH + read16(buffer, start + IPV6.PAYLOAD_LENGTH);
    const source = readIpv6(buffer, start + IPV6.SOURCE);
    const target = readIpv6(buffer, start + IPV6.TARGET);
    const fromOutside = row.kind !== 'loopback';
    if (isMulticastIpv6(source) || (fromOutside && (source === IPV6_LOOPBACK || target === IPV6_LOOPBACK))) {
      return this.core.drop(placeOf(row), 'martian', frame);
    }
    if (isMulticastIpv6(target)) {
      if (!isMember(row, target)) return this.core.drop(placeOf(row), 'not-for-us', frame);
      return this.dispatch(device, frame, false, walkHeaders(buffer, start, frame.end));
    }
    // Through lo an own address comes from any link, so its zone is not that of lo.
    const path = this.routes.find(fromOutside ? inZone(target, row.index) : this.ownOf(target));
    if (path.kind === 'local') return this.dispatch(device, frame, unicast, walkHeaders(buffer, start, frame.end));
    if (isLinkLocalIpv6(target)) return this.core.drop(placeOf(row), 'not-for-us', frame);
    this.to.forwarding.forward(path, frame, unicast, device);
  }

  /** A link-local address that came by lo, with the zone of the link that has it. */
  private ownOf(target: Ipv6): Ipv6 {
    if (!isLinkLocalIpv6(target)) return target;
    const { tables } = this.core;
    const index = tables.netns.get(this.netns)?.links.find((each) =>
      tables.links.get(each)?.addresses6.some(({ address }) => address === target));
    return index === undefined ? target : inZone(target, index);
  }

  private dispatch(device: Device, frame: Frame, unicast: boolean, walk: HeaderWalk): void {
    const zone = device.row.index;
    switch (walk.kind) {
      case 'payload': return this.deliver(device, frame, unicast, walk);
      case 'fragment': {
        const whole = this.to.reassemblies.add(frame, walk.at, walk.named, unicast, zone);
        if (whole === undefined) return;
        const next = walkHeaders(whole.buffer, whole.start, whole.end);
        if (next.kind !== 'fragment') return this.dispatch(device, whole, unicast, next);
        return this.core.drop(this.netns, 'bad-ipv6', whole);
      }
      case 'problem':
        this.to.icmp.sendError(frame, ICMPV6_TYPE.parameterProblem, walk.code, walk.pointer,
          unicast || walk.evenToGroups,
          zone);
        return this.core.drop(this.netns, 'bad-ipv6', frame);
      case 'nothing': return this.core.pool.release(frame);
      case 'discarded': case 'truncated':
        return this.core.drop(placeOf(device.row), 'bad-ipv6', frame);
    }
  }

  private deliver(device: Device, frame: Frame, unicast: boolean, walk: HeaderWalk & { kind: 'payload' }): void {
    const { buffer, start } = frame;
    const { at } = walk;
    if (walk.protocol === PROTOCOL.icmpv6) return this.to.icmp.receive(frame, at, unicast, device);
    if (walk.protocol !== PROTOCOL.udp && walk.protocol !== PROTOCOL.tcp) {
      // RFC 8200 section 4: the byte that names what nobody here knows.
      this.to.icmp.sendError(frame, ICMPV6_TYPE.parameterProblem, PARAMETER_PROBLEM.nextHeader, walk.named - start,
        unicast, device.row.index);
      return this.core.drop(this.netns, 'protocol-unreachable', frame);
    }
    const zoned = (offset: number): Ipv6 => {
      const address = readIpv6(buffer, start + offset);
      return device.row.kind === 'loopback' ? this.ownOf(address) : inZone(address, device.row.index);
    };
    const source = zoned(IPV6.SOURCE);
    const target = zoned(IPV6.TARGET);
    if (walk.protocol === PROTOCOL.udp) this.to.udp.receive(frame, at, unicast, source, target);
    else this.to.tcp.receive(frame, at, unicast, source, target);
  }
}

/** All nodes of interface and link, and the groups in which the link's own addresses are asked for. */
function isMember(link: LinkRow, group: Ipv6): boolean {
  return group === IPV6_ALL_NODES || group === 'ff01::1'
    || link.addresses6.some(({ address }) => solicitedNodeOf(address) === group);
}
