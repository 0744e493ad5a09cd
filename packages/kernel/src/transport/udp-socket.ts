// One UDP socket: its addresses, its queue, its pending error. RFC 768 "User Interface", RFC 1122 section 4.1.4.

import { IPV6_UNSPECIFIED, type Address } from '@netreel/wire';
import type { Datagram, Errno, UdpSocket } from '../sockets.js';
import { DEFAULT_TTL } from '../network/packet.js';
import type { Udp } from './udp.js';

const QUEUE_DATAGRAMS_MAX = 256;
/** net.core.rmem_default. */
const QUEUE_BYTES_MAX = 212_992;
const PORT_MAX = 65535;

/** A socket of {@link Udp}. */
export class BoundUdpSocket implements UdpSocket {
  onReadable: (() => void) | undefined = undefined;
  dontFragment = false;
  v6only = false;
  ttl = DEFAULT_TTL;
  localAddress: Address = 0;
  localPort = 0;
  /** 0 with port 0: not connected. */
  remoteAddress: Address = 0;
  remotePort = 0;
  private readonly queue: Datagram[] = [];
  private queuedBytes = 0;
  private error: Errno | undefined = undefined;
  private closed = false;

  constructor(private readonly udp: Udp, readonly id: number) {}

  bind(address: Address, port: number): Errno | undefined {
    if (this.closed) return 'EBADF';
    if (this.localPort !== 0 || !Number.isInteger(port) || port < 0 || port > PORT_MAX) return 'EINVAL';
    return this.udp.bind(this, address, port);
  }

  connect(address: Address, port: number): Errno | undefined {
    if (this.closed) return 'EBADF';
    if (!Number.isInteger(port) || port < 1 || port > PORT_MAX) return 'EINVAL';
    const found = this.udp.sourceFor(address);
    if (typeof found === 'string') return found;
    if (this.localPort === 0) {
      const refusal = this.udp.bind(this, found.source, 0);
      if (refusal !== undefined) return refusal;
    }
    this.remoteAddress = address;
    this.remotePort = port;
    return undefined;
  }

  sendTo(address: Address, port: number, payload: Uint8Array): Errno | undefined {
    if (this.closed) return 'EBADF';
    // As in Linux, the first call after an error reports it.
    if (this.error !== undefined) return this.takeError();
    if (!Number.isInteger(port) || port < 1 || port > PORT_MAX) return 'EINVAL';
    if (this.localPort === 0) {
      const refusal = this.udp.bind(this, typeof address === 'number' ? 0 : IPV6_UNSPECIFIED, 0);
      if (refusal !== undefined) return refusal;
    }
    return this.udp.send(this, address, port, payload);
  }

  receive(): Datagram | undefined {
    const datagram = this.queue.shift();
    if (datagram !== undefined) this.queuedBytes -= datagram.payload.length;
    return datagram;
  }

  readable(): boolean {
    return this.queue.length > 0 || this.error !== undefined;
  }

  takeError(): Errno | undefined {
    const { error } = this;
    this.error = undefined;
    return error;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.queue.length = 0;
    this.queuedBytes = 0;
    this.onReadable = undefined;
    this.udp.close(this);
  }

  // --- seen from the protocol ---

  bound(address: Address, port: number): void {
    this.localAddress = address;
    this.localPort = port;
  }

  /** Queues a copy of a payload; false when there is no room. The caller calls `onReadable`. */
  deliver(buffer: Uint8Array, start: number, end: number, source: Address, sourcePort: number, target: Address,
    ttl: number): boolean {
    if (this.queue.length >= QUEUE_DATAGRAMS_MAX || this.queuedBytes + end - start > QUEUE_BYTES_MAX) return false;
    this.queuedBytes += end - start;
    this.queue.push({ source, sourcePort, target, payload: this.udp.payloads.copy(buffer, start, end), ttl });
    return true;
  }

  fail(error: Errno): void {
    this.error = error;
    this.onReadable?.();
  }

  /** Closed by the kernel, not by its owner: who waits for it learns why. */
  abandon(error: Errno): void {
    const wake = this.onReadable;
    this.close();
    this.error = error;
    wake?.();
  }
}
