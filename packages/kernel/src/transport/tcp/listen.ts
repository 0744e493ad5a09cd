// A port that waits for connections. RFC 9293 sections 3.10.7.2 (LISTEN) and 3.9.1.1 (passive open); the two queues of
// listen(2), and what happens when the first one is full.

import { SECOND, type SimTime } from '@netreel/sim';
import { IPV6_UNSPECIFIED, TCP_FLAG, type Address } from '@netreel/wire';
import type { DropReason } from '../../drop.js';
import type { Errno, TcpListener, TcpSocket } from '../../sockets.js';
import { abort } from './close.js';
import { tellState, type Connection, type Owner } from './connection.js';
import { readCookie, sendCookie } from './cookies.js';
import { begin, resume, takeSyn } from './open.js';
import { receiveSegment } from './receive.js';
import { refuse } from './reset.js';
import type { Segment } from './segment.js';
import { BoundTcpSocket } from './socket.js';
import type { Tcp } from './tcp.js';

/** net.core.somaxconn. */
const BACKLOG_MAX = 4096;
/** How long after a flood cookies are still looked for in what comes. */
const COOKIES_LAST_NS = 120 * SECOND;

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
  /** When a cookie was given out last. */
  private cookiesAt: SimTime = -COOKIES_LAST_NS;

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
    if (segment.has(TCP_FLAG.ack)) return this.receiveAck(segment);
    // As Linux has it, nobody begins and ends in one segment.
    if (!segment.has(TCP_FLAG.syn) || segment.has(TCP_FLAG.fin)) return this.drop('bad-tcp');
    if (this.queue.length > this.backlog) return this.drop('listen-queue-full');
    if (this.embryos.size >= this.backlog) {
      this.cookiesAt = this.tcp.core.port.now();
      return sendCookie(this.tcp, segment);
    }
    const connection = this.conceive(segment);
    this.embryos.add(connection);
    takeSyn(connection, segment);
    begin(connection, { name: 'SYN-RECEIVED', listener: this });
  }

  /** It may bring back what a cookie carried off. */
  private receiveAck(segment: Segment): void {
    const { tcp } = this;
    const isRecent = tcp.core.port.now() - this.cookiesAt < COOKIES_LAST_NS;
    const remembered = isRecent && !segment.has(TCP_FLAG.syn) ? readCookie(tcp, segment) : undefined;
    if (remembered === undefined) return refuse(tcp, segment);
    if (this.queue.length > this.backlog) return this.drop('listen-queue-full');
    const connection = this.conceive(segment);
    resume(connection, segment, remembered);
    // What it brings besides is for the connection; the queue is told first, as accept() may follow at once.
    this.opened(connection);
    receiveSegment(connection, segment);
  }

  private conceive({ target, targetPort, source, sourcePort }: Segment): Connection {
    const { tcp } = this;
    const connection = tcp.connect(tcp.takeSocketId(), target, targetPort, source, sourcePort);
    connection.mapped = typeof this.localAddress !== typeof target;
    connection.owner = new Waiting(this, connection);
    return connection;
  }

  /** Whether one more may wait to be accepted. As in Linux, a full queue lets the third segment be sent again. */
  admits(connection: Connection): boolean {
    if (this.queue.length <= this.backlog && this.embryos.has(connection)) return true;
    this.drop('listen-queue-full');
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

  private drop(reason: DropReason): void {
    this.tcp.core.drop(this.tcp.netns, reason, undefined);
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
