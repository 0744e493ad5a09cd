// The ways of packets over devices, put together from sightings: which packet passed where when, and where it ended.

import type { DropReason } from '@netreel/kernel';
import type { Cause, SimTime } from '@netreel/sim';
import { describeFrame } from '@netreel/wire';
import { markOf } from './packet.js';

/** One device that a packet passed, or the place where it was lost. */
export interface Hop {
  readonly at: SimTime;
  readonly node: number;
  readonly direction: 'in' | 'out' | 'lost';
  /** `eth0 of box`, `docker0`. */
  readonly place: string;
  /** Why it was lost; a fault's is `fault` and its rule. */
  readonly reason: string;
}

export interface Trace {
  readonly hops: Hop[];
  /** As it was first seen, in tcpdump's words. */
  readonly text: string;
  /** That first sight of it. */
  readonly bytes: Uint8Array;
  /** What was being dealt with when it was first seen. */
  readonly cause: Cause & { readonly node: number };
  source: number;
  target: number;
}

/** Bytes of a frame, wherever they start now; the object tells two frames apart. */
export interface Sighting {
  readonly buffer: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Copies of a flooded frame end so on every port but one: no loss. */
const NO_LOSS: ReadonlySet<string> = new Set<DropReason>(['not-for-us', 'flood-empty']);

export class Traces {
  readonly all: Trace[] = [];
  private readonly byKey = new Map<string, Trace[]>();
  private readonly lastOf = new Map<object, Trace>();

  seen(frame: Sighting, hop: Hop, cause: Trace['cause']): void {
    const trace = this.traceOf(frame, hop, cause);
    if (trace === undefined) return;
    this.lastOf.set(frame, trace);
    trace.hops.push(hop);
  }

  /** `frame` is undefined where a packet had none yet. */
  lost(frame: Sighting | undefined, hop: Hop, cause: Trace['cause']): void {
    if (frame === undefined) {
      this.all.push({ hops: [hop], text: '(a packet that had no frame yet)', bytes: new Uint8Array(0), cause,
        source: 0, target: 0 });
      return;
    }
    // In the middle of its headers a frame cannot be read: then it is the packet that it last was.
    const trace = this.traceOf(frame, hop, cause) ?? this.lastOf.get(frame);
    trace?.hops.push(hop);
    this.lastOf.delete(frame);
  }

  /** Those that ended otherwise than a flooded copy does, in the order of their loss. */
  losses(): Trace[] {
    const lossOf = (trace: Trace): Hop | undefined =>
      trace.hops.find((hop) => hop.direction === 'lost' && !NO_LOSS.has(hop.reason));
    return this.all.filter((trace) => lossOf(trace) !== undefined)
      .sort((a, b) => lossOf(a)!.at - lossOf(b)!.at);
  }

  private traceOf(frame: Sighting, hop: Hop, cause: Trace['cause']): Trace | undefined {
    const { buffer, start, end } = frame;
    const mark = markOf(buffer, start, end);
    if (mark === undefined) return undefined;
    let known = this.byKey.get(mark.key);
    if (known === undefined) {
      known = [];
      this.byKey.set(mark.key, known);
    }
    // NAT changes one address at a time; of packets that look alike otherwise, the one with both is meant.
    const trace = known.find((each) => each.source === mark.source && each.target === mark.target)
      ?? known.find((each) => each.source === mark.source || each.target === mark.target);
    if (trace !== undefined && !isSentAgain(trace, hop)) {
      trace.source = mark.source;
      trace.target = mark.target;
      return trace;
    }
    const bytes = buffer.slice(start, end);
    const begun: Trace = { hops: [], text: describeFrame(bytes), bytes, cause: { ...cause, node: hop.node },
      source: mark.source, target: mark.target };
    known.unshift(begun);
    this.all.push(begun);
    return begun;
  }
}

/** The same bytes leave the same device once more: an ARP request that is repeated, not the one that went before. */
function isSentAgain(trace: Trace, hop: Hop): boolean {
  return hop.direction === 'out' && trace.hops.some(({ direction, node, place, at }) =>
    direction === 'out' && node === hop.node && place === hop.place && at < hop.at);
}
