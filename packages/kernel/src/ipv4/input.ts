// The way in: from a device's Ethernet frame to the protocol it is for. RFC 1122 section 3.2.1 (checks, addresses that
// no packet may come from), RFC 1812 sections 5.2.2 and 5.3.7 (martian addresses).

import {
  ETHERNET, ETHERTYPE, ICMP_TYPE, ICMP_UNREACHABLE, IPV4, PROTOCOL, checkIpv4, ipv4HeaderBytes, isFragment,
  isLoopbackIpv4, read16, read32, type Frame, type Ipv4,
} from '@netreel/wire';
import type { Device, KernelCore } from '../contract.js';
import type { Tcp } from '../transport/tcp/tcp.js';
import type { Filter } from '../filter/filter.js';
import type { Udp } from '../transport/udp.js';
import type { Arp } from './arp.js';
import type { Forwarding } from './forward.js';
import type { Icmp } from './icmp.js';
import { placeOf } from '../network/neighbour.js';
import type { Reassemblies } from './reassembly.js';
import { LIMITED_BROADCAST, type Routes } from './route.js';
import type { Path } from '../network/path.js';

/** RFC 1112 section 4: the one group that every host is in. */
const ALL_HOSTS: Ipv4 = 0xe000_0001;

/** Where packets that came in go to. */
export interface Receivers {
  readonly arp: Arp;
  readonly icmp: Icmp;
  readonly udp: Udp;
  readonly tcp: Tcp;
  readonly reassemblies: Reassemblies;
  readonly forwarding: Forwarding;
  readonly filter: Filter;
}

/** Takes the frames of one namespace's devices. */
export class Input {
  constructor(private readonly core: KernelCore, private readonly netns: string, private readonly routes: Routes,
    private readonly to: Receivers) {}

  /** `frame` starts at its Ethernet header. Owns the frame. */
  receive(device: Device, frame: Frame): void {
    if (frame.end - frame.start < ETHERNET.LENGTH) return this.core.drop(placeOf(device.row), 'bad-ethernet', frame);
    const type = read16(frame.buffer, frame.start + ETHERNET.TYPE);
    if (type === ETHERTYPE.ipv4) return this.receiveIpv4(device, frame);
    if (type === ETHERTYPE.arp) return this.to.arp.receive(device, frame);
    this.core.drop(placeOf(device.row), 'unknown-ethertype', frame);
  }

  private receiveIpv4(device: Device, frame: Frame): void {
    const { buffer } = frame;
    const unicast = (buffer[frame.start]! & 1) === 0;
    frame.start += ETHERNET.LENGTH;
    const { start } = frame;
    const flaw = checkIpv4(buffer, start, frame.end);
    if (flaw !== undefined) {
      return this.core.drop(placeOf(device.row), flaw === 'bad-checksum' ? 'bad-checksum' : 'bad-ipv4', frame);
    }
    // What follows is padding: Ethernet frames have a least size.
    frame.end = start + read16(buffer, start + IPV4.TOTAL_LENGTH);
    const source = read32(buffer, start + IPV4.SOURCE);
    const target = read32(buffer, start + IPV4.TARGET);
    if (device.row.kind !== 'loopback' && this.isMartian(source, target)) {
      return this.core.drop(placeOf(device.row), 'martian', frame);
    }
    if (this.to.filter.active) return this.receiveFiltered(device, frame, unicast);
    const path = this.routes.find(target);
    switch (path.kind) {
      case 'local': return this.deliver(path, frame, unicast);
      case 'broadcast': return this.deliver(path, frame, false);
      case 'multicast':
        if (target === ALL_HOSTS) return this.deliver(path, frame, false);
        return this.core.drop(placeOf(device.row), 'not-for-us', frame);
      case 'unicast': case 'unreachable': return this.to.forwarding.forward(path, frame, unicast, device);
    }
  }

  /** The same past the rules, which see whole datagrams only and may choose another target. */
  private receiveFiltered(device: Device, arrived: Frame, unicast: boolean): void {
    const { filter, reassemblies, forwarding } = this.to;
    const isPiece = isFragment(arrived.buffer, arrived.start);
    const frame = isPiece ? reassemblies.add(arrived, unicast) : arrived;
    if (frame === undefined || !filter.prerouting(frame, device.row)) return;
    const target = read32(frame.buffer, frame.start + IPV4.TARGET);
    const path = this.routes.find(target);
    if (path.kind === 'unicast' || path.kind === 'unreachable') {
      return forwarding.forward(path, frame, unicast, device);
    }
    if (path.kind === 'multicast' && target !== ALL_HOSTS) {
      return this.core.drop(placeOf(device.row), 'not-for-us', frame);
    }
    if (filter.input(frame, device.row)) this.dispatch(path, frame, unicast && path.kind === 'local');
  }

  /** RFC 1122 section 3.2.1.3: addresses that no packet from outside may carry. */
  private isMartian(source: Ipv4, target: Ipv4): boolean {
    if (isLoopbackIpv4(target) || isLoopbackIpv4(source) || target >>> 24 === 0) return true;
    // A host that has no address yet may shout from 0.0.0.0, as DHCP does.
    if (source === 0) return target !== LIMITED_BROADCAST;
    if (source >>> 24 === 0 || source >= MULTICAST_AND_ABOVE) return true;
    const { kind } = this.routes.find(source);
    return kind === 'local' || kind === 'broadcast';
  }

  private deliver(path: Path, frame: Frame, unicast: boolean): void {
    if (isFragment(frame.buffer, frame.start)) {
      const whole = this.to.reassemblies.add(frame, unicast);
      if (whole !== undefined) this.dispatch(path, whole, unicast);
    } else {
      this.dispatch(path, frame, unicast);
    }
  }

  private dispatch(path: Path, frame: Frame, unicast: boolean): void {
    const { buffer, start } = frame;
    const at = start + ipv4HeaderBytes(buffer, start);
    switch (buffer[start + IPV4.PROTOCOL]) {
      case PROTOCOL.udp: return this.to.udp.receive(frame, at, unicast, read32(buffer, start + IPV4.SOURCE),
        read32(buffer, start + IPV4.TARGET));
      case PROTOCOL.tcp: return this.to.tcp.receive(frame, at, unicast, read32(buffer, start + IPV4.SOURCE),
        read32(buffer, start + IPV4.TARGET));
      case PROTOCOL.icmp: return this.to.icmp.receive(frame, at, unicast);
      default:
        // RFC 1122 section 3.2.2.1.
        if (path.kind === 'local') {
          this.to.icmp.sendError(frame, ICMP_TYPE.unreachable, ICMP_UNREACHABLE.protocol, 0, unicast);
        }
        this.core.drop(this.netns, 'protocol-unreachable', frame);
    }
  }
}

/** 224.0.0.0/4 (groups), 240.0.0.0/4 (reserved) and 255.255.255.255. */
const MULTICAST_AND_ABOVE = 0xe000_0000;
