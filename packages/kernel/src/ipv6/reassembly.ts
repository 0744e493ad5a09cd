// Fragments wait here until their packet is whole. RFC 8200 section 4.5: sixty seconds, and the sender is told if the
// first fragment had come; memory is bounded as in Linux, which gives up the newcomer.

import { SECOND, type Handler, type Ticket } from '@netreel/sim';
import { ICMPV6_TIME_EXCEEDED, ICMPV6_TYPE, PARAMETER_PROBLEM, Reassembly6, fragmentKey6,
  type Frame } from '@netreel/wire';
import type { KernelCore } from '../contract.js';
import type { Icmp6 } from './icmp.js';
import type { Output6 } from './output.js';

/** net.ipv6.ip6frag_time. */
const TIMEOUT_NS = 60 * SECOND;
/** net.ipv6.ip6frag_high_thresh. */
const HELD_BYTES_MAX = 4 * 1024 * 1024;
/** What a packet costs beside its bytes; keeps the number of them bounded too. */
const PACKET_COST_BYTES = 256;

interface Waiting {
  readonly key: string; readonly reassembly: Reassembly6; readonly zone: number;
  ticket: Ticket; answerable: boolean; costBytes: number;
}

/** The incomplete packets of one namespace. */
export class Reassemblies6 {
  private readonly waiting = new Map<string, Waiting>();
  private readonly timer: Handler<Waiting> = { fire: (waiting) => this.expire(waiting) };
  private heldBytes = 0;

  constructor(private readonly core: KernelCore, private readonly netns: string, private readonly output: Output6,
    private readonly icmp: Icmp6) {}

  /** Takes a fragment whose fragment header is at `at`, named at `named`; gives back the packet that it completes. */
  add(frame: Frame, at: number, named: number, answerable: boolean, zone: number): Frame | undefined {
    const key = `${zone} ${fragmentKey6(frame.buffer, frame.start, at)}`;
    if (this.heldBytes + frame.end - frame.start > HELD_BYTES_MAX) return this.lose(frame, 'reassembly-full');
    const waiting = this.waiting.get(key) ?? this.start(key, zone);
    waiting.answerable &&= answerable;
    const before = waiting.reassembly.heldBytes;
    const step = waiting.reassembly.add(frame.buffer, frame.start, at, named);
    const grownBytes = waiting.reassembly.heldBytes - before;
    waiting.costBytes += grownBytes;
    this.heldBytes += grownBytes;
    switch (step.kind) {
      case 'overlap':
        this.end(waiting);
        return this.lose(frame, 'reassembly-overlap');
      case 'problem':
        this.end(waiting);
        this.icmp.sendError(frame, ICMPV6_TYPE.parameterProblem, PARAMETER_PROBLEM.field, step.pointer, answerable,
          zone);
        return this.lose(frame, 'bad-ipv6');
      case 'waiting': case 'duplicate':
        this.core.pool.release(frame);
        return undefined;
      case 'complete': {
        this.core.pool.release(frame);
        this.end(waiting);
        const whole = this.output.packet(step.packet.length);
        whole.buffer.set(step.packet, whole.start);
        return whole;
      }
    }
  }

  close(): void {
    for (const waiting of [...this.waiting.values()]) this.end(waiting);
  }

  private lose(frame: Frame, reason: 'reassembly-full' | 'reassembly-overlap' | 'bad-ipv6'): undefined {
    this.core.drop(this.netns, reason, frame);
    return undefined;
  }

  private start(key: string, zone: number): Waiting {
    const waiting: Waiting = { key, reassembly: new Reassembly6(), zone, ticket: 0, answerable: true,
      costBytes: PACKET_COST_BYTES };
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

  private expire(waiting: Waiting): void {
    this.end(waiting);
    const first = waiting.reassembly.first();
    if (first === undefined) return this.core.drop(this.netns, 'reassembly-timeout', undefined);
    const frame = this.output.packet(first.length);
    frame.buffer.set(first, frame.start);
    this.icmp.sendError(frame, ICMPV6_TYPE.timeExceeded, ICMPV6_TIME_EXCEEDED.reassembly, 0, waiting.answerable,
      waiting.zone);
    this.core.drop(this.netns, 'reassembly-timeout', frame);
  }
}
