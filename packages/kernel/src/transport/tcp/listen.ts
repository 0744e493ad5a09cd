// A port that waits for connections. RFC 9293 sections 3.10.7.2 (LISTEN) and 3.9.1.1 (passive open); the two queues of
// listen(2).

import { IPV6_UNSPECIFIED, TCP_FLAG, type Address } from '@netreel/wire';
import type { Errno, TcpListener, TcpSocket } from '../../sockets.js';
import { abort } from './close.js';
import { tellState, type Connection, type Owner } from './connection.js';
import { begin, takeSyn } from './open.js';
import { refuse } from './reset.js';
import type { Segment } from './segment.js';
import { BoundTcpSocket } from './socket.js';
import type { Tcp } from './tcp.js';

/** net.core.somaxconn. */
const BACKLOG_MAX = 4096;
/** net.ipv4.tcp_max_syn_backlog: connections whose third segment is still missing. */
const EMBRYOS_MAX = 512;

export class Listener implements TcpListener {
  onReadable: (() => void) | undefined = undefined;
  localAddress: Address = 0;
  v6only = false;
  localPort = 0;
  listening = false;
  private backlog = 0;
  private readonly embryos = new Set<Connection>();
  private readonly queue: Connection[] = [];
  private error: Errno | undefined = undefined;
  private closed = false;

  constructor(private readonly tcp: Tcp, readonly id: number) {}

  bind(address: Address, port: number): Errno | undefined {
    if (this.closed) return 'EBADF';
    if (this.localPort !== 0) return 'EINVAL';
    return this.tcp.bind(this, this.id, address, port);
  }

  bound(address: Address, port: number): void {
    this.localAddress = address;
    this.localPort = port;
  }

  listen(backlog: number): Errno | undefined {
    if (this.closed) return 'EBADF';
    if (this.localPort === 0) {
      const refusal = this.bind(0, 0);
      if (refusal !== undefined) return refusal;
    }
    this.backlog = Math.max(0, Math.min(backlog, BACKLOG_MAX));
    if (this.listening) return undefined;
    this.listening = true;
    const { id, localAddress: local, localPort } = this;
    const remote = typeof local === 'number' ? 0 : IPV6_UNSPECIFIED;
    tellState(this.tcp, { id, local, localPort, remote, remotePort: 0, mapped: false }, 'LISTEN');
    return undefined;
  }

  accept(): TcpSocket | undefined {
    const connection = this.queue.shift();
    return connection === undefined ? undefined : BoundTcpSocket.accepted(this.tcp, connection);
  }

  readable(): boolean {
    return this.queue.length > 0 || this.error !== undefined;
  }

  takeError(): Errno | undefined {
    const { error } = this;
    this.error = undefined;
    return error;
  }

  /** Whoever was not accepted yet is reset. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.listening = false;
    this.onReadable = undefined;
    for (const connection of [...this.embryos, ...this.queue]) abort(connection);
    this.embryos.clear();
    this.queue.length = 0;
    this.tcp.unbind(this, this.id);
  }

  // --- seen from the protocol ---

  /** A segment that belongs to no connection. */
  receive(segment: Segment): void {
    if (segment.has(TCP_FLAG.rst)) return;
    if (segment.has(TCP_FLAG.ack)) return refuse(this.tcp, segment);
    if (!segment.has(TCP_FLAG.syn)) return;
    if (this.queue.length > this.backlog || this.embryos.size >= EMBRYOS_MAX) return this.full();
    const connection = this.tcp.connect(this.tcp.takeSocketId(), segment.target, segment.targetPort, segment.source,
      segment.sourcePort);
    connection.mapped = typeof this.localAddress !== typeof segment.target;
    this.embryos.add(connection);
    connection.owner = new Waiting(this, connection);
    takeSyn(connection, segment);
    begin(connection, { name: 'SYN-RECEIVED', listener: this });
  }

  /** Whether one more may wait to be accepted. As in Linux, a full queue lets the third segment be sent again. */
  admits(connection: Connection): boolean {
    if (this.queue.length <= this.backlog && this.embryos.has(connection)) return true;
    this.full();
    return false;
  }

  opened(connection: Connection): void {
    this.embryos.delete(connection);
    this.queue.push(connection);
    this.onReadable?.();
  }

  forget(connection: Connection): void {
    this.embryos.delete(connection);
  }

  /** Closed by the kernel, not by its owner. */
  abandon(error: Errno): void {
    const wake = this.onReadable;
    this.close();
    this.error = error;
    wake?.();
  }

  private full(): void {
    this.tcp.core.drop(this.tcp.netns, 'listen-queue-full', undefined);
  }
}

/** A connection that nobody has accepted yet. */
class Waiting implements Owner {
  constructor(private readonly listener: Listener, private readonly connection: Connection) {}

  wakeReader(): void { /* accept() looks for itself */ }

  wakeWriter(): void { /* accept() looks for itself */ }

  ended(): void {
    this.listener.forget(this.connection);
  }
}
