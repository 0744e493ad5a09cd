// What transports ask of the network layer: the one place where IPv4 and IPv6 meet. An address says by its type which
// of the two it belongs to, so UDP, TCP and echoes carry addresses about without looking into them.

import type { Address, Frame, Ipv4, Ipv6 } from '@netreel/wire';
import type { Errno } from '../sockets.js';
import type { Path } from './path.js';

/** One family's network layer in one namespace. */
export interface NetworkLayer<A extends Address = Address> {
  /** Of a header without options or extensions. */
  readonly headerBytes: number;
  /** 0.0.0.0 or `::`: every address of the namespace. */
  readonly unspecified: A;
  readonly localhost: A;
  find(target: A): Path<A>;
  isLocal(address: A): boolean;
  /** Whether an address never leaves its namespace. */
  isLoopback(address: A): boolean;
  /** The largest packet that fits all the way, as far as is known. */
  mtu(path: Path<A>): number;
  /** An empty packet: `frame.start` is where its header will stand, in front of `payloadBytes`. */
  packet(payloadBytes: number): Frame;
  /** Writes the header of a packet from {@link packet} and sends it. Owns the frame. */
  send(path: Path<A>, frame: Frame, protocol: number, source: A, target: A, ttl: number, dontFragment: boolean): void;
  /**
   * Tells the sender of a packet, which starts at its header, that nobody has the port. The frame stays the caller's.
   */
  portUnreachable(frame: Frame, answerable: boolean): void;
  /** The hops that the packet at `frame.start` had left. */
  ttlOf(frame: Frame): number;
}

/** Both families of one namespace. */
export interface NetworkLayers {
  readonly ipv4: NetworkLayer<Ipv4>;
  readonly ipv6: NetworkLayer<Ipv6>;
}

/** The layer that an address belongs to. */
export function layerOf(layers: NetworkLayers, address: Address): NetworkLayer {
  // What one layer is handed are its own addresses: the types cannot say so.
  return (typeof address === 'number' ? layers.ipv4 : layers.ipv6) as unknown as NetworkLayer;
}

/** What an ICMP or ICMPv6 error says, and which packet of ours it is about. */
export interface NetworkError {
  readonly source: Address;
  readonly type: number;
  readonly code: number;
  /** The packet did not fit; `mtu` would, 0 when that was not said. */
  readonly tooBig: boolean;
  readonly mtu: number;
  /** What an unreachable target means to a program; undefined for other errors. */
  readonly unreachable: Errno | undefined;
  /** Sockets that are connected are told of it though nobody asked for errors (Linux: "fatal"). */
  readonly hard: boolean;
  readonly ttl: number;
  readonly sizeBytes: number;
  readonly quotedSource: Address;
  readonly quotedTarget: Address;
  /** The first eight bytes behind the quoted headers stand here. Valid during the call only. */
  readonly buffer: Uint8Array;
  readonly quoted: number;
}

/** A protocol that wants to know what became of its packets. */
export interface NetworkErrorReceiver {
  networkError(error: NetworkError): void;
}
