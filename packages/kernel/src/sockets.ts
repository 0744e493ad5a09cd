// Sockets as programs see them: never blocking, told of data by a callback, errors as names of errno.

import type { Ipv4 } from '@netreel/wire';

export type Errno = 'EADDRINUSE' | 'EADDRNOTAVAIL' | 'ENETUNREACH' | 'EHOSTUNREACH' | 'ECONNREFUSED' | 'EMSGSIZE'
  | 'EINVAL' | 'EACCES' | 'ENETDOWN' | 'EBADF';

export interface Datagram {
  readonly source: Ipv4;
  readonly sourcePort: number;
  readonly target: Ipv4;
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
  /** Port 0: the next free ephemeral port (32768..60999). */
  bind(address: Ipv4, port: number): Errno | undefined;
  /** Only datagrams from there are received from now on, and errors from there are reported. */
  connect(address: Ipv4, port: number): Errno | undefined;
  sendTo(address: Ipv4, port: number, payload: Uint8Array): Errno | undefined;
  receive(): Datagram | undefined;
  /**
   * IP_MTU_DISCOVER: whether don't-fragment is set (EMSGSIZE above the path's MTU) or datagrams are fragmented.
   * Default false.
   */
  dontFragment: boolean;
  ttl: number;
  readonly localPort: number;
}

/** What came back to an echo request: the reply, or an ICMP error about it. */
export interface IcmpNotice {
  readonly source: Ipv4;
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

/** A ping socket: the kernel fills in identifier and checksum. */
export interface IcmpSocket extends Readable {
  readonly id: number;
  readonly identifier: number;
  sendEcho(target: Ipv4, sequence: number, payload: Uint8Array): Errno | undefined;
  receive(): IcmpNotice | undefined;
  ttl: number;
  dontFragment: boolean;
  /** Source address to use; 0: chosen by the route. */
  source: Ipv4;
}

/** Opens sockets in one namespace. */
export interface SocketFactory {
  udp(): UdpSocket;
  icmp(): IcmpSocket;
}
