// The test itself: sends or takes until it is over, and tells of it every interval. Both sides run it.

import type { UdpSocket } from '@netreel/kernel';
import { NEVER, type Operation, SECOND, type SimTime } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { writableOf } from '../stream/writable.js';
import { type Control, STATE } from './control.js';
import type { Flow } from './flow.js';
import type { Plan } from './options.js';
import type { Count, Report } from './report.js';

export interface Transfer {
  readonly plan: Plan;
  readonly flows: readonly Flow[];
  readonly report: Report;
  readonly intervalNs: number;
  /** A server goes on until its client says that it is the end. */
  readonly endsItself: boolean;
  readonly interrupted: () => boolean;
}

export interface Over { readonly why: 'end' | 'gone' | 'terminated' | 'interrupted'; readonly tookNs: number }

export function* transfer(sys: Sys, control: Control, test: Transfer): Operation<Over> {
  const { plan, flows, report, intervalNs } = test;
  const startedAt = sys.now();
  const endAt = test.endsItself && plan.bytes === 0 ? startedAt + plan.seconds * SECOND : NEVER;
  let tellAt = intervalNs > 0 ? startedAt + intervalNs : NEVER;
  let toldAt = startedAt;
  const over = (why: Over['why']): Over => {
    // A rest of less than a tenth in which nothing came is not worth a line.
    const rest = sys.now() - toldAt;
    const silent = flows.every(({ bytes, told }) => bytes === told.bytes);
    if (rest > 0 && (rest * 10 >= intervalNs || !silent)) report.progress(flows, sys.now() - startedAt);
    return { why, tookNs: sys.now() - startedAt };
  };
  for (;;) {
    const state = control.takeState();
    if (state === STATE.end) return over('end');
    if (state === STATE.clientTerminated || state === STATE.serverTerminated) return over('terminated');
    if (control.broken) return over('gone');
    if (test.interrupted()) return over('interrupted');
    const now = sys.now();
    const ended = now >= endAt;
    const nextAt = ended ? NEVER : move(flows, plan, now, startedAt);
    if (now >= tellAt) {
      report.progress(flows, now - startedAt);
      toldAt = now;
      tellAt += intervalNs;
    }
    if (ended || (test.endsItself && plan.bytes > 0 && moved(flows) >= plan.bytes)) return over('end');
    yield* sys.waitReadable([control.socket, ...flows.flatMap(awaited)], Math.min(nextAt, tellAt, endAt));
  }
}

/** What tells when a stream can go on; a sender that only waits for its time looks at nothing. */
function awaited({ sender, tcp, udp, broken, blocked }: Flow): Parameters<Sys['waitReadable']>[0] {
  if (broken) return [];
  if (!sender) return [tcp ?? udp!];
  return tcp !== undefined && blocked ? [writableOf(tcp)] : [];
}

/** Moves what can be moved now; when there will be more. */
function move(flows: readonly Flow[], plan: Plan, now: SimTime, startedAt: SimTime): SimTime {
  let nextAt: SimTime = NEVER;
  for (const flow of flows) {
    if (flow.broken) continue;
    if (flow.sender) {
      const budget = plan.bytes > 0 ? Math.ceil(plan.bytes / flows.length) - flow.bytes : NEVER;
      nextAt = Math.min(nextAt, flow.send(now, startedAt, budget));
    } else if (flow.tcp !== undefined) {
      flow.drain();
    }
  }
  const udp = flows.find((flow) => !flow.sender && flow.udp !== undefined)?.udp;
  if (udp !== undefined) takeDatagrams(udp, flows, now);
  return nextAt;
}

function takeDatagrams(first: UdpSocket, flows: readonly Flow[], now: SimTime): void {
  for (const socket of new Set([first, ...flows.map(({ udp }) => udp!)])) {
    socket.takeError();
    for (let datagram = socket.receive(); datagram !== undefined; datagram = socket.receive()) {
      const { sourcePort, source, payload } = datagram;
      flows.find(({ udp, peer }) => udp === socket && peer.port === sourcePort && peer.address === source)
        ?.take(payload, now);
    }
  }
}

function moved(flows: readonly Flow[]): number {
  return flows.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** What goes over the control connection at the end. */
export function countOf(flow: Flow): Count {
  const { bytes, packets, lost, resent, jitterNs } = flow;
  return { bytes, packets, lost, resent, jitterNs };
}

/** What came over it; nothing where the other side has said nothing. */
export function countsIn(value: unknown, streams: number): readonly Count[] {
  const list = (value as { readonly streams?: readonly Partial<Count>[] } | undefined)?.streams;
  const whole = (of: unknown): number => (typeof of === 'number' && Number.isFinite(of) ? of : 0);
  return Array.from({ length: streams }, (_, at) => {
    const { bytes, packets, lost, resent, jitterNs } = (Array.isArray(list) ? list[at] as Partial<Count> : {}) ?? {};
    return { bytes: whole(bytes), packets: whole(packets), lost: whole(lost), resent: whole(resent),
      jitterNs: whole(jitterNs) };
  });
}
