// UDP of one namespace: which socket a datagram is for. RFC 768, RFC 1122 section 4.1; over IPv6 RFC 8200 section 8.

import type { RandomStream } from '@netreel/sim';
import {
  PROTOCOL, UDP, UDP_NO_CHECKSUM, checkUdp, checkUdpLength, read16, udpChecksum, write16, writeUdpHeader,
  type Address, type Frame, type Ipv4,
} from '@netreel/wire';
import type { KernelCore, TunnelReceiver } from '../contract.js';
import { layerOf, type NetworkError, type NetworkErrorReceiver, type NetworkLayer,
  type NetworkLayers } from '../network/layer.js';
import { DEFAULT_TTL } from '../network/packet.js';
import type { Path } from '../network/path.js';
import type { Errno } from '../sockets.js';
import type { Payloads } from './payloads.js';
import { Ports, speaksBoth, takes, takesEvery } from './ports.js';
import { BoundUdpSocket } from './udp-socket.js';

/** What the length field of IPv4 leaves for a payload, and the smaller one of IPv6. */
const PACKET_BYTES_MAX = 65535;
/** Below this a loop beats the call of `set`. */
const COPY_BY_HAND_BYTES = 64;

/** The sockets and tunnels of one namespace. */
export class Udp implements NetworkErrorReceiver {
  private readonly ports: Ports<BoundUdpSocket>;
  private readonly tunnels = new Map<number, TunnelReceiver>();
  private readonly open = new Set<BoundUdpSocket>();

  constructor(private readonly core: KernelCore, readonly netns: string, private readonly layers: NetworkLayers,
    random: RandomStream, readonly payloads: Payloads) {
    this.ports = new Ports(random);
  }

  socket(id: number): BoundUdpSocket {
    const socket = new BoundUdpSocket(this, id);
    this.open.add(socket);
    return socket;
  }

  /** Gives `socket` an address and a port (0: a free one). RFC 1122 section 4.1.3.5. */
  bind(socket: BoundUdpSocket, address: Address, wanted: number): Errno | undefined {
    const layer = layerOf(this.layers, address);
    if (address !== layer.unspecified) {
      const { kind } = layer.find(address);
      if (kind === 'unicast' || kind === 'unreachable') return 'EADDRNOTAVAIL';
    }
    const { v6only } = socket;
    const port = wanted === 0 ? this.ports.ephemeral(address, v6only) : wanted;
    if (port === undefined || this.tunnels.has(port) || !this.ports.isFree(address, port, v6only)) return 'EADDRINUSE';
    socket.bound(address, port);
    this.ports.add(port, socket);
    const { netns } = this;
    if (typeof address === 'number') {
      this.core.port.emit({ type: 'SocketBound', netns, socket: socket.id, protocol: 'udp', address, port });
    } else {
      this.core.port.emit({ type: 'Socket6Bound', netns, socket: socket.id, protocol: 'udp', address, port, v6only });
    }
    return undefined;
  }

  /** The address that packets to `target` would come from; an errno's name when there is no way. */
  sourceFor(target: Address): { readonly source: Address } | Errno {
    const layer = layerOf(this.layers, target);
    const path = layer.find(target === layer.unspecified ? layer.localhost : target);
    return path.device === undefined || path.source === layer.unspecified ? 'ENETUNREACH' : { source: path.source };
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
  send(socket: BoundUdpSocket, address: Address, port: number, payload: Uint8Array): Errno | undefined {
    const layer = layerOf(this.layers, address);
    const payloadBytes = UDP.LENGTH + payload.length;
    const totalBytes = layer.headerBytes + payloadBytes;
    if (totalBytes > PACKET_BYTES_MAX) return 'EMSGSIZE';
    const target = address === layer.unspecified ? layer.localhost : address;
    const path = layer.find(target);
    if (path.device === undefined) return 'ENETUNREACH';
    let source = socket.localAddress;
    if (typeof source !== typeof target && !speaksBoth(socket)) return 'ENETUNREACH';
    if (takesEvery(socket)) source = path.source;
    else if (!maySend(layer, source, path)) return 'EINVAL';
    if (source === layer.unspecified) return 'ENETUNREACH';
    if (socket.dontFragment && totalBytes > layer.mtu(path)) return 'EMSGSIZE';
    const frame = layer.packet(payloadBytes);
    const { buffer } = frame;
    const at = frame.start + layer.headerBytes;
    copyInto(buffer, at + UDP.LENGTH, payload);
    writeUdpHeader(buffer, at, socket.localPort, port, payloadBytes, UDP_NO_CHECKSUM);
    write16(buffer, at + UDP.CHECKSUM, udpChecksum(buffer, at, frame.end, source, target));
    frame.summed = true;
    // RFC 1112 section 6.1: what is sent to a group stays on the link unless told otherwise.
    const ttl = path.kind === 'multicast' ? 1 : socket.ttl;
    layer.send(path, frame, PROTOCOL.udp, source, target, ttl, socket.dontFragment);
    return undefined;
  }

  /** A tunnel's datagram: headers are prepended to what stands in the frame. RFC 7348 section 4.3 (no fragments). */
  sendInPlace(frame: Frame, source: Ipv4, sourcePort: number, target: Ipv4, targetPort: number): void {
    const layer = this.layers.ipv4;
    const path = layer.find(target);
    if (path.device === undefined) return this.core.drop(this.netns, 'no-route', frame);
    frame.start -= UDP.LENGTH;
    writeUdpHeader(frame.buffer, frame.start, sourcePort, targetPort, frame.end - frame.start, UDP_NO_CHECKSUM);
    frame.start -= layer.headerBytes;
    layer.send(path, frame, PROTOCOL.udp, source === 0 ? path.source : source, target, DEFAULT_TTL, true);
  }

  /**
   * `frame` starts at its network header, UDP at `at`; `answerable` unless it was sent to a group. Owns the frame.
   */
  receive(frame: Frame, at: number, answerable: boolean, source: Address, target: Address): void {
    const { buffer } = frame;
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
      const ttl = layerOf(this.layers, target).ttlOf(frame);
      const accepted = socket.deliver(buffer, at + UDP.LENGTH, payloadEnd, source, sourcePort, target, ttl);
      if (!accepted) return this.core.drop(this.netns, 'socket-queue-full', frame);
      this.core.pool.release(frame);
      socket.onReadable?.();
      return;
    }
    const tunnel = this.tunnels.get(targetPort);
    if (tunnel !== undefined && typeof source === 'number') {
      frame.start = at + UDP.LENGTH;
      frame.end = payloadEnd;
      return tunnel.receive(frame, source as Ipv4);
    }
    layerOf(this.layers, target).portUnreachable(frame, answerable);
    this.core.drop(this.netns, 'port-unreachable', frame);
  }

  /** RFC 1122 section 4.1.3.3. Without IP_RECVERR Linux tells connected sockets of hard errors only. */
  networkError(error: NetworkError): void {
    const { buffer, quoted } = error;
    const socket = this.find(error.quotedSource, read16(buffer, quoted + UDP.SOURCE_PORT), error.quotedTarget,
      read16(buffer, quoted + UDP.TARGET_PORT));
    if (socket === undefined || socket.remotePort === 0) return;
    if (error.tooBig) {
      if (socket.dontFragment) socket.fail('EMSGSIZE');
      return;
    }
    if (error.hard && error.unreachable !== undefined) socket.fail(error.unreachable);
  }

  /** The socket that fits best: connected to that very peer, then bound to that address, then to any. */
  private find(target: Address, targetPort: number, source: Address, sourcePort: number): BoundUdpSocket | undefined {
    const held = this.ports.at(targetPort);
    if (held === undefined) return undefined;
    let best: BoundUdpSocket | undefined;
    for (let i = 0; i < held.length; i++) {
      const socket = held[i]!;
      if (!takes(socket, target)) continue;
      if (socket.remotePort !== 0 && (socket.remotePort !== sourcePort || socket.remoteAddress !== source)) continue;
      if (best === undefined || takesEvery(best)) best = socket;
    }
    return best;
  }
}

function maySend(layer: NetworkLayer, source: Address, path: Path<Address>): boolean {
  if (layer.isLoopback(source) && path.kind !== 'local') return false;
  return layer.isLocal(source);
}

function copyInto(buffer: Uint8Array, at: number, payload: Uint8Array): void {
  if (payload.length > COPY_BY_HAND_BYTES) {
    buffer.set(payload, at);
    return;
  }
  for (let i = 0; i < payload.length; i++) buffer[at + i] = payload[i]!;
}
