// What the parts of the kernel ask of each other and of the node around them.
// Devices (device/) move Ethernet frames; a namespace's stack (ipv4/, transport/) speaks IP over them.

import type { Handler, RandomStream, SimTime, Ticket } from '@netreel/sim';
import type { Frame, FramePool, Ipv4 } from '@netreel/wire';
import type { DropReason } from './drop.js';
import type { KernelEvent } from './events.js';
import type { KernelTables, LinkRow } from './tables.js';

/** What a kernel asks of its node. A sim Machine offers all but the last. */
export interface KernelPort {
  now(): SimTime;
  schedule<A>(at: SimTime, handler: Handler<A>, argument: A): Ticket;
  cancel(ticket: Ticket): void;
  random(purpose: string): RandomStream;
  newId(kind: string, digits?: number): string;
  /** Records the event and applies it to the tables. */
  emit(event: KernelEvent): void;
  /** A NIC's frame leaves for the underlay after `waitNs` in its queue. The callee owns the frame from here on. */
  transmit(link: LinkRow, frame: Frame, waitNs: number): void;
}

/** Sees every frame at every device; installed for captures only, undefined otherwise. */
export interface Tap {
  frame(direction: 'in' | 'out', link: LinkRow, frame: Frame): void;
  dropped(where: string, reason: DropReason, frame: Frame | undefined): void;
}

/** What all parts of one kernel share. */
export interface KernelCore {
  readonly port: KernelPort;
  readonly tables: KernelTables;
  readonly pool: FramePool;
  tap: Tap | undefined;
  device(index: number): Device | undefined;
  stack(netns: string): Stack | undefined;
  /** Counts a lost packet under its reason and place (a device's or a namespace's name) and releases the frame. */
  drop(where: string, reason: DropReason, frame: Frame | undefined): void;
}

/** One network device. It owns a frame that it is handed until it hands it on, drops it or releases it. */
export interface Device {
  readonly row: LinkRow;
  /** Counters as `ip -s link` shows them. */
  readonly counters: DeviceCounters;
  /** Sends a complete Ethernet frame out of this device. */
  transmit(frame: Frame): void;
  /** A complete Ethernet frame arrives at this device from its other side. */
  receive(frame: Frame): void;
  /** The device is being deleted: cancel timers, let go of peers. */
  close(): void;
}

export interface DeviceCounters {
  rxPackets: number; rxBytes: number; rxDropped: number;
  txPackets: number; txBytes: number; txDropped: number;
}

/** One namespace's protocols, seen from its devices. */
export interface Stack {
  /** What a bridge of this namespace asks before an IPv4 packet, at whose header `frame.start` is, crosses it. */
  readonly filter: { readonly active: boolean; mayCross(frame: Frame, bridge: LinkRow): boolean } | undefined;
  /** A frame for this namespace came in through `device`: for its MAC, for all or for a group. Owns the frame. */
  receive(device: Device, frame: Frame): void;
  /**
   * Sends a UDP datagram whose payload stands ready at `frame.start`..`frame.end` with headroom before it: the headers
   * are prepended in place. For tunnels. UDP checksum 0, don't-fragment set (RFC 7348 section 4.3).
   */
  sendUdpInPlace(frame: Frame, source: Ipv4, sourcePort: number, target: Ipv4, targetPort: number): void;
  /** Gives the payload of datagrams to a port of this namespace to the kernel itself. False when the port is taken. */
  bindTunnel(port: number, receiver: TunnelReceiver): boolean;
  unbindTunnel(port: number): void;
  /** A link of this namespace changed (address, up, carrier, MAC): drop what depended on it. */
  linkChanged(link: LinkRow): void;
  /** The namespace is being deleted. */
  close(): void;
}

export interface TunnelReceiver {
  /** `frame.start` is at the UDP payload. Owns the frame. */
  receive(frame: Frame, source: Ipv4): void;
}
