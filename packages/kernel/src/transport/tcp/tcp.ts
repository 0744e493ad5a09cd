// TCP of one namespace: which connection or listener a segment is for. RFC 9293 section 3.10.7. Addresses are keys
// here: which family they are of matters to the layer below alone.

import type { RandomStream } from '@netreel/sim';
import { TCP, checkTcp, checkTcpLength, read16, read32, type Address, type Frame } from '@netreel/wire';
import type { KernelCore } from '../../contract.js';
import { layerOf, type NetworkError, type NetworkErrorReceiver, type NetworkLayers } from '../../network/layer.js';
import type { Errno } from '../../sockets.js';
import type { Payloads } from '../payloads.js';
import { Ports, speaksBoth, takes, takesEvery, type PortHolder } from '../ports.js';
import { lingered } from './close.js';
import { Buffers } from './buffers.js';
import { Connections } from './connections.js';
import { TimeWait, TimeWaits } from './time-wait.js';
import { Connection, type TcpSide, type TimerDuties } from './connection.js';
import { keepaliveDue } from './keepalive.js';
import { Secret } from './initial-sequence.js';
import { Listener } from './listen.js';
import { begin } from './open.js';
import { acknowledgeDue } from './delayed-ack.js';
import { News } from './news.js';
import { receiveSegment } from './receive.js';
import { refuse } from './reset.js';
import { retransmitDue } from './retransmit.js';
import { Segment } from './segment.js';
import { pushOut, resendLost } from './send.js';
import { before } from './sequence.js';
import { maySend } from './state.js';
import { BoundTcpSocket } from './socket.js';
import { optionBytes } from './transmit.js';

const PORT_MAX = 65535;

/** Whoever asks for a port learns here which one it got. */
export interface Binder extends PortHolder {
  bound(address: Address, port: number): void;
  readonly localPort: number;
  abandon(error: Errno): void;
}

const DUTIES: TimerDuties = { retransmit: retransmitDue, acknowledge: acknowledgeDue, linger: lingered,
  keepalive: keepaliveDue };

/** The connections and listeners of one namespace. */
export class Tcp implements TcpSide, NetworkErrorReceiver {
  private readonly ports: Ports<PortHolder>;
  private readonly connections = new Connections<Connection | TimeWait>();
  private readonly waits = new TimeWaits(this, (waiting) => this.endWait(waiting));
  private readonly opened = new Set<Binder>();
  private readonly segment = new Segment();
  readonly news = new News();
  readonly secret: Secret;
  readonly buffers = new Buffers();

  constructor(readonly core: KernelCore, readonly netns: string, readonly layers: NetworkLayers,
    readonly payloads: Payloads, secrets: RandomStream, ports: RandomStream,
    readonly takeSocketId: () => number) {
    this.ports = new Ports(ports);
    this.secret = new Secret(secrets);
  }

  socket(): BoundTcpSocket {
    const socket = new BoundTcpSocket(this, this.takeSocketId());
    this.opened.add(socket);
    return socket;
  }

  listener(): Listener {
    const listener = new Listener(this, this.takeSocketId());
    this.opened.add(listener);
    return listener;
  }

  bind(binder: Binder, id: number, address: Address, wanted: number): Errno | undefined {
    if (!Number.isInteger(wanted) || wanted < 0 || wanted > PORT_MAX) return 'EINVAL';
    const layer = layerOf(this.layers, address);
    if (address !== layer.unspecified) {
      const { kind } = layer.find(address);
      if (kind === 'unicast' || kind === 'unreachable') return 'EADDRNOTAVAIL';
    }
    const { v6only } = binder;
    const port = wanted === 0 ? this.ports.ephemeral(address, v6only) : wanted;
    if (port === undefined || !this.ports.isFree(address, port, v6only)) return 'EADDRINUSE';
    binder.bound(address, port);
    this.ports.add(port, binder);
    const { netns } = this;
    if (typeof address === 'number') {
      this.core.port.emit({ type: 'SocketBound', netns, socket: id, protocol: 'tcp', address, port });
    } else {
      this.core.port.emit({ type: 'Socket6Bound', netns, socket: id, protocol: 'tcp', address, port, v6only });
    }
    return undefined;
  }

  /** A listener, or a socket that never connected, is closed. */
  unbind(binder: Binder, id: number): void {
    this.opened.delete(binder);
    if (binder.localPort === 0) return;
    this.ports.remove(binder.localPort, binder);
    if (this.core.tables.sockets.has(id)) this.core.port.emit({ type: 'SocketClosed', socket: id });
  }

  /** Its owner has closed it; the connection may go on. */
  leave(binder: Binder): void {
    this.opened.delete(binder);
  }

  /** Active open. */
  open(socket: BoundTcpSocket, id: number, address: Address, port: number): Connection | Errno {
    const layer = layerOf(this.layers, address);
    const target = address === layer.unspecified ? layer.localhost : address;
    const path = layer.find(target);
    if (path.device === undefined || path.source === layer.unspecified) return 'ENETUNREACH';
    if (path.kind !== 'unicast' && path.kind !== 'local') return 'ENETUNREACH';
    const isBound = socket.localPort !== 0;
    if (isBound && typeof socket.localAddress !== typeof target && !speaksBoth(socket)) return 'ENETUNREACH';
    const source = takesEvery(socket) ? path.source : socket.localAddress;
    let { localPort } = socket;
    if (localPort === 0) {
      const free = this.ports.ephemeral(source);
      if (free === undefined) return 'EADDRNOTAVAIL';
      localPort = free;
      this.ports.add(localPort, socket);
    } else if (this.connections.find(source, localPort, target, port) !== undefined) {
      return 'EADDRNOTAVAIL';
    }
    socket.bound(source, localPort);
    const connection = this.connect(id, source, localPort, target, port);
    connection.mapped = isBound && typeof source === 'number' && speaksBoth(socket);
    connection.holder = socket;
    begin(connection, { name: 'SYN-SENT' });
    return connection;
  }

  connect(id: number, local: Address, localPort: number, remote: Address, remotePort: number): Connection {
    const connection = new Connection(this, layerOf(this.layers, remote), DUTIES, id, local, localPort, remote,
      remotePort);
    this.connections.add(connection);
    return connection;
  }

  forget(connection: Connection): void {
    if (connection.holder !== undefined) this.ports.remove(connection.localPort, connection.holder);
    this.connections.remove(connection);
  }

  waitFor(connection: Connection): void {
    this.connections.remove(connection);
    const waiting = new TimeWait(this, connection);
    this.connections.add(waiting);
    this.waits.add(waiting);
  }

  private endWaitEarly(waiting: TimeWait): void {
    this.waits.remove(waiting);
    this.endWait(waiting);
  }

  private endWait(waiting: TimeWait): void {
    this.connections.remove(waiting);
    if (waiting.holder !== undefined) this.ports.remove(waiting.localPort, waiting.holder);
    const { port, tables } = this.core;
    if (tables.sockets.has(waiting.id)) port.emit({ type: 'SocketClosed', socket: waiting.id });
  }

  /** The namespace closes under its connections: whoever waits is told. */
  closeAll(): void {
    for (const binder of [...this.opened]) binder.abandon('ENETDOWN');
    for (const held of this.connections.all()) {
      if (held instanceof Connection) held.end('ENETDOWN');
      else this.endWaitEarly(held);
    }
  }

  /** `frame` starts at its network header, TCP at `at`; `unicast` unless it was sent to a group. Owns the frame. */
  receive(frame: Frame, at: number, unicast: boolean, source: Address, target: Address): void {
    const { buffer, end } = frame;
    const flaw = frame.summed ? checkTcpLength(buffer, at, end) : checkTcp(buffer, at, end, source, target);
    if (flaw !== undefined) {
      return this.core.drop(this.netns, flaw === 'bad-checksum' ? 'bad-checksum' : 'bad-tcp', frame);
    }
    // RFC 9293 MUST-57: connections have two ends.
    if (!unicast) return this.core.drop(this.netns, 'not-for-us', frame);
    const { segment } = this;
    segment.read(buffer, at, end, source, target);
    const held = this.connections.find(target, segment.targetPort, source, segment.sourcePort);
    if (held instanceof Connection) {
      receiveSegment(held, segment);
    } else if (held === undefined || !this.receiveWaiting(held, segment)) {
      const listener = this.listenerAt(target, segment.targetPort);
      if (listener === undefined) {
        refuse(this, segment);
        return this.core.drop(this.netns, 'port-unreachable', frame);
      }
      listener.receive(segment);
    }
    this.core.pool.release(frame);
  }

  /** RFC 5461 section 4: in the midst of a connection ICMP says nothing for certain, while it is opened it does. */
  networkError(error: NetworkError): void {
    const { buffer, quoted } = error;
    const connection = this.find(error.quotedSource, read16(buffer, quoted + TCP.SOURCE_PORT), error.quotedTarget,
      read16(buffer, quoted + TCP.TARGET_PORT));
    if (connection === undefined) return;
    const sequence = read32(buffer, quoted + TCP.SEQUENCE);
    // RFC 5927 section 4.1: what was never sent, or has arrived, no router can complain of.
    if (before(sequence, connection.una) || !before(sequence, connection.nxt)) return;
    if (error.tooBig) return resendSmaller(connection);
    if (connection.state.name === 'SYN-SENT' && error.unreachable !== undefined) connection.end(error.unreachable);
  }

  private find(local: Address, localPort: number, remote: Address, remotePort: number): Connection | undefined {
    const held = this.connections.find(local, localPort, remote, remotePort);
    return held instanceof Connection ? held : undefined;
  }

  private listenerAt(address: Address, port: number): Listener | undefined {
    let best: Listener | undefined;
    for (const holder of this.ports.at(port) ?? []) {
      if (!(holder instanceof Listener) || !holder.listening) continue;
      if (holder.localAddress === address) return holder;
      if (takes(holder, address)) best = holder;
    }
    return best;
  }

  /** RFC 9293 section 3.10.7.4 (TIME-WAIT). False when a new connection may begin instead. */
  private receiveWaiting(waiting: TimeWait, segment: Segment): boolean {
    if (waiting.makesWay(segment) && this.listenerAt(segment.target, segment.targetPort) !== undefined) {
      this.endWaitEarly(waiting);
      return false;
    }
    if (waiting.receive(segment, this.waits)) this.endWaitEarly(waiting);
    return true;
  }
}

/** RFC 1191 section 6.4: the routes know the new size already, and what was too large goes again in pieces. */
function resendSmaller(connection: Connection): void {
  const { sent } = connection;
  if (!maySend(connection.state)) return;
  const most = connection.mss - optionBytes(connection);
  for (let place = 0; place < sent.count; place++) {
    const segment = sent.at(place);
    if (!segment.sacked && segment.end - segment.start > most) sent.lose(segment);
  }
  resendLost(connection);
  pushOut(connection);
}
