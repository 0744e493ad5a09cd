// Sockets where nothing moves: datagrams reach other sockets of the same namespace, which is how a resolver asks the
// name server inside its container; whatever would become a packet is told to `leaves` and goes nowhere.

import type { Datagram, Errno, IcmpSocket, PacketSocket, SocketFactory, TcpListener, TcpSocket,
  UdpSocket } from '@netreel/kernel';
import { IPV6_UNSPECIFIED, formatAddress, isLoopbackIpv4, type Address, type Ipv6 } from '@netreel/wire';

const LOCALHOST = 0x7f000001;
const FIRST_EPHEMERAL_PORT = 32_768;
const DEFAULT_TTL = 64;

/** What a program does that only moving packets could answer, in words: `send a packet to 10.0.0.2`. */
export type Leaves = (what: string) => void;

/** The sockets of one namespace. */
export class StillSockets implements SocketFactory {
  private readonly bound = new Map<string, StillUdp>();
  private lastId = 0;
  private lastPort = FIRST_EPHEMERAL_PORT;

  constructor(private readonly leaves: Leaves) {}

  udp(): StillUdp {
    return new StillUdp(++this.lastId, this);
  }

  icmp(): IcmpSocket {
    return this.echoes(0);
  }

  icmp6(): IcmpSocket<Ipv6> {
    return this.echoes(IPV6_UNSPECIFIED);
  }

  private echoes<A extends Address>(source: A): IcmpSocket<A> {
    const { leaves } = this;
    return { id: ++this.lastId, identifier: this.lastId, onReadable: undefined, ttl: DEFAULT_TTL, dontFragment: false,
      source, readable: () => false, close: () => undefined, takeError: () => undefined, receive: () => undefined,
      sendEcho: (target) => {
        leaves(`send an echo to ${formatAddress(target)}`);
        return 'ENETUNREACH';
      } };
  }

  tcp(): TcpSocket {
    const { leaves } = this;
    return { id: ++this.lastId, onReadable: undefined, onWritable: undefined, connected: false, state: 'CLOSED',
      noDelay: false, keepalive: false, segmentLimitBytes: 0, info: () => undefined,
      localAddress: 0, localPort: 0, remoteAddress: 0, remotePort: 0,
      bind: () => undefined, readable: () => false, writable: () => false, close: () => undefined,
      abort: () => undefined, takeError: () => undefined, send: () => 'ENOTCONN', receive: () => undefined,
      shutdown: () => 'ENOTCONN',
      connect: (address, port) => {
        leaves(`connect to ${formatAddress(address)}:${port}`);
        return 'ENETUNREACH';
      } };
  }

  tcpListener(): TcpListener {
    return { id: ++this.lastId, onReadable: undefined, localAddress: 0, localPort: 0, v6only: false,
      bind: () => undefined,
      listen: () => undefined, accept: () => undefined, readable: () => false, close: () => undefined,
      takeError: () => undefined };
  }

  bind(socket: StillUdp, address: Address, port: number): number | undefined {
    const chosen = port === 0 ? ++this.lastPort : port;
    const key = `${address} ${chosen}`;
    if (this.bound.has(key)) return undefined;
    this.bound.set(key, socket);
    return chosen;
  }

  unbind(socket: StillUdp): void {
    for (const [key, owner] of this.bound) if (owner === socket) this.bound.delete(key);
  }

  carry(datagram: Datagram, port: number): Errno | undefined {
    const { target } = datagram;
    const receiver = this.bound.get(`${target} ${port}`) ?? this.bound.get(`0 ${port}`);
    if (receiver !== undefined && typeof target === 'number' && isLoopbackIpv4(target)) {
      receiver.take(datagram);
      return undefined;
    }
    this.leaves(`send a datagram to ${formatAddress(target)}:${port}`);
    return 'ENETUNREACH';
  }
}

class StillUdp implements UdpSocket {
  onReadable: (() => void) | undefined = undefined;
  dontFragment = false;
  v6only = false;
  ttl = DEFAULT_TTL;
  localPort = 0;
  private address: Address = 0;
  private readonly queue: Datagram[] = [];

  constructor(readonly id: number, private readonly sockets: StillSockets) {}

  bind(address: Address, port: number): Errno | undefined {
    const chosen = this.sockets.bind(this, address, port);
    if (chosen === undefined) return 'EADDRINUSE';
    this.localPort = chosen;
    this.address = address;
    return undefined;
  }

  connect(): Errno | undefined {
    return this.localPort === 0 ? this.bind(0, 0) : undefined;
  }

  sendTo(address: Address, port: number, payload: Uint8Array): Errno | undefined {
    if (this.localPort === 0) this.bind(0, 0);
    const source = this.address === 0 ? LOCALHOST : this.address;
    return this.sockets.carry({ source, sourcePort: this.localPort, target: address, payload, ttl: DEFAULT_TTL }, port);
  }

  take(datagram: Datagram): void {
    this.queue.push(datagram);
    this.onReadable?.();
  }

  receive(): Datagram | undefined {
    return this.queue.shift();
  }

  readable(): boolean {
    return this.queue.length > 0;
  }

  takeError(): Errno | undefined {
    return undefined;
  }

  close(): void {
    this.sockets.unbind(this);
  }
}

/** A packet socket that sees nothing pass. */
export function stillPacketSocket(leaves: Leaves): PacketSocket {
  leaves('watch packets pass');
  return new QuietPacketSocket() as unknown as PacketSocket;
}

class QuietPacketSocket {
  onReadable: (() => void) | undefined = undefined;
  lost = 0;
  readable(): boolean { return false; }
  receive(): undefined { return undefined; }
  takeError(): undefined { return undefined; }
  close(): void {}
}
