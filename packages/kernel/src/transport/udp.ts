// UDP of one namespace: which socket a datagram is for. RFC 768, RFC 1122 section 4.1.

import type { RandomStream } from '@netreel/sim';
import {
  ICMP_TYPE, ICMP_UNREACHABLE, IPV4, IPV4_FRAGMENT, PROTOCOL, UDP, UDP_NO_CHECKSUM, checkUdp, checkUdpLength,
  isLoopbackIpv4, read16, read32, udpChecksum, write16, writeIpv4Header, writeUdpHeader, type Frame, type Ipv4,
} from '@netreel/wire';
import type { KernelCore, TunnelReceiver } from '../contract.js';
import type { Errno } from '../sockets.js';
import { isFragmentationNeeded, type Icmp, type IcmpError, type IcmpErrorReceiver } from '../ipv4/icmp.js';
import { DEFAULT_TTL, type Output } from '../ipv4/output.js';
import type { Routes } from '../ipv4/route.js';
import type { Payloads } from './payloads.js';
import { Ports } from './ports.js';
import { BoundUdpSocket } from './udp-socket.js';

const HEADERS_BYTES = IPV4.LENGTH + UDP.LENGTH;
/** What the length field of IPv4 leaves for a payload. */
const PAYLOAD_BYTES_MAX = 65535 - HEADERS_BYTES;
const LOCALHOST: Ipv4 = 0x7f00_0001;
/** Below this a loop beats the call of `set`. */
const COPY_BY_HAND_BYTES = 64;

/** The sockets and tunnels of one namespace. */
export class Udp implements IcmpErrorReceiver {
  private readonly ports: Ports<BoundUdpSocket>;
  private readonly tunnels = new Map<number, TunnelReceiver>();
  private readonly open = new Set<BoundUdpSocket>();

  constructor(private readonly core: KernelCore, readonly netns: string, private readonly routes: Routes,
    private readonly output: Output, private readonly icmp: Icmp, random: RandomStream,
    readonly payloads: Payloads) {
    this.ports = new Ports(random);
  }

  socket(id: number): BoundUdpSocket {
    const socket = new BoundUdpSocket(this, id);
    this.open.add(socket);
    return socket;
  }

  /** Gives `socket` an address and a port (0: a free one). RFC 1122 section 4.1.3.5. */
  bind(socket: BoundUdpSocket, address: Ipv4, wanted: number): Errno | undefined {
    if (address !== 0) {
      const { kind } = this.routes.find(address);
      if (kind === 'unicast' || kind === 'unreachable') return 'EADDRNOTAVAIL';
    }
    const port = wanted === 0 ? this.ports.ephemeral(address) : wanted;
    if (port === undefined || this.tunnels.has(port) || !this.ports.isFree(address, port)) return 'EADDRINUSE';
    socket.bound(address, port);
    this.ports.add(port, socket);
    this.core.port.emit({ type: 'SocketBound', netns: this.netns, socket: socket.id, protocol: 'udp', address, port });
    return undefined;
  }

  /** The address that packets to `target` would come from; an errno's name when there is no way. */
  sourceFor(target: Ipv4): Ipv4 | Errno {
    const path = this.routes.find(target === 0 ? LOCALHOST : target);
    return path.device === undefined || path.source === 0 ? 'ENETUNREACH' : path.source;
  }

  close(socket: BoundUdpSocket): void {
    this.open.delete(socket);
    if (socket.localPort === 0) return;
    this.ports.remove(socket.localPort, socket);
    // With its namespace a socket's row may be gone already.
    if (this.core.tables.sockets.has(socket.id)) this.core.port.emit({ type: 'SocketClosed', socket: socket.id });
  }

  /** The namespace closes under its sockets: whoever waits is told. */
  closeAll(): void {
    this.tunnels.clear();
    for (const socket of [...this.open]) socket.abandon('ENETDOWN');
  }

  bindTunnel(port: number, receiver: TunnelReceiver): boolean {
    if (this.tunnels.has(port) || this.ports.at(port) !== undefined) return false;
    this.tunnels.set(port, receiver);
    return true;
  }

  unbindTunnel(port: number): void {
    this.tunnels.delete(port);
  }

  /** Sends one datagram of a bound socket. */
  send(socket: BoundUdpSocket, address: Ipv4, port: number, payload: Uint8Array): Errno | undefined {
    if (payload.length > PAYLOAD_BYTES_MAX) return 'EMSGSIZE';
    const target = address === 0 ? LOCALHOST : address;
    const path = this.routes.find(target);
    if (path.device === undefined) return 'ENETUNREACH';
    let source = socket.localAddress;
    if (source === 0) source = path.source;
    else if (!this.maySend(source, path.kind === 'local')) return 'EINVAL';
    if (source === 0) return 'ENETUNREACH';
    const totalBytes = HEADERS_BYTES + payload.length;
    if (socket.dontFragment && totalBytes > this.routes.mtu(path)) return 'EMSGSIZE';
    const frame = this.output.packet(totalBytes);
    const { buffer, start } = frame;
    const at = start + IPV4.LENGTH;
    copyInto(buffer, at + UDP.LENGTH, payload);
    writeUdpHeader(buffer, at, socket.localPort, port, UDP.LENGTH + payload.length, UDP_NO_CHECKSUM);
    write16(buffer, at + UDP.CHECKSUM, udpChecksum(buffer, at, frame.end, source, target));
    frame.summed = true;
    const identification = socket.dontFragment ? 0 : this.output.nextIdentification();
    // RFC 1112 section 6.1: what is sent to a group stays on the link unless told otherwise.
    const ttl = path.kind === 'multicast' ? 1 : socket.ttl;
    writeIpv4Header(buffer, start, totalBytes, identification, socket.dontFragment ? IPV4_FRAGMENT.dontFragment : 0,
      ttl, PROTOCOL.udp, source, target);
    this.output.send(path, frame);
    return undefined;
  }

  /** A tunnel's datagram: headers are prepended to what stands in the frame. RFC 7348 section 4.3 (no fragments). */
  sendInPlace(frame: Frame, source: Ipv4, sourcePort: number, target: Ipv4, targetPort: number): void {
    const path = this.routes.find(target);
    if (path.device === undefined) return this.core.drop(this.netns, 'no-route', frame);
    writeUdpHeader(frame.buffer, frame.start - UDP.LENGTH, sourcePort, targetPort, UDP.LENGTH + frame.end - frame.start,
      UDP_NO_CHECKSUM);
    frame.start -= HEADERS_BYTES;
    writeIpv4Header(frame.buffer, frame.start, frame.end - frame.start, 0, IPV4_FRAGMENT.dontFragment, DEFAULT_TTL,
      PROTOCOL.udp, source === 0 ? path.source : source, target);
    this.output.send(path, frame);
  }

  /** `frame` starts at its IPv4 header, UDP at `at`; `answerable` unless it was sent to a group. Owns the frame. */
  receive(frame: Frame, at: number, answerable: boolean): void {
    const { buffer, start } = frame;
    const source = read32(buffer, start + IPV4.SOURCE);
    const target = read32(buffer, start + IPV4.TARGET);
    // As Linux trusts what a veth brings (CHECKSUM_UNNECESSARY): a payload summed here is not summed again.
    const flaw = frame.summed ? checkUdpLength(buffer, at, frame.end)
      : checkUdp(buffer, at, frame.end, source, target);
    if (flaw !== undefined) {
      return this.core.drop(this.netns, flaw === 'bad-checksum' ? 'bad-checksum' : 'bad-udp', frame);
    }
    const payloadEnd = at + read16(buffer, at + UDP.DATAGRAM_LENGTH);
    const targetPort = read16(buffer, at + UDP.TARGET_PORT);
    const sourcePort = read16(buffer, at + UDP.SOURCE_PORT);
    const socket = this.find(target, targetPort, source, sourcePort);
    if (socket !== undefined) {
      const ttl = buffer[start + IPV4.TTL]!;
      const accepted = socket.deliver(buffer, at + UDP.LENGTH, payloadEnd, source, sourcePort, target, ttl);
      if (!accepted) return this.core.drop(this.netns, 'socket-queue-full', frame);
      this.core.pool.release(frame);
      socket.onReadable?.();
      return;
    }
    const tunnel = this.tunnels.get(targetPort);
    if (tunnel !== undefined) {
      frame.start = at + UDP.LENGTH;
      frame.end = payloadEnd;
      return tunnel.receive(frame, source);
    }
    // RFC 1122 section 4.1.3.1.
    this.icmp.sendError(frame, ICMP_TYPE.unreachable, ICMP_UNREACHABLE.port, 0, answerable);
    this.core.drop(this.netns, 'port-unreachable', frame);
  }

  /** RFC 1122 section 4.1.3.3. Without IP_RECVERR Linux tells connected sockets of hard errors only. */
  icmpError(error: IcmpError): void {
    const { buffer, quoted, quotedTarget } = error;
    const socket = this.find(error.quotedSource, read16(buffer, quoted + UDP.SOURCE_PORT), quotedTarget,
      read16(buffer, quoted + UDP.TARGET_PORT));
    if (socket === undefined || socket.remotePort === 0) return;
    if (isFragmentationNeeded(error.type, error.code)) {
      if (socket.dontFragment) socket.fail('EMSGSIZE');
      return;
    }
    const errno = error.type === ICMP_TYPE.unreachable ? HARD_ERRORS.get(error.code) : undefined;
    if (errno !== undefined) socket.fail(errno);
  }

  /** The socket that fits best: connected to that very peer, then bound to that address, then to any. */
  private find(target: Ipv4, targetPort: number, source: Ipv4, sourcePort: number): BoundUdpSocket | undefined {
    const held = this.ports.at(targetPort);
    if (held === undefined) return undefined;
    let best: BoundUdpSocket | undefined;
    for (let i = 0; i < held.length; i++) {
      const socket = held[i]!;
      if (socket.localAddress !== 0 && socket.localAddress !== target) continue;
      if (socket.remotePort !== 0 && (socket.remotePort !== sourcePort || socket.remoteAddress !== source)) continue;
      if (best === undefined || best.localAddress === 0) best = socket;
    }
    return best;
  }

  private maySend(source: Ipv4, toSelf: boolean): boolean {
    if (isLoopbackIpv4(source) && !toSelf) return false;
    return this.routes.isLocal(source);
  }
}

const HARD_ERRORS: ReadonlyMap<number, Errno> = new Map([
  [ICMP_UNREACHABLE.protocol, 'ECONNREFUSED'], [ICMP_UNREACHABLE.port, 'ECONNREFUSED'],
  [ICMP_UNREACHABLE.communicationProhibited, 'EHOSTUNREACH'],
]);

function copyInto(buffer: Uint8Array, at: number, payload: Uint8Array): void {
  if (payload.length > COPY_BY_HAND_BYTES) {
    buffer.set(payload, at);
    return;
  }
  for (let i = 0; i < payload.length; i++) buffer[at + i] = payload[i]!;
}
