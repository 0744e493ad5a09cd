// Sockets as programs see them: never blocking, told of data by a callback, errors as names of errno.

import type { Address, Ipv4, Ipv6 } from '@netreel/wire';

export type Errno = 'EADDRINUSE' | 'EADDRNOTAVAIL' | 'ENETUNREACH' | 'EHOSTUNREACH' | 'ECONNREFUSED' | 'EMSGSIZE'
  | 'EINVAL' | 'EACCES' | 'ENETDOWN' | 'EBADF'
  | 'ECONNRESET' | 'ETIMEDOUT' | 'EPIPE' | 'ENOTCONN' | 'EISCONN';

export interface Datagram {
  readonly source: Address;
  readonly sourcePort: number;
  readonly target: Address;
  readonly payload: Uint8Array;
  readonly ttl: number;
}

interface Readable {
  /** Called each time something to read (a datagram or an error) arrives. */
  onReadable: (() => void) | undefined;
  readable(): boolean;
  close(): void;
  /** The pending error that an ICMP message left behind, once. */
  takeError(): Errno | undefined;
}

export interface UdpSocket extends Readable {
  readonly id: number;
  /** `::` is every address of both families. Port 0: the next free ephemeral port (32768..60999). */
  bind(address: Address, port: number): Errno | undefined;
  /** Only datagrams from there are received from now on, and errors from there are reported. */
  connect(address: Address, port: number): Errno | undefined;
  sendTo(address: Address, port: number, payload: Uint8Array): Errno | undefined;
  receive(): Datagram | undefined;
  /**
   * IP_MTU_DISCOVER: whether don't-fragment is set (EMSGSIZE above the path's MTU) or datagrams are fragmented.
   * Default false.
   */
  dontFragment: boolean;
  /** IPV6_V6ONLY, before `bind`: one on `::` does not take IPv4. Default false. */
  v6only: boolean;
  ttl: number;
  readonly localPort: number;
}

/** What came back to an echo request: the reply, or an ICMP error about it. */
export interface IcmpNotice<A extends Address = Ipv4> {
  readonly source: A;
  readonly type: number;
  readonly code: number;
  /** Of the echo the notice is about. */
  readonly sequence: number;
  readonly ttl: number;
  /** Length of the ICMP message in bytes (`64 bytes from` in ping). */
  readonly sizeBytes: number;
  readonly payload: Uint8Array;
  /** Next-hop MTU of a fragmentation-needed error, else 0. */
  readonly mtu: number;
  readonly duplicate: boolean;
}

/** A ping socket of one family: the kernel fills in identifier and checksum. */
export interface IcmpSocket<A extends Address = Ipv4> extends Readable {
  readonly id: number;
  readonly identifier: number;
  sendEcho(target: A, sequence: number, payload: Uint8Array): Errno | undefined;
  receive(): IcmpNotice<A> | undefined;
  ttl: number;
  dontFragment: boolean;
  /** Source address to use; the unspecified one: chosen by the route. */
  source: A;
}

/** What getsockopt(TCP_INFO) tells of a connection. */
export interface TcpInfo {
  readonly congestionWindowBytes: number;
  /** Payload of a full segment. */
  readonly segmentBytes: number;
  /** Segments that went again. */
  readonly resent: number;
}

/** One end of a connection. Nothing here waits: `onReadable` and `onWritable` tell when to go on. */
export interface TcpSocket extends Readable {
  readonly id: number;
  /** Port 0: the next free ephemeral port. */
  bind(address: Address, port: number): Errno | undefined;
  /** Begins to connect. It has come about when `connected`; when it failed there is an error to take. */
  connect(address: Address, port: number): Errno | undefined;
  readonly connected: boolean;
  /** The state by its name in RFC 9293. */
  readonly state: string;
  /** Takes as many bytes as there is room for, and says how many: 0 when the buffer is full. */
  send(bytes: Uint8Array): number | Errno;
  /** What has arrived, `mostBytes` of it; empty at the end of the stream; undefined while there is nothing. */
  receive(mostBytes?: number): Uint8Array | undefined;
  /** Nothing will be sent any more, but still received. */
  shutdown(): Errno | undefined;
  /** Ends both directions; what was sent still goes out. Whoever has not read all resets the connection. */
  close(): void;
  /** Resets the connection. */
  abort(): void;
  /** Called each time there is room again, and when connecting came to its end. */
  onWritable: (() => void) | undefined;
  /** There is room to send, or an error to take. */
  writable(): boolean;
  /** Small segments go out at once (Nagle's algorithm off). */
  noDelay: boolean;
  keepalive: boolean;
  /** TCP_MAXSEG: what a segment that is sent carries at the most; 0: what peer and path take. */
  segmentLimitBytes: number;
  /** TCP_INFO in short; undefined before there is a connection. */
  info(): TcpInfo | undefined;
  readonly localAddress: Address;
  readonly localPort: number;
  readonly remoteAddress: Address;
  readonly remotePort: number;
}

/** Waits for connections. Readable: there is one to accept. */
export interface TcpListener extends Readable {
  readonly id: number;
  /** IPV6_V6ONLY, before `bind`: one on `::` does not take IPv4. Default false. */
  v6only: boolean;
  bind(address: Address, port: number): Errno | undefined;
  listen(backlog: number): Errno | undefined;
  accept(): TcpSocket | undefined;
  readonly localAddress: Address;
  readonly localPort: number;
}

/** Opens sockets in one namespace. */
export interface SocketFactory {
  udp(): UdpSocket;
  icmp(): IcmpSocket;
  icmp6(): IcmpSocket<Ipv6>;
  tcp(): TcpSocket;
  tcpListener(): TcpListener;
}
