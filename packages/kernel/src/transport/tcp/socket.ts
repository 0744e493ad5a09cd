// A connection as a program sees it. RFC 9293 section 3.9.1, socket(7).

import type { Address } from '@netreel/wire';
import type { Errno, TcpInfo, TcpSocket } from '../../sockets.js';
import { hasRoom } from './acknowledge.js';
import { abort, finish, release } from './close.js';
import type { Connection, Owner } from './connection.js';
import { startKeepalive, stopKeepalive } from './keepalive.js';
import { announceRoom } from './receive.js';
import { pushOut } from './send.js';
import type { Tcp } from './tcp.js';
import { optionBytes } from './transmit.js';

const PORT_MAX = 65535;
const NOTHING = new Uint8Array(0);

export class BoundTcpSocket implements TcpSocket, Owner {
  onReadable: (() => void) | undefined = undefined;
  onWritable: (() => void) | undefined = undefined;
  localAddress: Address = 0;
  v6only = false;
  localPort = 0;
  private connection: Connection | undefined = undefined;
  private error: Errno | undefined = undefined;
  private closed = false;
  private watched = false;
  private hasty = false;
  private limitBytes = 0;

  constructor(private readonly tcp: Tcp, readonly id: number) {}

  /** The socket for a connection that came in. */
  static accepted(tcp: Tcp, connection: Connection): BoundTcpSocket {
    const socket = new BoundTcpSocket(tcp, connection.id);
    socket.localAddress = connection.local;
    socket.localPort = connection.localPort;
    socket.adopt(connection);
    // It may have ended while it waited.
    if (connection.state.name === 'CLOSED') socket.error = connection.state.error;
    return socket;
  }

  get remoteAddress(): Address { return this.connection?.remote ?? 0; }

  get remotePort(): number { return this.connection?.remotePort ?? 0; }

  get state(): string { return this.connection?.state.name ?? 'CLOSED'; }

  get connected(): boolean {
    const { state } = this;
    return state !== 'CLOSED' && state !== 'SYN-SENT' && state !== 'SYN-RECEIVED';
  }

  get noDelay(): boolean { return this.hasty; }

  set noDelay(value: boolean) {
    this.hasty = value;
    if (this.connection === undefined) return;
    this.connection.noDelay = value;
    if (value) pushOut(this.connection);
  }

  get keepalive(): boolean { return this.watched; }

  set keepalive(value: boolean) {
    this.watched = value;
    if (this.connection === undefined || this.state === 'CLOSED') return;
    if (value) startKeepalive(this.connection);
    else stopKeepalive(this.connection);
  }

  get segmentLimitBytes(): number { return this.limitBytes; }

  set segmentLimitBytes(value: number) {
    this.limitBytes = value;
    if (this.connection !== undefined) this.connection.segmentLimitBytes = value;
  }

  info(): TcpInfo | undefined {
    const { connection } = this;
    if (connection === undefined) return undefined;
    const segmentBytes = connection.mss - optionBytes(connection);
    return { congestionWindowBytes: connection.cwnd * segmentBytes, segmentBytes, resent: connection.resent };
  }

  bind(address: Address, port: number): Errno | undefined {
    if (this.closed) return 'EBADF';
    if (this.localPort !== 0) return 'EINVAL';
    return this.tcp.bind(this, this.id, address, port);
  }

  bound(address: Address, port: number): void {
    this.localAddress = address;
    this.localPort = port;
  }

  connect(address: Address, port: number): Errno | undefined {
    if (this.closed) return 'EBADF';
    if (this.connection !== undefined) return 'EISCONN';
    if (!Number.isInteger(port) || port < 1 || port > PORT_MAX) return 'EINVAL';
    const connection = this.tcp.open(this, this.id, address, port);
    if (typeof connection === 'string') return connection;
    this.adopt(connection);
    return undefined;
  }

  send(bytes: Uint8Array): number | Errno {
    const { connection } = this;
    if (this.closed) return 'EBADF';
    if (this.error !== undefined) return this.takeError()!;
    if (connection === undefined) return 'ENOTCONN';
    const { name } = connection.state;
    if (name === 'SYN-SENT' || name === 'SYN-RECEIVED') return 0;
    if (name !== 'ESTABLISHED' && name !== 'CLOSE-WAIT') return 'EPIPE';
    const count = Math.min(bytes.length, connection.sendRoom);
    if (count === 0) return 0;
    connection.sendRing.append(bytes, 0, count);
    pushOut(connection);
    return count;
  }

  receive(mostBytes = 65_536): Uint8Array | undefined {
    const { connection } = this;
    if (connection === undefined || this.closed) return undefined;
    const ring = connection.receiveRing;
    const count = Math.min(ring.length, mostBytes);
    if (count <= 0) return this.atEnd() ? NOTHING : undefined;
    const bytes = this.tcp.payloads.take(count);
    ring.copy(0, count, bytes, 0);
    ring.drop(count);
    if (ring.length === 0 && connection.finReceived) ring.clear();
    announceRoom(connection, count);
    return bytes;
  }

  readable(): boolean {
    if (this.error !== undefined) return true;
    const { connection } = this;
    return connection !== undefined && !this.closed && (connection.receiveRing.length > 0 || this.atEnd());
  }

  writable(): boolean {
    if (this.error !== undefined) return true;
    const { connection } = this;
    if (connection === undefined) return false;
    const { name } = connection.state;
    return name !== 'SYN-SENT' && name !== 'SYN-RECEIVED' && (hasRoom(connection) || name === 'CLOSED');
  }

  shutdown(): Errno | undefined {
    if (this.connection === undefined || !this.connected) return 'ENOTCONN';
    finish(this.connection);
    return undefined;
  }

  close(): void {
    if (this.closed) return;
    this.leave();
    if (this.connection === undefined) this.tcp.unbind(this, this.id);
    else if (this.connection.state.name !== 'CLOSED') release(this.connection);
  }

  abort(): void {
    if (this.closed) return;
    this.leave();
    if (this.connection === undefined) this.tcp.unbind(this, this.id);
    else {
      this.connection.owner = undefined;
      abort(this.connection);
    }
  }

  takeError(): Errno | undefined {
    const { error } = this;
    this.error = undefined;
    return error;
  }

  // --- seen from the protocol ---

  wakeReader(): void {
    this.onReadable?.();
  }

  wakeWriter(): void {
    this.onWritable?.();
  }

  ended(): void {
    const { state } = this.connection!;
    if (state.name === 'CLOSED') this.error = state.error;
    this.onReadable?.();
    this.onWritable?.();
  }

  /** Closed by the kernel, not by its owner. */
  abandon(error: Errno): void {
    if (this.connection !== undefined) return this.connection.end(error);
    this.error = error;
    this.onReadable?.();
  }

  private adopt(connection: Connection): void {
    this.connection = connection;
    connection.owner = this;
    connection.noDelay = this.hasty;
    connection.segmentLimitBytes = this.limitBytes;
    if (this.watched) startKeepalive(connection);
  }

  private atEnd(): boolean {
    const { connection } = this;
    return connection !== undefined && this.error === undefined
      && (connection.finReceived || connection.state.name === 'CLOSED');
  }

  private leave(): void {
    this.closed = true;
    this.onReadable = undefined;
    this.onWritable = undefined;
    this.tcp.leave(this);
  }
}
