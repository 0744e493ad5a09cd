import { SECOND, foldCommits } from '@netreel/sim';
import { evolveKernel } from '../evolve.js';
import type { KernelEvent } from '../events.js';
import { emptyKernelTables } from '../tables.js';
import { type KernelUnderTest, commitOf } from '../testing.js';
import { FLOWS_MAX } from './conntrack.js';
import { TCP_FLAG } from './tcp-state.js';
import { A, FAR, arrives, deafEnds, filtered, flowsOf } from './testing.js';
import { turned } from './tuple.js';

const TRACKING = 'filter FORWARD -j ACCEPT';

/** When the router's flows changed and ended: text and moment. */
function watch(host: KernelUnderTest): { readonly what: string; readonly at: number }[] {
  const seen: { what: string; at: number }[] = [];
  const { emit } = host.kernel.port;
  (host.kernel.port as { emit: (event: KernelEvent) => void }).emit = (event) => {
    if (!('netns' in event) || event.netns !== 'r') {
      emit(event);
      return;
    }
    if (event.type === 'FlowCreated' || event.type === 'FlowChanged') {
      seen.push({ what: event.state, at: host.machine.now() });
    } else if (event.type === 'FlowExpired') {
      seen.push({ what: 'expired', at: host.machine.now() });
    }
    emit(event);
  };
  return seen;
}

/** How long after its last event a single flow ended. */
function lasted(seen: readonly { readonly at: number }[], lastPacketAt: number): number {
  return seen.at(-1)!.at - lastPacketAt;
}

describe('how long a flow lasts', () => {
  it('ICMP echo: 30 s after the last packet, to the nanosecond', () => {
    const host = filtered(TRACKING);
    const seen = watch(host);
    const socket = host.kernel.sockets('a').icmp();
    host.at(SECOND, () => { socket.sendEcho(FAR, 1, new Uint8Array(8)); });
    host.run(100 * SECOND);
    expect(seen.map(({ what }) => what)).toEqual(['NEW', 'ESTABLISHED', 'expired']);
    expect(lasted(seen, seen[1]!.at)).toBe(30 * SECOND);
    expect(flowsOf(host)).toEqual([]);
  });

  it('UDP: 30 s, and 120 s for an answered one that is older than 2 s', () => {
    const host = filtered(TRACKING);
    const seen = watch(host);
    const [client, server] = [host.kernel.sockets('a').udp(), host.kernel.sockets('b').udp()];
    expect(server.bind(0, 7)).toBeUndefined();
    expect(client.bind(0, 4000)).toBeUndefined();
    host.at(SECOND, () => { client.sendTo(FAR, 7, Uint8Array.of(1)); });
    host.run(60 * SECOND);
    expect(seen.map(({ what }) => what)).toEqual(['NEW', 'expired']);
    expect(lasted(seen, seen[0]!.at)).toBe(30 * SECOND);
    seen.length = 0;
    host.at(60 * SECOND, () => { client.sendTo(FAR, 7, Uint8Array.of(1)); });
    host.at(61 * SECOND, () => { server.sendTo(A, 4000, Uint8Array.of(2)); });
    host.at(63 * SECOND, () => { client.sendTo(FAR, 7, Uint8Array.of(3)); });
    host.run(300 * SECOND);
    expect(seen.map(({ what }) => what)).toEqual(['NEW', 'ESTABLISHED', 'STREAM', 'expired']);
    expect(lasted(seen, seen[2]!.at)).toBe(120 * SECOND);
  });

  const { syn, ack, fin, rst } = TCP_FLAG;
  const there = (flags: number) => ['left', A, 4000, FAR, 80, flags] as const;
  const back = (flags: number) => ['right', FAR, 80, A, 4000, flags] as const;
  it.each([
    ['SYN_SENT', 120, [there(syn)]],
    ['SYN_RECV', 60, [there(syn), back(syn | ack)]],
    ['ESTABLISHED', 432_000, [there(syn), back(syn | ack), there(ack)]],
    ['FIN_WAIT', 120, [there(syn), back(syn | ack), there(ack), there(fin | ack)]],
    ['CLOSE_WAIT', 60, [there(syn), back(syn | ack), there(ack), there(fin | ack), back(ack)]],
    ['LAST_ACK', 30, [there(syn), back(syn | ack), there(ack), there(fin | ack), back(fin | ack)]],
    ['TIME_WAIT', 120, [there(syn), back(syn | ack), there(ack), there(fin | ack), back(fin | ack), there(ack)]],
    ['CLOSE', 10, [there(syn), back(syn | ack), there(ack), back(rst)]],
    ['ESTABLISHED', 432_000, [there(ack)]],
  ] as const)('TCP in %s: %i s', (state, seconds, segments) => {
    const host = filtered(TRACKING);
    deafEnds(host);
    const seen = watch(host);
    segments.forEach((segment, place) => host.at((1 + place) * SECOND, () => arrives(host, ...segment)));
    host.run(20 * SECOND);
    expect(seen.filter(({ what }) => what !== 'expired').at(-1)!.what).toBe(state);
    host.run(500_000 * SECOND);
    expect(seen.at(-1)!.what).toBe('expired');
    expect(lasted(seen, segments.length * SECOND)).toBe(seconds * SECOND);
  });

  it('a segment that begins no connection is INVALID', () => {
    const host = filtered('filter FORWARD -m conntrack --ctstate INVALID -j DROP');
    host.at(SECOND, () => arrives(host, ...back(rst)));
    host.run(2 * SECOND);
    expect(host.kernel.drops()).toContainEqual({ where: 'r', reason: 'filtered', count: 1 });
    expect(flowsOf(host)).toEqual([]);
  });
});

describe('flows as tables', () => {
  it('folding the events gives what the kernel has', () => {
    const host = filtered('nat POSTROUTING -o right -j MASQUERADE', 'filter FORWARD -j ACCEPT');
    const socket = host.kernel.sockets('a').icmp();
    const udp = host.kernel.sockets('a').udp();
    host.at(SECOND, () => { socket.sendEcho(FAR, 1, new Uint8Array(8)); });
    host.at(20 * SECOND, () => { udp.sendTo(FAR, 7, Uint8Array.of(1)); });
    host.run(40 * SECOND);
    expect(flowsOf(host)).toHaveLength(1);
    const folded = emptyKernelTables();
    foldCommits([commitOf(host)!], (event) => evolveKernel(folded, event as KernelEvent));
    expect(folded).toEqual(host.kernel.tables);
  });

  it('nf_conntrack_max: one flow more than there may be is refused', () => {
    const host = filtered(TRACKING);
    const { flows } = host.kernel.stack('r')!.filter!;
    const begin = (target: number): boolean => {
      const original = { protocol: 17, source: A, sourcePort: 1, target, targetPort: 7 };
      return flows.confirm(flows.begin(original, turned(original), 0)!);
    };
    let begun = 0;
    for (let place = 0; place < FLOWS_MAX; place++) if (begin(place)) begun++;
    expect(begun).toBe(FLOWS_MAX);
    expect(begin(FLOWS_MAX)).toBe(false);
    // Room again once they have ended, all at the same moment.
    host.run(31 * SECOND);
    expect(flowsOf(host)).toEqual([]);
    expect(begin(FLOWS_MAX)).toBe(true);
  });

  it('flows of an address end when it goes to somebody else', () => {
    const host = filtered(TRACKING);
    const socket = host.kernel.sockets('a').icmp();
    host.at(SECOND, () => { socket.sendEcho(FAR, 1, new Uint8Array(8)); });
    host.run(2 * SECOND);
    expect(flowsOf(host)).toHaveLength(1);
    host.kernel.forgetFlows('r', A);
    expect(flowsOf(host)).toEqual([]);
    host.run(60 * SECOND);
    expect(host.events.filter(({ type }) => type === 'FlowExpired')).toHaveLength(1);
  });
});
