// What is left of a connection that has ended: enough to answer whoever did not hear of it. RFC 9293 sections 3.6.1 and
// 3.10.7.4, RFC 6191 (a new connection between the same ends). There are many of these, so they are small and share one
// timer: all wait equally long.

import { type Handler, MILLISECOND, NEVER, SECOND, type SimTime } from '@netreel/sim';
import { TCP_FLAG, type Address } from '@netreel/wire';
import type { PortHolder } from '../ports.js';
import type { Connection, TcpSide } from './connection.js';
import type { Held } from './connections.js';
import type { Segment } from './segment.js';
import { after, before } from './sequence.js';
import { stampAt } from './timestamps.js';
import { transmitBare } from './transmit.js';

/** Twice the longest life of a segment, as Linux has it (TCP_TIMEWAIT_LEN). */
export const TIME_WAIT_NS = 60 * SECOND;
/** net.ipv4.tcp_invalid_ratelimit. */
const ANSWER_INTERVAL_NS = 500 * MILLISECOND;

export class TimeWait implements Held {
  readonly id: number;
  readonly local: Address;
  readonly localPort: number;
  readonly remote: Address;
  readonly remotePort: number;
  readonly holder: PortHolder | undefined;
  next: Held | undefined = undefined;
  /** Neighbours in the order in which they end. */
  sooner: TimeWait | undefined = undefined;
  later: TimeWait | undefined = undefined;
  until: SimTime = 0;
  private readonly nxt: number;
  private readonly rcvNxt: number;
  private readonly window: number;
  private readonly stamps: boolean;
  private readonly stampOffset: number;
  private recentStamp: number;
  private answeredAt: SimTime = -SECOND;

  constructor(private readonly side: TcpSide, connection: Connection) {
    this.id = connection.id;
    this.local = connection.local;
    this.localPort = connection.localPort;
    this.remote = connection.remote;
    this.remotePort = connection.remotePort;
    this.holder = connection.holder;
    this.nxt = connection.nxt;
    this.rcvNxt = connection.rcvNxt;
    this.window = connection.receiveSpace.sizeBytes >> connection.receiveShift;
    this.stamps = connection.stamps;
    this.stampOffset = connection.stampOffset;
    this.recentStamp = connection.recentStamp;
  }

  /** Whether `segment` begins a new connection: a SYN beyond the old numbers, or with a later timestamp. */
  makesWay(segment: Segment): boolean {
    if ((segment.flags & (TCP_FLAG.syn | TCP_FLAG.ack | TCP_FLAG.rst)) !== TCP_FLAG.syn) return false;
    if (after(segment.sequence, this.rcvNxt)) return true;
    return this.stamps && segment.options.stamped && after(segment.options.stamp, this.recentStamp);
  }

  /** Any other segment. True when the wait ends with it. */
  receive(segment: Segment, waits: TimeWaits): boolean {
    const { stamped, stamp } = segment.options;
    const isOld = this.stamps && stamped && before(stamp, this.recentStamp);
    const isNext = segment.sequence === this.rcvNxt;
    // As in Linux, unless told to heed RFC 1337, the right reset cuts the wait short.
    if (segment.has(TCP_FLAG.rst)) return !isOld && isNext;
    if (!isOld && this.stamps && stamped) this.recentStamp = stamp;
    if (segment.has(TCP_FLAG.ack)) waits.again(this);
    if (!isOld && isNext && segment.length === 0) return false;
    this.answer();
    return false;
  }

  private answer(): void {
    const now = this.side.core.port.now();
    if (now - this.answeredAt < ANSWER_INTERVAL_NS) return;
    this.answeredAt = now;
    transmitBare(this.side, this, this.nxt, this.rcvNxt, TCP_FLAG.ack, this.window,
      this.stamps ? stampAt(this.stampOffset, now) : -1, this.recentStamp);
  }
}

/** All of one namespace that wait, the next one to end first. */
export class TimeWaits implements Handler<undefined> {
  private first: TimeWait | undefined = undefined;
  private last: TimeWait | undefined = undefined;
  private dueAt: SimTime = NEVER;

  constructor(private readonly side: TcpSide, private readonly ended: (waiting: TimeWait) => void) {}

  add(waiting: TimeWait): void {
    waiting.until = this.side.core.port.now() + TIME_WAIT_NS;
    waiting.sooner = this.last;
    waiting.later = undefined;
    if (this.last === undefined) this.first = waiting;
    else this.last.later = waiting;
    this.last = waiting;
    this.arm();
  }

  remove(waiting: TimeWait): void {
    const { sooner, later } = waiting;
    if (sooner === undefined) this.first = later;
    else sooner.later = later;
    if (later === undefined) this.last = sooner;
    else later.sooner = sooner;
  }

  /** RFC 9293 section 3.6.1: it waits from now on. */
  again(waiting: TimeWait): void {
    this.remove(waiting);
    this.add(waiting);
  }

  fire(): void {
    this.dueAt = NEVER;
    const now = this.side.core.port.now();
    while (this.first !== undefined && this.first.until <= now) {
      const waiting = this.first;
      this.remove(waiting);
      this.ended(waiting);
    }
    this.arm();
  }

  /** An entry of the agenda that is too early looks again; there is never a second one. */
  private arm(): void {
    if (this.first === undefined || this.dueAt !== NEVER) return;
    this.dueAt = this.first.until;
    this.side.core.port.schedule(this.dueAt, this, undefined);
  }
}
