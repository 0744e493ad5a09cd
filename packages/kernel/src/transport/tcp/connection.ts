// What one connection knows: RFC 9293 section 3.3.1 (the transmission control block). The files beside this one act
// on it.

import { SECOND, type SimTime } from '@netreel/sim';
import { TCP, mappedOf, type Address, type Ipv6 } from '@netreel/wire';
import type { KernelCore } from '../../contract.js';
import type { NetworkLayer, NetworkLayers } from '../../network/layer.js';
import type { Errno } from '../../sockets.js';
import type { Payloads } from '../payloads.js';
import type { PortHolder } from '../ports.js';
import type { Buffers } from './buffers.js';
import type { Held } from './connections.js';
import { Acknowledging } from './delayed-ack.js';
import { Cubic } from './cubic.js';
import type { Secret } from './initial-sequence.js';
import type { News } from './news.js';
import { Rack } from './rack.js';
import { Ranges } from './ranges.js';
import { ReceiveSpace } from './receive-space.js';
import { Recovery } from './recovery.js';
import { Reduction, WINDOW_UNLIMITED } from './reduction.js';
import type { Pending } from './retransmit.js';
import { Ring } from './ring.js';
import { RTO_MOST_NS, RoundTrip } from './round-trip.js';
import { Scoreboard } from './scoreboard.js';
import { SlowStart } from './slow-start.js';
import type { TcpState, TcpStateName } from './state.js';
import { Timer } from './timers.js';
import { Undo } from './undo.js';

/** What the connections of one namespace share. */
export interface TcpSide {
  readonly core: KernelCore;
  readonly netns: string;
  readonly layers: NetworkLayers;
  readonly payloads: Payloads;
  readonly secret: Secret;
  readonly buffers: Buffers;
  /** Of the acknowledgment that is being read. */
  readonly news: News;
  /** A connection of the namespace, found by the demultiplexer from now on. */
  connect(id: number, local: Address, localPort: number, remote: Address, remotePort: number): Connection;
  forget(connection: Connection): void;
  /** The connection has ended; its ends wait for stragglers in its place. */
  waitFor(connection: Connection): void;
  takeSocketId(): number;
}

/** What the timers of a connection do. */
export interface TimerDuties {
  readonly retransmit: (connection: Connection) => void;
  readonly acknowledge: (connection: Connection) => void;
  readonly linger: (connection: Connection) => void;
  readonly keepalive: (connection: Connection) => void;
}

/** Whom a connection belongs to. */
export interface Owner {
  wakeReader(): void;
  wakeWriter(): void;
  /** It is in no state any more. */
  ended(): void;
}

/** net.ipv4.tcp_wmem in short: what one connection may hold, at first and at most. */
const SEND_BUFFER_BYTES = 256 * 1024;
export const SEND_BUFFER_MOST_BYTES = 4 * 1024 * 1024;
/** RFC 7323 section 2: what is offered. */
export const WINDOW_SHIFT = 7;
/** RFC 9293 MUST-15: what a peer takes that does not say. */
export const MSS_DEFAULT = 536;

export class Connection implements Held {
  state: TcpState = { name: 'CLOSED', error: undefined };
  owner: Owner | undefined = undefined;
  next: Held | undefined = undefined;
  /** IPv4 through a socket of IPv6, which shows its addresses mapped. */
  mapped = false;
  /** Who holds the local port on its behalf; undefined where a listener does. */
  holder: PortHolder | undefined = undefined;

  // Sending. The ring starts at `una`, or behind the SYN while that is unacknowledged.
  iss = 0;
  una = 0;
  /** SND.NXT. What goes again is the scoreboard's matter. */
  nxt = 0;
  sendWindow = 0;
  windowSequence = 0;
  windowAcknowledgment = 0;
  largestWindow = 0;
  sendShift = 0;
  /** What the peer takes; the path may take less. */
  peerMss = MSS_DEFAULT;
  /** TCP_MAXSEG of its socket; 0: none. */
  segmentLimitBytes = 0;
  /** Segments that went again. */
  resent = 0;
  finQueued = false;
  /** The number behind the FIN, once that is queued. */
  streamEnd = 0;
  noDelay = false;
  readonly sendRing: Ring;
  sendBufferBytes = SEND_BUFFER_BYTES;
  /** When a new segment was sent last. */
  sentAt: SimTime = 0;

  // Receiving.
  irs = 0;
  rcvNxt = 0;
  /** The right edge of the window that was announced. */
  rcvEdge = 0;
  receiveShift = 0;
  readonly receiveRing: Ring;
  readonly outOfOrder = new Ranges();
  /** Left edge of what arrived out of order last: it is told first (RFC 2018 section 4). */
  latestSack = 0;
  finReceived = false;
  /** Where the stream ends, once that is known; -1 before. */
  finAt = -1;
  /** Nobody will read here any more. */
  orphan = false;
  /** RCV.NXT as it was told last. */
  acknowledgedTo = 0;
  readonly acknowledging = new Acknowledging();
  readonly receiveSpace = new ReceiveSpace();
  /** RFC 2883: what arrived twice; equal edges for nothing. */
  twiceLeft = 0;
  twiceRight = 0;
  challengedAt: SimTime = -SECOND;

  // RFC 7323.
  stamps = false;
  stampOffset = 0;
  recentStamp = 0;
  recentStampAt: SimTime = 0;

  // Loss and congestion. Windows are in segments.
  sack = false;
  readonly sacked = new Ranges();
  readonly sent = new Scoreboard();
  cwnd = 0;
  ssthresh = WINDOW_UNLIMITED;
  /** Whether the congestion window was what held new data back. */
  windowWasFull = false;
  mostInFlight = 0;
  useEnds = 0;
  readonly cubic = new Cubic();
  readonly slowStart = new SlowStart();
  readonly recovery = new Recovery();
  readonly reduction = new Reduction();
  readonly undo = new Undo();
  readonly rack = new Rack();
  readonly roundTrip = new RoundTrip();
  /** SND.NXT when the tail was probed; -1: no probe is out. */
  probeEnd = -1;
  probeWasAgain = false;
  /** Timeouts since there was a round-trip time, and since something was acknowledged. */
  backoffs = 0;
  retries = 0;
  /** Probes of a closed window that were not answered. */
  probes = 0;
  pending: Pending = 'none';
  heardAt: SimTime = 0;
  keepaliveProbes = 0;
  /** What it waits for is `pending`. */
  readonly retransmitTimer: Timer<Connection>;
  readonly acknowledgeTimer: Timer<Connection>;
  /** FIN-WAIT-2 without an owner. */
  readonly lingerTimer: Timer<Connection>;
  readonly keepaliveTimer: Timer<Connection>;

  constructor(readonly side: TcpSide, readonly layer: NetworkLayer, duties: TimerDuties, readonly id: number,
    readonly local: Address, readonly localPort: number, readonly remote: Address, readonly remotePort: number) {
    const { port } = side.core;
    this.sendRing = new Ring(side.buffers);
    this.receiveRing = new Ring(side.buffers);
    this.retransmitTimer = new Timer<Connection>(port, this, duties.retransmit);
    this.acknowledgeTimer = new Timer<Connection>(port, this, duties.acknowledge);
    this.lingerTimer = new Timer<Connection>(port, this, duties.linger);
    this.keepaliveTimer = new Timer<Connection>(port, this, duties.keepalive);
  }

  /** Every change of state is in the history. */
  become(state: TcpState): void {
    this.state = state;
    if (state.name !== 'CLOSED') tellState(this.side, this, state.name);
  }

  /** Nothing is sent any more, and what was kept for that is given back. */
  letGo(error: Errno | undefined): void {
    this.state = { name: 'CLOSED', error };
    this.retransmitTimer.cancel();
    this.acknowledgeTimer.cancel();
    this.lingerTimer.cancel();
    this.keepaliveTimer.cancel();
    this.sendRing.clear();
    this.sent.clear();
    if (this.orphan || this.receiveRing.length === 0) this.receiveRing.clear();
  }

  /** The end of the connection, for whatever reason. */
  end(error: Errno | undefined): void {
    if (this.state.name === 'CLOSED') return;
    this.letGo(error);
    this.side.forget(this);
    const { core } = this.side;
    // With its namespace a socket's row may be gone already.
    if (core.tables.sockets.has(this.id)) core.port.emit({ type: 'SocketClosed', socket: this.id });
    this.owner?.ended();
  }

  /** The largest payload that goes into a segment without options. */
  get mss(): number {
    const { layer } = this;
    const fits = layer.mtu(layer.find(this.remote)) - layer.headerBytes - TCP.LENGTH;
    const taken = this.peerMss < fits ? this.peerMss : fits;
    const mss = this.segmentLimitBytes > 0 && this.segmentLimitBytes < taken ? this.segmentLimitBytes : taken;
    return mss < 1 ? 1 : mss;
  }

  /** The number behind the last byte that the program has written. */
  get dataEnd(): number {
    return this.finQueued ? (this.streamEnd - 1) >>> 0 : (this.ringStart + this.sendRing.length) >>> 0;
  }

  get ringStart(): number {
    return this.una === this.iss ? (this.iss + 1) >>> 0 : this.una;
  }

  /** Nothing more will be written. */
  queueFin(): void {
    this.streamEnd = (this.dataEnd + 1) >>> 0;
    this.finQueued = true;
  }

  get sendRoom(): number {
    return this.sendBufferBytes - this.sendRing.length;
  }

  /** Segments that are believed to be in the network. */
  get inFlight(): number {
    return this.sack ? this.sent.inFlight : this.sent.inFlight - this.recovery.duplicates;
  }

  get news(): News {
    return this.side.news;
  }

  /** RFC 6298 (5.5): twice as long with each timeout in a row. */
  get timeoutNs(): number {
    let ns = this.roundTrip.timeoutNs;
    for (let i = 0; i < this.backoffs && ns < RTO_MOST_NS; i++) ns *= 2;
    return ns < RTO_MOST_NS ? ns : RTO_MOST_NS;
  }

  armSender(pending: Pending, afterNs: number): void {
    this.pending = pending;
    this.retransmitTimer.arm(this.side.core.port.now() + afterNs);
  }

  disarmSender(): void {
    this.pending = 'none';
    this.retransmitTimer.disarm();
  }
}

interface Ends {
  readonly id: number; readonly local: Address; readonly localPort: number; readonly remote: Address;
  readonly remotePort: number; readonly mapped: boolean;
}

/** Writes down which state a socket is in. */
export function tellState(side: TcpSide, ends: Ends, state: TcpStateName): void {
  const { port } = side.core;
  const { id: socket, local, localPort, remote, remotePort } = ends;
  if (typeof local === 'number' && typeof remote === 'number' && !ends.mapped) {
    port.emit({ type: 'TcpStateChanged', netns: side.netns, socket, address: local, port: localPort,
      remoteAddress: remote, remotePort, state });
  } else {
    port.emit({ type: 'Tcp6StateChanged', netns: side.netns, socket, address: asIpv6(local), port: localPort,
      remoteAddress: asIpv6(remote), remotePort, state });
  }
}

function asIpv6(address: Address): Ipv6 {
  return typeof address === 'number' ? mappedOf(address) : address;
}
