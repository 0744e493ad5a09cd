// The way out of a namespace: a finished IPv4 packet gets its Ethernet header and leaves by the device of its path.
// RFC 894, RFC 1112 section 6.4 (MACs of groups), RFC 1122 section 3.3.3 (fragments of own packets).

import { assert } from '@netreel/sim';
import {
  BROADCAST_MAC, ETHERNET, ETHERTYPE, IPV4, fragmentIpv4, read32, writeEthernetHeader,
  type Frame, type Ipv4, type Mac,
} from '@netreel/wire';
import type { Device, KernelCore } from '../contract.js';
import type { Filter } from '../filter/filter.js';
import type { LinkRow } from '../tables.js';
import type { Neighbours } from '../network/neighbour.js';
import { PACKET_HEADROOM } from '../network/packet.js';
import type { Path } from '../network/path.js';
import type { Routes } from './route.js';

const GROUP_MAC: Mac = 0x0100_5e00_0000;

/** Sends the packets of one namespace. */
export class Output {
  private identification = 0;
  private neighbours: Neighbours | undefined;

  constructor(private readonly core: KernelCore, private readonly netns: string, private readonly routes: Routes,
    private readonly filter: Filter) {}

  /** The cache and this file need each other: it is handed over once, after both are made. */
  use(neighbours: Neighbours): void {
    this.neighbours = neighbours;
  }

  /** A fresh number to tell the fragments of one packet from those of the next (RFC 6864 section 4). */
  nextIdentification(): number {
    return this.identification = (this.identification + 1) & 0xffff;
  }

  /** An empty packet of `sizeBytes`, header included. */
  packet(sizeBytes: number): Frame {
    return this.core.pool.take(sizeBytes, PACKET_HEADROOM);
  }

  /** Sends an own packet; `frame` starts at its finished IPv4 header. Owns the frame. */
  send(path: Path, frame: Frame): void {
    if (this.filter.active) {
      const passed = this.pastRules(path, frame);
      if (passed !== undefined) this.sendOn(passed, frame);
    } else {
      this.sendOn(path, frame);
    }
  }

  /** The way that an own packet takes after the rules have seen it; undefined when they dropped it. */
  private pastRules(path: Path, frame: Frame): Path | undefined {
    const { buffer, start } = frame;
    const target = read32(buffer, start + IPV4.TARGET);
    if (!this.filter.output(frame, path.link)) return undefined;
    const now = read32(buffer, start + IPV4.TARGET);
    const way = now === target ? path : this.routes.find(now);
    return this.filter.postrouting(frame, way.link, way.source) ? way : undefined;
  }

  private sendOn(path: Path, frame: Frame): void {
    if (frame.end - frame.start > this.routes.mtu(path)) this.sendFragments(path, frame, this.routes.mtu(path));
    else this.transmit(path, frame);
  }

  /** Cuts a packet down to `mtu` unless it forbids that. */
  sendFragments(path: Path, frame: Frame, mtu: number): void {
    const { pool } = this.core;
    if (path.device === undefined) return this.core.drop(this.netns, 'no-route', frame);
    const pieces = fragmentIpv4(frame.bytes(), mtu);
    if (!pieces.ok) {
      const reason = pieces.flaw === 'dont-fragment' ? 'fragmentation-needed' : 'mtu-exceeded';
      return this.core.drop(this.netns, reason, frame);
    }
    for (const datagram of pieces.datagrams) {
      const piece = this.packet(datagram.length);
      piece.buffer.set(datagram, piece.start);
      this.transmit(path, piece);
    }
    pool.release(frame);
  }

  /** Sends a packet that fits its link. */
  transmit(path: Path, frame: Frame): void {
    const { link, device } = path;
    if (link === undefined || device === undefined) return this.core.drop(this.netns, 'no-route', frame);
    switch (path.kind) {
      case 'unicast':
        return this.neighbours!.send(link, device, path.nextHop, frame);
      case 'local':
        // `lo` delivers a little later, so programs that answer each other do not call ever deeper into the stack.
        return transmitTo(link, device, 0, frame);
      case 'broadcast':
        return transmitTo(link, device, BROADCAST_MAC, frame);
      case 'multicast':
        return transmitTo(link, device, groupMac(path.target), frame);
      case 'unreachable':
        assert(false, 'an unreachable path has a device');
    }
  }
}

function transmitTo(link: LinkRow, device: Device, target: Mac, frame: Frame): void {
  frame.start -= ETHERNET.LENGTH;
  writeEthernetHeader(frame.buffer, frame.start, target, link.mac, ETHERTYPE.ipv4);
  device.transmit(frame);
}

/** 01:00:5e and the lowest 23 bits of the group's address. */
function groupMac(group: Ipv4): Mac {
  return GROUP_MAC + (group & 0x7f_ffff);
}
