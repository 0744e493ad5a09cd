// Two namespaces on one bridge, and what may go wrong on the wire between them. Not exported.

import { MILLISECOND, SECOND } from '@netreel/sim';
import {
  ETHERNET, IPV4, TCP, TCP_FLAG, encodeEthernet, encodeIpv4, encodeTcp, tcpHeaderBytes, type Frame,
} from '@netreel/wire';
import type { TcpListener, TcpSocket } from '../../sockets.js';
import { attach, done, hostsUnderTest, linkOf, type KernelUnderTest } from '../../testing.js';
import { inject, ip } from '../../ipv4/testing.js';

export const CLIENT = ip('172.18.0.2');
export const SERVER = ip('172.18.0.3');
export const PORT = 80;
const TCP_AT = ETHERNET.LENGTH + IPV4.LENGTH;

/** What a frame on its way carries, as a fault sees it. */
export interface Passing { readonly frame: Frame; readonly flags: number; readonly payloadBytes: number }

export class Wire {
  readonly host: KernelUnderTest;
  private nowNs = 0;

  constructor(watching = true, seed?: number) {
    this.host = hostsUnderTest(1, 0, watching, seed)[0]!;
    const { kernel } = this.host;
    done(kernel.setUp(done(kernel.addBridge({ netns: 'host', name: 'br0' }))));
    attach(kernel, 'host', 'br0', 'client', CLIENT, 16);
    attach(kernel, 'host', 'br0', 'server', SERVER, 16);
    this.pass(SECOND);
  }

  pass(ns: number): void {
    this.host.run(this.nowNs += ns);
  }

  /** From now on frames of TCP to `netns` are lost when `isLost` says so. */
  lose(netns: 'client' | 'server', isLost: (passing: Passing) => boolean): void {
    const { kernel } = this.host;
    const device = done(kernel.device(linkOf(kernel, netns, 'eth0').index));
    const receive = Object.getPrototypeOf(device).receive as (frame: Frame) => void;
    device.receive = (frame) => {
      const { buffer, start, end } = frame;
      const tcp = end - start >= TCP_AT + TCP.LENGTH && buffer[start + ETHERNET.LENGTH + IPV4.PROTOCOL] === 6;
      if (tcp && isLost({ frame, flags: buffer[start + TCP_AT + TCP.FLAGS]!,
        payloadBytes: end - start - TCP_AT - tcpHeaderBytes(buffer, start + TCP_AT) })) kernel.pool.release(frame);
      else receive.call(device, frame);
    };
  }

  listen(backlog = 8): TcpListener {
    const listener = this.host.kernel.sockets('server').tcpListener();
    must(listener.bind(0, PORT));
    must(listener.listen(backlog));
    return listener;
  }

  connect(): TcpSocket {
    const socket = this.host.kernel.sockets('client').tcp();
    must(socket.connect(SERVER, PORT));
    return socket;
  }

  /** A connection, both ends. */
  pair(): [TcpSocket, TcpSocket] {
    const listener = this.listen();
    const client = this.connect();
    this.pass(10 * MILLISECOND);
    return [client, done(listener.accept())];
  }

  /** The states that each end of port 80 went through, in the order of events. */
  states(netns: string): string[] {
    return this.host.events.flatMap((event) =>
      (event.type === 'TcpStateChanged' && event.netns === netns && event.remotePort !== 0 ? [event.state] : []));
  }
}

function must(refusal: string | undefined): void {
  if (refusal !== undefined) throw new Error(refusal);
}

export function bytesOfLength(sizeBytes: number): Uint8Array {
  return Uint8Array.from({ length: sizeBytes }, (_, i) => (i * 31 + (i >>> 8) * 7) & 0xff);
}

/** Sends all of `content` as there is room, then half-closes. */
export function pour(socket: TcpSocket, content: Uint8Array): void {
  let sent = 0;
  const push = (): void => {
    while (sent < content.length) {
      const count = socket.send(content.subarray(sent, sent + 65_536));
      if (typeof count === 'string') throw new Error(count);
      if (count === 0) return;
      sent += count;
    }
    socket.onWritable = undefined;
    socket.shutdown();
  };
  socket.onWritable = push;
  push();
}

/** Reads whatever comes, until the end. */
export class Drain {
  readonly bytes: Uint8Array;
  length = 0;
  ended = false;
  endedAt = 0;

  /** `now` tells the time, for who wants to know when it ended. */
  constructor(socket: TcpSocket, mostBytes: number, now?: () => number) {
    this.bytes = new Uint8Array(mostBytes);
    const read = (): void => {
      for (let piece = socket.receive(); piece !== undefined && !this.ended; piece = socket.receive()) {
        if (piece.length === 0) this.end(now?.() ?? 0);
        this.bytes.set(piece, this.length);
        this.length += piece.length;
      }
    };
    socket.onReadable = read;
    read();
  }

  private end(at: number): void {
    this.ended = true;
    this.endedAt = at;
  }

  content(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}

/** Whether it is a segment with SYN or FIN or data. */
export function isText({ flags, payloadBytes }: Passing): boolean {
  return payloadBytes > 0 || (flags & (TCP_FLAG.syn | TCP_FLAG.fin)) !== 0;
}

/** A segment that somebody else sends to the server in the client's name, or in that of `source`. */
export function forge(wire: Wire, sourcePort: number, sequence: number, acknowledgment: number, flags: number,
  payload = new Uint8Array(0), source = CLIENT): void {
  const segment = encodeTcp({ sourcePort, targetPort: PORT, sequence, acknowledgment, flags, window: 1000, urgent: 0,
    options: [], payload }, { source, target: SERVER });
  const packet = encodeIpv4({ tos: 0, identification: 0, dontFragment: true, moreFragments: false, fragmentOffset: 0,
    ttl: 64, protocol: 6, source, target: SERVER, options: new Uint8Array(0), payload: segment });
  const { mac } = linkOf(wire.host.kernel, 'server', 'eth0');
  inject(wire.host, 'server', 'eth0', encodeEthernet({ target: mac, source: 2, type: 0x0800, payload: packet }));
}
