// Ping sockets: echo requests out; replies and errors about them in, told apart by identifier. RFC 792 "Echo",
// RFC 1122 section 3.2.2.6, RFC 4443 section 4. Both families have the same fields in the same places.

import { assert, type RandomStream } from '@netreel/sim';
import { ICMP, read16, type Address, type Frame, type Ipv4 } from '@netreel/wire';
import type { KernelCore } from '../contract.js';
import type { NetworkError, NetworkErrorReceiver, NetworkLayer } from '../network/layer.js';
import { DEFAULT_TTL } from '../network/packet.js';
import type { Errno, IcmpNotice, IcmpSocket } from '../sockets.js';

const PACKET_BYTES_MAX = 65535;
const IDENTIFIERS = 0x1_0000;
const QUEUE_NOTICES_MAX = 256;
const NOTHING = new Uint8Array(0);

/** Who asked for echoes. */
export interface EchoReceiver extends NetworkErrorReceiver {
  /** `frame` starts at its network header, the echo reply at `at`. Does not own the frame. */
  echoReply(frame: Frame, at: number, source: Address): void;
}

/** What an echo is in one family. */
export interface EchoForm<A extends Address> {
  readonly protocol: number;
  readonly request: number;
  readonly reply: number;
  /** Writes the header of a request in front of its data; `rest` holds identifier and sequence. */
  write(buffer: Uint8Array, at: number, end: number, rest: number, source: A, target: A): void;
}

/** The ping sockets of one family in one namespace. */
export class Pings<A extends Address = Ipv4> implements EchoReceiver {
  private readonly sockets = new Map<number, PingSocket<A>>();

  constructor(private readonly core: KernelCore, private readonly netns: string,
    readonly layer: NetworkLayer<A>, private readonly form: EchoForm<A>, private readonly random: RandomStream) {}

  /** A socket with an identifier of its own. */
  socket(id: number): PingSocket<A> {
    assert(this.sockets.size < IDENTIFIERS, `all ping identifiers of ${this.netns} are taken`);
    let identifier = this.random.below(IDENTIFIERS);
    while (this.sockets.has(identifier)) identifier = (identifier + 1) % IDENTIFIERS;
    const socket = new PingSocket<A>(this, id, identifier);
    this.sockets.set(identifier, socket);
    return socket;
  }

  close(socket: PingSocket<A>): void {
    this.sockets.delete(socket.identifier);
  }

  closeAll(): void {
    for (const socket of [...this.sockets.values()]) socket.abandon('ENETDOWN');
  }

  send(socket: PingSocket<A>, address: A, sequence: number, payload: Uint8Array): Errno | undefined {
    const { layer, form } = this;
    const messageBytes = ICMP.LENGTH + payload.length;
    const totalBytes = layer.headerBytes + messageBytes;
    if (totalBytes > PACKET_BYTES_MAX) return 'EMSGSIZE';
    const { unspecified } = layer;
    const target = address === unspecified ? layer.localhost : address;
    const path = layer.find(target);
    if (socket.source !== unspecified && !layer.isLocal(socket.source)) return 'EADDRNOTAVAIL';
    const source = socket.source === unspecified ? path.source : socket.source;
    if (path.device === undefined || source === unspecified) return 'ENETUNREACH';
    if (socket.dontFragment && totalBytes > layer.mtu(path)) return 'EMSGSIZE';
    const frame = layer.packet(messageBytes);
    const at = frame.start + layer.headerBytes;
    frame.buffer.set(payload, at + ICMP.LENGTH);
    form.write(frame.buffer, at, frame.end, socket.identifier * IDENTIFIERS + sequence, source, target);
    layer.send(path, frame, form.protocol, source, target, socket.ttl, socket.dontFragment);
    return undefined;
  }

  echoReply(frame: Frame, at: number, source: Address): void {
    const { buffer, end } = frame;
    const socket = this.sockets.get(read16(buffer, at + ICMP.IDENTIFIER));
    if (socket === undefined) return;
    const sequence = read16(buffer, at + ICMP.SEQUENCE);
    this.tell(socket, {
      source: source as A, type: this.form.reply, code: 0, sequence,
      ttl: this.layer.ttlOf(frame), sizeBytes: end - at, payload: buffer.slice(at + ICMP.LENGTH, end), mtu: 0,
      duplicate: socket.answered(sequence),
    });
  }

  networkError(error: NetworkError): void {
    const { buffer, quoted, source, type, code, mtu, ttl, sizeBytes } = error;
    if (buffer[quoted + ICMP.TYPE] !== this.form.request) return;
    const socket = this.sockets.get(read16(buffer, quoted + ICMP.IDENTIFIER));
    if (socket === undefined) return;
    const sequence = read16(buffer, quoted + ICMP.SEQUENCE);
    this.tell(socket, { source: source as A, type, code, sequence, ttl, sizeBytes, payload: NOTHING, mtu,
      duplicate: false });
  }

  private tell(socket: PingSocket<A>, notice: IcmpNotice<A>): void {
    if (!socket.deliver(notice)) this.core.drop(this.netns, 'socket-queue-full', undefined);
  }
}

/** A socket of {@link Pings}. */
export class PingSocket<A extends Address = Ipv4> implements IcmpSocket<A> {
  onReadable: (() => void) | undefined = undefined;
  dontFragment = false;
  ttl = DEFAULT_TTL;
  source: A;
  private readonly queue: IcmpNotice<A>[] = [];
  /** One bit for each sequence number: answered since it was last sent. */
  private seen: Uint8Array | undefined = undefined;
  private error: Errno | undefined = undefined;
  private closed = false;

  constructor(private readonly pings: Pings<A>, readonly id: number, readonly identifier: number) {
    this.source = pings.layer.unspecified;
  }

  sendEcho(target: A, sequence: number, payload: Uint8Array): Errno | undefined {
    if (this.closed) return 'EBADF';
    const number = sequence & 0xffff;
    if (this.seen !== undefined) this.seen[number >>> 3]! &= ~(1 << (number & 7));
    return this.pings.send(this, target, number, payload);
  }

  receive(): IcmpNotice<A> | undefined {
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
  deliver(notice: IcmpNotice<A>): boolean {
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
