// Fragments wait here until their datagram is whole. RFC 791 section 3.2, RFC 1122 section 3.3.2 (the time limit and
// the error it leads to); memory is bounded as in Linux, which gives up the newcomer.

import { SECOND, type Handler, type Ticket } from '@netreel/sim';
import { ICMP_TIME_EXCEEDED, ICMP_TYPE, Reassembly, fragmentKey, type Frame } from '@netreel/wire';
import type { KernelCore } from '../contract.js';
import type { Icmp } from './icmp.js';
import type { Output } from './output.js';

/** net.ipv4.ipfrag_time. */
const TIMEOUT_NS = 30 * SECOND;
/** net.ipv4.ipfrag_high_thresh. */
const HELD_BYTES_MAX = 4 * 1024 * 1024;
/** What a datagram costs beside its bytes; keeps the number of them bounded too. */
const DATAGRAM_COST_BYTES = 256;

interface Waiting {
  readonly key: string;
  readonly reassembly: Reassembly;
  ticket: Ticket;
  /** Whether errors about it may be sent: no fragment came to a group of stations. */
  answerable: boolean;
  costBytes: number;
}

/** The incomplete datagrams of one namespace. */
export class Reassemblies {
  private readonly waiting = new Map<string, Waiting>();
  private readonly timer: Handler<Waiting> = { fire: (waiting) => this.expire(waiting) };
  private heldBytes = 0;

  constructor(private readonly core: KernelCore, private readonly netns: string, private readonly output: Output,
    private readonly icmp: Icmp) {}

  /** Takes a fragment, which starts at its IPv4 header, and gives back the datagram that it completes. */
  add(frame: Frame, answerable: boolean): Frame | undefined {
    const key = fragmentKey(frame.buffer, frame.start);
    if (this.heldBytes + frame.end - frame.start > HELD_BYTES_MAX) {
      this.core.drop(this.netns, 'reassembly-full', frame);
      return undefined;
    }
    const waiting = this.waiting.get(key) ?? this.start(key);
    waiting.answerable &&= answerable;
    const before = waiting.reassembly.heldBytes;
    const step = waiting.reassembly.add(frame.buffer, frame.start);
    const grownBytes = waiting.reassembly.heldBytes - before;
    waiting.costBytes += grownBytes;
    this.heldBytes += grownBytes;
    if (step.kind === 'dropped') {
      this.end(waiting);
      this.core.drop(this.netns, step.reason === 'overlap' ? 'reassembly-overlap' : 'bad-ipv4', frame);
      return undefined;
    }
    this.core.pool.release(frame);
    if (step.kind !== 'complete') return undefined;
    this.end(waiting);
    const whole = this.output.packet(step.datagram.length);
    whole.buffer.set(step.datagram, whole.start);
    return whole;
  }

  close(): void {
    for (const waiting of [...this.waiting.values()]) this.end(waiting);
  }

  private start(key: string): Waiting {
    const waiting: Waiting = { key, reassembly: new Reassembly(), ticket: 0, answerable: true,
      costBytes: DATAGRAM_COST_BYTES };
    waiting.ticket = this.core.port.schedule(this.core.port.now() + TIMEOUT_NS, this.timer, waiting);
    this.heldBytes += waiting.costBytes;
    this.waiting.set(key, waiting);
    return waiting;
  }

  private end(waiting: Waiting): void {
    this.core.port.cancel(waiting.ticket);
    this.waiting.delete(waiting.key);
    this.heldBytes -= waiting.costBytes;
  }

  /** RFC 1122 section 3.3.2: the sender is told if the first fragment, which says whose it is, had come. */
  private expire(waiting: Waiting): void {
    this.end(waiting);
    const first = waiting.reassembly.first();
    if (first === undefined) return this.core.drop(this.netns, 'reassembly-timeout', undefined);
    const frame = this.output.packet(first.length);
    frame.buffer.set(first, frame.start);
    this.icmp.sendError(frame, ICMP_TYPE.timeExceeded, ICMP_TIME_EXCEEDED.reassembly, 0, waiting.answerable);
    this.core.drop(this.netns, 'reassembly-timeout', frame);
  }
}
