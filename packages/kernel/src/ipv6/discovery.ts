// Neighbour discovery of one namespace: who answers a solicitation, what is learnt from which message, and whether an
// address is somebody else's already. RFC 4861 section 7.2, RFC 4862 section 5.4.

import {
  BROADCAST_MAC, ICMPV6, IPV6, IPV6_ALL_NODES, IPV6_UNSPECIFIED, NDP_HOP_LIMIT, PROTOCOL, decodeNdp, encodeNdp,
  groupMacOf6, inZone, isMulticastIpv6, read32, readIpv6, solicitedNodeOf, withoutZone, writeIcmpv6Header,
  writeIpv6Header, type Frame, type Ipv6, type Mac, type NdpPacket,
} from '@netreel/wire';
import type { Device, KernelCore } from '../contract.js';
import { placeOf, type Neighbours } from '../network/neighbour.js';
import type { LinkRow } from '../tables.js';
import type { DuplicateDetection } from './duplicate.js';
import { transmitTo6, type Output6 } from './output.js';
import type { Routes6 } from './route.js';

export class NeighbourDiscovery {
  private neighbours: Neighbours<Ipv6> | undefined;
  private detection: DuplicateDetection | undefined;

  constructor(private readonly core: KernelCore, private readonly routes: Routes6, private readonly output: Output6) {}

  /** They need each other: handed over once, after all are made. */
  use(neighbours: Neighbours<Ipv6>, detection: DuplicateDetection): void {
    this.neighbours = neighbours;
    this.detection = detection;
  }

  /** A solicitation or advertisement at `at` with a good checksum. Owns the frame. */
  receive(frame: Frame, at: number, source: Ipv6, device: Device): void {
    const { buffer, start, end } = frame;
    const read = decodeNdp({ type: buffer[at]!, code: buffer[at + ICMPV6.CODE]!, rest: read32(buffer, at + ICMPV6.REST),
      data: buffer.subarray(at + ICMPV6.LENGTH, end) });
    const target = readIpv6(buffer, start + IPV6.TARGET);
    // Section 7.1: only a neighbour's message has this hop limit left.
    if (!read.ok || buffer[start + IPV6.HOP_LIMIT] !== NDP_HOP_LIMIT || !isValid(read.packet, source, target)) {
      return this.core.drop(placeOf(device.row), 'bad-ndp', frame);
    }
    this.core.pool.release(frame);
    if (read.packet.kind === 'solicitation') this.solicited(read.packet, source, device);
    else this.advertised(read.packet, device);
  }

  /** Asks for `address`: everybody who could have it, or one station whether it is still there. */
  solicit(link: LinkRow, device: Device, address: Ipv6, mac: Mac, waiting: Frame | undefined): void {
    const from = waiting === undefined ? IPV6_UNSPECIFIED
      : inZone(readIpv6(waiting.buffer, waiting.start + IPV6.SOURCE), link.index);
    // Section 7.2.2: from the address of the packet that waits, if it is ours.
    const own = from !== IPV6_UNSPECIFIED && this.routes.isLocal(from);
    const source = own ? from : this.routes.sourceOn(link, inZone(address, link.index));
    const everybody = mac === BROADCAST_MAC;
    const target = everybody ? solicitedNodeOf(address) : address;
    this.send(link, device, source, target, everybody ? groupMacOf6(target) : mac,
      question(address, source === IPV6_UNSPECIFIED ? 0 : link.mac));
  }

  /** RFC 4862 section 5.4.2: asks who has `address`, on behalf of nobody. */
  probe(link: LinkRow, device: Device, address: Ipv6): void {
    const target = solicitedNodeOf(address);
    this.send(link, device, IPV6_UNSPECIFIED, target, groupMacOf6(target), question(address, 0));
  }

  /** Section 7.2.3. */
  private solicited({ target, mac }: NdpPacket, source: Ipv6, device: Device): void {
    const { row } = device;
    const held = row.addresses6.find(({ address }) => address === target);
    if (held !== undefined && held.state === 'tentative' && !held.nodad) {
      // RFC 4862 section 5.4.3: somebody else looks for the same address.
      if (source === IPV6_UNSPECIFIED) this.detection!.taken(row, target);
      return;
    }
    if (!this.routes.isLocal(inZone(target, row.index))) return;
    if (source === IPV6_UNSPECIFIED) return this.answer(row, device, target, IPV6_ALL_NODES, BROADCAST_MAC, false);
    if (mac !== 0) this.neighbours!.learn(row, device, source, mac, false, true, true);
    const asker = mac !== 0 ? mac : row.neighbours6.get(source)?.mac ?? 0;
    if (asker !== 0) this.answer(row, device, target, source, asker, true);
  }

  /** Section 7.2.5. */
  private advertised(packet: NdpPacket, device: Device): void {
    const { row } = device;
    const { target, solicited, override, router } = packet;
    const held = row.addresses6.find(({ address }) => address === target);
    if (held !== undefined) {
      if (held.state === 'tentative' && !held.nodad) this.detection!.taken(row, target);
      return;
    }
    const known = row.neighbours6.get(target);
    if (known === undefined) return;
    const valid = known.state !== 'INCOMPLETE' && known.state !== 'FAILED';
    const mac = packet.mac === 0 ? known.mac : packet.mac;
    if (mac === 0) return;
    if (valid && mac !== known.mac && !override) return this.neighbours!.doubt(row, target);
    this.neighbours!.noteRouter(row, target, router);
    this.neighbours!.learn(row, device, target, mac, solicited, false, true);
  }

  private answer(link: LinkRow, device: Device, target: Ipv6, to: Ipv6, mac: Mac, solicited: boolean): void {
    this.send(link, device, target, to, mac === BROADCAST_MAC ? groupMacOf6(to) : mac, { kind: 'advertisement', target,
      mac: link.mac, router: this.routes.forwarding(), solicited, override: true });
  }

  private send(link: LinkRow, device: Device, source: Ipv6, target: Ipv6, mac: Mac, packet: NdpPacket): void {
    const { type, code, rest, data } = encodeNdp(packet);
    const frame = this.output.packet(IPV6.LENGTH + ICMPV6.LENGTH + data.length);
    const at = frame.start + IPV6.LENGTH;
    frame.buffer.set(data, at + ICMPV6.LENGTH);
    writeIcmpv6Header(frame.buffer, at, frame.end, type, code, rest, withoutZone(source), target);
    writeIpv6Header(frame.buffer, frame.start, frame.end - at, PROTOCOL.icmpv6, NDP_HOP_LIMIT, source, target);
    transmitTo6(link, device, mac, frame);
  }
}

function question(target: Ipv6, mac: Mac): NdpPacket {
  return { kind: 'solicitation', target, mac, router: false, solicited: false, override: false };
}

/** Sections 7.1.1 and 7.1.2. */
function isValid(packet: NdpPacket, source: Ipv6, target: Ipv6): boolean {
  if (packet.kind === 'advertisement') return !(packet.solicited && isMulticastIpv6(target));
  return source !== IPV6_UNSPECIFIED || (packet.mac === 0 && target === solicitedNodeOf(packet.target));
}
