// Ping sockets: echo requests out; replies and errors about them in, told apart by identifier. RFC 792 "Echo",
// RFC 1122 section 3.2.2.6.

import { assert, type RandomStream } from '@netreel/sim';
import {
  ICMP, ICMP_TYPE, IPV4, IPV4_FRAGMENT, PROTOCOL, read16, read32, writeIcmpHeader, writeIpv4Header,
  type Frame, type Ipv4,
} from '@netreel/wire';
import type { KernelCore } from '../contract.js';
import type { Errno, IcmpNotice, IcmpSocket } from '../sockets.js';
import type { EchoReceiver, IcmpError } from '../ipv4/icmp.js';
import { DEFAULT_TTL, type Output } from '../ipv4/output.js';
import type { Routes } from '../ipv4/route.js';

const HEADERS_BYTES = IPV4.LENGTH + ICMP.LENGTH;
const PAYLOAD_BYTES_MAX = 65535 - HEADERS_BYTES;
const IDENTIFIERS = 0x1_0000;
const QUEUE_NOTICES_MAX = 256;
const LOCALHOST: Ipv4 = 0x7f00_0001;
const NOTHING = new Uint8Array(0);

/** The ping sockets of one namespace. */
export class Pings implements EchoReceiver {
  private readonly sockets = new Map<number, PingSocket>();

  constructor(private readonly core: KernelCore, private readonly netns: string, private readonly routes: Routes,
    private readonly output: Output, private readonly random: RandomStream) {}

  /** A socket with an identifier of its own. */
  socket(id: number): PingSocket {
    assert(this.sockets.size < IDENTIFIERS, `all ping identifiers of ${this.netns} are taken`);
    let identifier = this.random.below(IDENTIFIERS);
    while (this.sockets.has(identifier)) identifier = (identifier + 1) % IDENTIFIERS;
    const socket = new PingSocket(this, id, identifier);
    this.sockets.set(identifier, socket);
    return socket;
  }

  close(socket: PingSocket): void {
    this.sockets.delete(socket.identifier);
  }

  closeAll(): void {
    for (const socket of [...this.sockets.values()]) socket.abandon('ENETDOWN');
  }

  send(socket: PingSocket, address: Ipv4, sequence: number, payload: Uint8Array): Errno | undefined {
    if (payload.length > PAYLOAD_BYTES_MAX) return 'EMSGSIZE';
    const target = address === 0 ? LOCALHOST : address;
    const path = this.routes.find(target);
    if (socket.source !== 0 && !this.routes.isLocal(socket.source)) return 'EADDRNOTAVAIL';
    const source = socket.source === 0 ? path.source : socket.source;
    if (path.device === undefined || source === 0) return 'ENETUNREACH';
    const totalBytes = HEADERS_BYTES + payload.length;
    if (socket.dontFragment && totalBytes > this.routes.mtu(path)) return 'EMSGSIZE';
    const frame = this.output.packet(totalBytes);
    const { buffer, start } = frame;
    buffer.set(payload, start + HEADERS_BYTES);
    const numbers = socket.identifier * IDENTIFIERS + sequence;
    writeIcmpHeader(buffer, start + IPV4.LENGTH, frame.end, ICMP_TYPE.echo, 0, numbers);
    writeIpv4Header(buffer, start, totalBytes, socket.dontFragment ? 0 : this.output.nextIdentification(),
      socket.dontFragment ? IPV4_FRAGMENT.dontFragment : 0, socket.ttl, PROTOCOL.icmp, source, target);
    this.output.send(path, frame);
    return undefined;
  }

  echoReply(frame: Frame, at: number): void {
    const { buffer, start, end } = frame;
    const socket = this.sockets.get(read16(buffer, at + ICMP.IDENTIFIER));
    if (socket === undefined) return;
    const sequence = read16(buffer, at + ICMP.SEQUENCE);
    this.tell(socket, {
      source: read32(buffer, start + IPV4.SOURCE), type: ICMP_TYPE.echoReply, code: 0, sequence,
      ttl: buffer[start + IPV4.TTL]!, sizeBytes: end - at, payload: buffer.slice(at + ICMP.LENGTH, end), mtu: 0,
      duplicate: socket.answered(sequence),
    });
  }

  icmpError(error: IcmpError): void {
    const { buffer, quoted, source, type, code, mtu, ttl, sizeBytes } = error;
    if (buffer[quoted + ICMP.TYPE] !== ICMP_TYPE.echo) return;
    const socket = this.sockets.get(read16(buffer, quoted + ICMP.IDENTIFIER));
    if (socket === undefined) return;
    const sequence = read16(buffer, quoted + ICMP.SEQUENCE);
    this.tell(socket, { source, type, code, sequence, ttl, sizeBytes, payload: NOTHING, mtu, duplicate: false });
  }

  private tell(socket: PingSocket, notice: IcmpNotice): void {
    if (!socket.deliver(notice)) this.core.drop(this.netns, 'socket-queue-full', undefined);
  }
}

/** A socket of {@link Pings}. */
export class PingSocket implements IcmpSocket {
  onReadable: (() => void) | undefined = undefined;
  dontFragment = false;
  ttl = DEFAULT_TTL;
  source: Ipv4 = 0;
  private readonly queue: IcmpNotice[] = [];
  /** One bit for each sequence number: answered since it was last sent. */
  private seen: Uint8Array | undefined = undefined;
  private error: Errno | undefined = undefined;
  private closed = false;

  constructor(private readonly pings: Pings, readonly id: number, readonly identifier: number) {}

  sendEcho(target: Ipv4, sequence: number, payload: Uint8Array): Errno | undefined {
    if (this.closed) return 'EBADF';
    const number = sequence & 0xffff;
    if (this.seen !== undefined) this.seen[number >>> 3]! &= ~(1 << (number & 7));
    return this.pings.send(this, target, number, payload);
  }

  receive(): IcmpNotice | undefined {
    return this.queue.shift();
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
    this.onReadable = undefined;
    this.pings.close(this);
  }

  // --- seen from the protocol ---

  /** Notes an answer; true when there was one already. */
  answered(sequence: number): boolean {
    this.seen ??= new Uint8Array(IDENTIFIERS / 8);
    const mask = 1 << (sequence & 7);
    const before = this.seen[sequence >>> 3]!;
    this.seen[sequence >>> 3] = before | mask;
    return (before & mask) !== 0;
  }

  /** False when there was no room. */
  deliver(notice: IcmpNotice): boolean {
    if (this.queue.length >= QUEUE_NOTICES_MAX) return false;
    this.queue.push(notice);
    this.onReadable?.();
    return true;
  }

  /** Closed by the kernel, not by its owner. */
  abandon(error: Errno): void {
    const wake = this.onReadable;
    this.close();
    this.error = error;
    wake?.();
  }
}
