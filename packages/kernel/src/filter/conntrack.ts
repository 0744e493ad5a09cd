// Connection tracking: every packet belongs to a flow, which lasts until nothing has come for a while. Timeouts are
// Linux's (net.netfilter.nf_conntrack_*). A flow's row is a table and changes by events; when it ends is machine state.

import { type Handler, SECOND, type SimTime, type Ticket } from '@netreel/sim';
import { type Ipv4, PROTOCOL } from '@netreel/wire';
import type { KernelCore } from '../contract.js';
import { Deadlines } from './deadlines.js';
import type { FilterRow, FlowRow, Tuple } from './tables.js';
import { TCP_TIMEOUTS_NS, type TcpState, firstTcpState, nextTcpState } from './tcp-state.js';
import { type Change, changeOf } from './translation.js';
import { hashOf, sameTuple, turned } from './tuple.js';
import { KeptVerdict } from './verdict.js';

export const UDP_TIMEOUT_NS = 30 * SECOND;
export const UDP_STREAM_TIMEOUT_NS = 120 * SECOND;
/** UDP that is answered is a stream once it is older than this. */
const UDP_STREAM_AGE_NS = 2 * SECOND;
export const ICMP_TIMEOUT_NS = 30 * SECOND;
const OTHER_TIMEOUT_NS = 600 * SECOND;
/** net.netfilter.nf_conntrack_max. */
export const FLOWS_MAX = 65536;
const RECENT = 256;

/** A flow that has a row, and when it ends unless something comes. */
export interface LiveFlow {
  readonly row: FlowRow;
  readonly since: SimTime;
  deadline: SimTime;
  /** The earliest place it has among the deadlines. */
  promised: SimTime;
  readonly ends: readonly [FlowEnd, FlowEnd];
}

/** One direction of a flow, as packets ask for it. */
export interface FlowEnd {
  readonly tuple: Tuple;
  readonly reply: boolean;
  readonly hash: number;
  /** What its packets become; undefined where nothing changes. */
  readonly newSource: Change | undefined;
  readonly newTarget: Change | undefined;
  readonly verdict: KeptVerdict;
  flow: LiveFlow | undefined;
  next: FlowEnd | undefined;
}

/** A flow whose first packet is on its way: it gets its row when the packet arrives or leaves. */
export interface NewFlow { readonly original: Tuple; reply: Tuple; readonly state: string }

/** The flows of one namespace. */
export class Conntrack implements Handler<undefined> {
  private readonly ends = new Map<number, FlowEnd>();
  /** Those asked for lately, by the last bits of their hash. */
  private readonly recent: (FlowEnd | undefined)[] = new Array<undefined>(RECENT).fill(undefined);
  private readonly deadlines = new Deadlines<LiveFlow>();
  private count = 0;
  private last = 0;
  private timer: Ticket | undefined = undefined;
  private timerAt: SimTime = 0;

  constructor(private readonly core: KernelCore, private readonly netns: string) {}

  /** The direction of the flow that packets with this tuple belong to. */
  find(tuple: Tuple): FlowEnd | undefined {
    const now = this.core.port.now();
    const hash = hashOf(tuple);
    const recent = this.recent[hash & (RECENT - 1)];
    if (recent !== undefined && recent.flow !== undefined && sameTuple(recent.tuple, tuple)
      && recent.flow.deadline > now) return recent;
    for (let end = this.ends.get(hash); end !== undefined; end = end.next) {
      if (!sameTuple(end.tuple, tuple) || end.flow!.deadline <= now) continue;
      this.recent[hash & (RECENT - 1)] = end;
      return end;
    }
    return undefined;
  }

  /** What a flow would be that begins with such a packet; undefined when none may. */
  begin(original: Tuple, reply: Tuple, tcpFlags: number): NewFlow | undefined {
    const state = original.protocol === PROTOCOL.tcp ? firstTcpState(tcpFlags) : 'NEW';
    return state === undefined ? undefined : { original, reply, state };
  }

  /** The first packet made it. False when there are too many flows. */
  confirm({ original, reply, state }: NewFlow): boolean {
    if (this.count >= FLOWS_MAX) return false;
    const { port } = this.core;
    const flow = ++this.last;
    port.emit({ type: 'FlowCreated', netns: this.netns, flow, protocol: original.protocol,
      source: original.source, sourcePort: original.sourcePort, target: original.target,
      targetPort: original.targetPort, replySource: reply.source, replySourcePort: reply.sourcePort,
      replyTarget: reply.target, replyTargetPort: reply.targetPort, state });
    const row = this.rows()?.flows.get(flow);
    if (row === undefined) return false;
    const now = port.now();
    const ends = [this.end(row.original, row.reply, false), this.end(row.reply, row.original, true)] as const;
    const deadline = now + timeoutOf(row, false);
    const live: LiveFlow = { row, since: now, deadline, promised: deadline, ends };
    ends[0].flow = live;
    ends[1].flow = live;
    this.count++;
    this.promise(live);
    return true;
  }

  /** One more packet of a flow. */
  seen({ flow, reply }: FlowEnd, tcpFlags: number): void {
    const live = flow!;
    const { row } = live;
    const now = this.core.port.now();
    // The first answer still finds the timeout of a flow without one.
    const stream = isStream(row, now, live.since);
    if (row.original.protocol === PROTOCOL.tcp) this.change(row, nextTcpState(row.state as TcpState, tcpFlags, reply),
      row.replied || reply);
    else if (reply && !row.replied) this.change(row, 'ESTABLISHED', true);
    else if (stream) this.change(row, 'STREAM', true);
    live.deadline = now + timeoutOf(row, stream);
    if (live.deadline < live.promised) {
      live.promised = live.deadline;
      this.promise(live);
    }
  }

  /** Ends all flows that `address` takes part in. */
  forget(address: Ipv4): void {
    for (const { original, reply } of [...this.rows()?.flows.values() ?? []]) {
      const takesPart = original.source === address || original.target === address || reply.source === address
        || reply.target === address;
      const live = takesPart ? this.find(original)?.flow : undefined;
      if (live !== undefined) this.expire(live);
    }
  }

  close(): void {
    if (this.timer !== undefined) this.core.port.cancel(this.timer);
    this.timer = undefined;
    this.ends.clear();
    this.deadlines.clear();
    this.count = 0;
  }

  /** A deadline has come. */
  fire(): void {
    this.timer = undefined;
    const now = this.core.port.now();
    for (let due = this.deadlines.first(); due !== undefined && due.at <= now; due = this.deadlines.first()) {
      this.deadlines.takeFirst();
      const live = due.item;
      if (live.ends[0].flow === undefined || due.at !== live.promised) continue;
      if (live.deadline <= now) {
        this.expire(live);
      } else {
        live.promised = live.deadline;
        this.deadlines.add({ at: live.deadline, order: live.row.flow, item: live });
      }
    }
    this.arm();
  }

  private change(row: FlowRow, state: string, replied: boolean): void {
    if (row.state === state && row.replied === replied) return;
    this.core.port.emit({ type: 'FlowChanged', netns: this.netns, flow: row.flow, state, replied });
  }

  private expire(live: LiveFlow): void {
    for (const end of live.ends) this.remove(end);
    this.count--;
    if (this.count === 0) this.close();
    this.core.port.emit({ type: 'FlowExpired', netns: this.netns, flow: live.row.flow });
  }

  private promise(live: LiveFlow): void {
    this.deadlines.add({ at: live.promised, order: live.row.flow, item: live });
    this.arm();
  }

  /** One timer, and only while there is something to wait for. */
  private arm(): void {
    const { port } = this.core;
    const first = this.deadlines.first();
    if (first === undefined || (this.timer !== undefined && this.timerAt <= first.at)) return;
    if (this.timer !== undefined) port.cancel(this.timer);
    this.timerAt = first.at;
    this.timer = port.schedule(first.at, this, undefined);
  }

  private end(tuple: Tuple, other: Tuple, reply: boolean): FlowEnd {
    const hash = hashOf(tuple);
    const after = turned(other);
    const end: FlowEnd = { tuple, reply, hash, flow: undefined, next: this.ends.get(hash), verdict: new KeptVerdict(),
      newSource: changeOf(tuple, after, 'source', reply), newTarget: changeOf(tuple, after, 'target', reply) };
    this.ends.set(hash, end);
    return end;
  }

  private remove(end: FlowEnd): void {
    end.flow = undefined;
    let held = this.ends.get(end.hash);
    if (held === end) {
      if (end.next === undefined) this.ends.delete(end.hash);
      else this.ends.set(end.hash, end.next);
      return;
    }
    while (held !== undefined && held.next !== end) held = held.next;
    if (held !== undefined) held.next = end.next;
  }

  private rows(): FilterRow | undefined {
    return this.core.tables.filters.get(this.netns);
  }
}

function isStream(row: FlowRow, now: SimTime, since: SimTime): boolean {
  return row.original.protocol === PROTOCOL.udp && row.replied && now - since > UDP_STREAM_AGE_NS;
}

function timeoutOf(row: FlowRow, stream: boolean): number {
  switch (row.original.protocol) {
    case PROTOCOL.udp: return stream ? UDP_STREAM_TIMEOUT_NS : UDP_TIMEOUT_NS;
    case PROTOCOL.icmp: return ICMP_TIMEOUT_NS;
    case PROTOCOL.tcp: return TCP_TIMEOUTS_NS[row.state as TcpState];
    default: return OTHER_TIMEOUT_NS;
  }
}
