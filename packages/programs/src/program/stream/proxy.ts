// docker-proxy: listens at a port of the host and carries what comes to a container. It opens nothing itself but
// connections inwards: its listening socket was bound by whoever started it, who has to know whether the port is free.

import type { TcpListener, TcpSocket, UdpSocket } from '@netreel/kernel';
import { NEVER, type Operation, SECOND, type SimTime } from '@netreel/sim';
import type { Address, Ipv4 } from '@netreel/wire';
import type { Program, Sys } from '../../contract.js';

export interface ProxyTarget {
  readonly address: Ipv4;
  readonly port: number;
}

/** For so long a sender of datagrams is remembered after its last one. */
const UDP_MEMORY_NS = 90 * SECOND;

/** What has something to do, as one thing to wait for: a proxy may have thousands of sockets, of which few do. */
class Work<T> {
  onReadable: (() => void) | undefined = undefined;
  private readonly due = new Set<T>();

  readable(): boolean {
    return this.due.size > 0;
  }

  add(item: T): void {
    this.due.add(item);
    this.onReadable?.();
  }

  /** All of it, once. */
  take(): readonly T[] {
    const items = [...this.due];
    this.due.clear();
    return items;
  }
}

/** One way of a connection: what is read from one socket is written to the other, at the speed of the slower. */
class Stream {
  over = false;
  private rest: Uint8Array | undefined = undefined;

  constructor(private readonly from: TcpSocket, private readonly to: TcpSocket) {}

  /** Carries as much as there is and fits; an end, or an error, is passed on as an end. */
  carry(): void {
    while (!this.over) {
      const piece = this.rest ?? this.from.receive();
      if (piece === undefined) {
        if (this.from.takeError() !== undefined) this.end();
        return;
      }
      if (piece.length === 0) return this.end();
      const sent = this.to.send(piece);
      if (typeof sent === 'string') return this.end();
      this.rest = sent === piece.length ? undefined : piece.subarray(sent);
      if (this.rest !== undefined) return;
    }
  }

  private end(): void {
    this.over = true;
    this.to.shutdown();
  }
}

/** A client's connection and the one to the container. */
class Pair {
  private readonly inwards: Stream;
  private readonly outwards: Stream;
  private open = false;

  constructor(readonly client: TcpSocket, readonly server: TcpSocket, work: Work<Pair>) {
    this.inwards = new Stream(client, server);
    this.outwards = new Stream(server, client);
    const due = (): void => work.add(this);
    for (const socket of [client, server]) {
      socket.onReadable = due;
      socket.onWritable = due;
    }
  }

  /** False when it is over. */
  go(): boolean {
    if (!this.open) {
      if (!this.server.connected) return this.server.takeError() === undefined;
      this.open = true;
    }
    this.inwards.carry();
    this.outwards.carry();
    return !(this.inwards.over && this.outwards.over);
  }
}

/** Carries connections that `listener` accepts. */
export function tcpProxy(listener: TcpListener, target: ProxyTarget): Program {
  return function* proxy(sys: Sys): Operation<number> {
    sys.own(listener);
    const work = new Work<Pair>();
    for (;;) {
      yield* sys.waitReadable([listener, work], NEVER);
      for (let client = listener.accept(); client !== undefined; client = listener.accept()) {
        sys.own(client);
        const server = sys.tcpSocket();
        if (server.connect(target.address, target.port) !== undefined) close(sys, client, server);
        else work.add(new Pair(client, server, work));
      }
      if (listener.takeError() !== undefined) return 1;
      for (const pair of work.take()) if (!pair.go()) close(sys, pair.client, pair.server);
    }
  };
}

function close(sys: Sys, ...sockets: readonly TcpSocket[]): void {
  for (const socket of sockets) {
    socket.onReadable = undefined;
    socket.onWritable = undefined;
    socket.close();
    sys.disown(socket);
  }
}

/** A sender of datagrams, and the socket by which its datagrams go in and answers come back. */
interface Sender {
  readonly address: Address;
  readonly port: number;
  readonly socket: UdpSocket;
  until: SimTime;
}

/** Carries datagrams that `socket` receives, each sender's by a socket of its own. */
export function udpProxy(socket: UdpSocket, target: ProxyTarget): Program {
  return function* proxy(sys: Sys): Operation<number> {
    sys.own(socket);
    const work = new Work<Sender>();
    const senders = new Map<string, Sender>();
    for (;;) {
      yield* sys.waitReadable([socket, work], earliest(senders));
      for (let got = socket.receive(); got !== undefined; got = socket.receive()) {
        const sender = senderOf(sys, senders, got.source, got.sourcePort, target, work);
        sender.until = sys.now() + UDP_MEMORY_NS;
        sender.socket.sendTo(target.address, target.port, got.payload);
      }
      if (socket.takeError() === 'ENETDOWN') return 1;
      for (const sender of work.take()) {
        for (let got = sender.socket.receive(); got !== undefined; got = sender.socket.receive()) {
          sender.until = sys.now() + UDP_MEMORY_NS;
          socket.sendTo(sender.address, sender.port, got.payload);
        }
        // Nobody listens inside: the next datagram may find somebody.
        sender.socket.takeError();
      }
      forget(sys, senders);
    }
  };
}

function senderOf(sys: Sys, senders: Map<string, Sender>, address: Address, port: number, target: ProxyTarget,
  work: Work<Sender>): Sender {
  const key = `${address}:${port}`;
  const known = senders.get(key);
  if (known !== undefined) return known;
  const sender: Sender = { address, port, socket: sys.udpSocket(), until: 0 };
  sender.socket.connect(target.address, target.port);
  sender.socket.onReadable = () => work.add(sender);
  senders.set(key, sender);
  return sender;
}

function earliest(senders: ReadonlyMap<string, Sender>): SimTime {
  let first = NEVER;
  for (const { until } of senders.values()) if (until < first) first = until;
  return first;
}

function forget(sys: Sys, senders: Map<string, Sender>): void {
  for (const [key, { socket, until }] of senders) {
    if (until > sys.now()) continue;
    socket.close();
    sys.disown(socket);
    senders.delete(key);
  }
}
