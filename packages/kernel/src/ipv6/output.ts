// The way out of a namespace for packets of IPv6. RFC 2464 (Ethernet), RFC 8200 section 5 (only senders fragment).

import { assert } from '@netreel/sim';
import {
  ETHERNET, ETHERTYPE, fragmentIpv6, groupMacOf6, writeEthernetHeader, type Frame, type Ipv6, type Mac,
} from '@netreel/wire';
import type { Device, KernelCore } from '../contract.js';
import type { Neighbours } from '../network/neighbour.js';
import { PACKET_HEADROOM } from '../network/packet.js';
import type { Path } from '../network/path.js';
import type { LinkRow } from '../tables.js';
import type { Routes6 } from './route.js';

/** Sends the packets of one namespace. */
export class Output6 {
  private identification = 0;
  private neighbours: Neighbours<Ipv6> | undefined;

  constructor(private readonly core: KernelCore, private readonly netns: string, private readonly routes: Routes6) {}

  /** The cache and this file need each other: it is handed over once, after both are made. */
  use(neighbours: Neighbours<Ipv6>): void {
    this.neighbours = neighbours;
  }

  /** An empty packet of `sizeBytes`, header included. */
  packet(sizeBytes: number): Frame {
    return this.core.pool.take(sizeBytes, PACKET_HEADROOM);
  }

  /** Sends an own packet; `frame` starts at its finished header. Owns the frame. */
  send(path: Path<Ipv6>, frame: Frame): void {
    const mtu = this.routes.mtu(path);
    if (path.device === undefined || frame.end - frame.start <= mtu) return this.transmit(path, frame);
    this.identification = (this.identification + 1) >>> 0;
    for (const bytes of fragmentIpv6(frame.bytes(), mtu, this.identification)) {
      const piece = this.packet(bytes.length);
      piece.buffer.set(bytes, piece.start);
      this.transmit(path, piece);
    }
    this.core.pool.release(frame);
  }

  /** Sends a packet that fits its link. */
  transmit(path: Path<Ipv6>, frame: Frame): void {
    const { link, device } = path;
    if (link === undefined || device === undefined) return this.core.drop(this.netns, 'no-route', frame);
    switch (path.kind) {
      case 'unicast': return this.neighbours!.send(link, device, path.nextHop, frame);
      case 'local': return transmitTo6(link, device, 0, frame);
      case 'multicast': return transmitTo6(link, device, groupMacOf6(path.target), frame);
      case 'broadcast': case 'unreachable': assert(false, 'such a path has no device');
    }
  }
}

/** Gives a packet its Ethernet header. */
export function transmitTo6(link: LinkRow, device: Device, target: Mac, frame: Frame): void {
  frame.start -= ETHERNET.LENGTH;
  writeEthernetHeader(frame.buffer, frame.start, target, link.mac, ETHERTYPE.ipv6);
  device.transmit(frame);
}
