import { MILLISECOND } from '@netreel/sim';
import { GossipBench } from '../../test/gossip-bench.js';
import { derivedRows } from '../tunnel/rows.js';
import { SYNC_EVERY_NS } from './gossip.js';
import { evolveGossip } from './evolve.js';
import { emptyGossipTables, isOn, liveEndpoints } from './tables.js';

const NETWORKS = ['n1', 'n2'];

/** Each host's own truth: which networks it is on, and with which endpoints. */
type Truth = Map<string, Set<string>>[];

/** Half a minute of joins, leaves, creates, renames and withdrawals at random, over a bad line. */
function churn(bench: GossipBench, count: number): Truth {
  const truth: Truth = Array.from({ length: count }, () => new Map<string, Set<string>>());
  const luck = bench.chance();
  let made = 0;
  for (let step = 0; step < 150; step++) {
    const node = luck.below(count);
    const network = NETWORKS[luck.below(NETWORKS.length)]!;
    const own = truth[node]!.get(network);
    const action = luck.below(10);
    if (own === undefined) {
      bench.join(node, network);
      truth[node]!.set(network, new Set());
    } else if (action === 0) {
      bench.gossip(node).leaveNetwork(network);
      truth[node]!.delete(network);
    } else if (action < 6) {
      const endpoint = `e${made++}`;
      bench.announce(node, endpoint, 100 + made, network);
      own.add(endpoint);
    } else if (own.size > 0) {
      const endpoint = [...own][luck.below(own.size)]!;
      if (action === 6) {
        bench.gossip(node).rename(network, endpoint, `${endpoint}x`, [`${endpoint}x`]);
      } else {
        bench.gossip(node).withdraw(network, endpoint);
        own.delete(endpoint);
      }
    }
    bench.run(luck.below(400) * MILLISECOND);
  }
  return truth;
}

describe.each([[3, 1], [4, 2], [5, 3], [5, 4], [5, 5], [4, 6]])('%i hosts over a bad line, seed %i', (count, seed) => {
  const bench = new GossipBench(count, seed);
  Object.assign(bench.line, { lostPercent: 20, repeatedPercent: 20, delayMaxMs: 5000 });
  const truth = churn(bench, count);
  Object.assign(bench.line, { lostPercent: 0, repeatedPercent: 0, delayMaxMs: 1 });
  bench.run(20 * SYNC_EVERY_NS);

  it('agree with each other and with the truth after some syncs', () => {
    for (const network of NETWORKS) {
      const everything = truth.flatMap((networks) => [...(networks.get(network) ?? [])]).sort();
      truth.forEach((networks, node) => {
        const { tables } = bench.hosts[node]!;
        expect(isOn(tables, network, node)).toBe(networks.has(network));
        if (!networks.has(network)) return;
        expect(liveEndpoints(tables, network).map((row) => row.endpoint).sort()).toEqual(everything);
        const first = truth.findIndex((other) => other.has(network));
        expect(liveEndpoints(tables, network)).toEqual(liveEndpoints(bench.hosts[first]!.tables, network));
      });
    }
  });

  it('derive tunnel rows that lead to the endpoints\' hosts', () => {
    for (const network of NETWORKS) {
      truth.forEach((networks, node) => {
        const rows = derivedRows(bench.hosts[node]!.tables, network, node);
        const elsewhere = networks.has(network)
          ? truth.flatMap((other, host) => (host === node ? [] : [...(other.get(network) ?? [])])) : [];
        expect(rows.neighbours).toHaveLength(elsewhere.length);
        expect(rows.forwarding).toHaveLength(elsewhere.length);
      });
    }
  });

  it('fold to what they were live', () => {
    for (const { tables, events } of bench.hosts) {
      const folded = emptyGossipTables();
      for (const event of events) evolveGossip(folded, structuredClone(event));
      expect(folded).toEqual(tables);
    }
  });

  it('leave the same history in a second run', () => {
    const again = new GossipBench(count, seed);
    Object.assign(again.line, { lostPercent: 20, repeatedPercent: 20, delayMaxMs: 5000 });
    churn(again, count);
    for (let node = 0; node < count; node++) {
      const { events } = again.hosts[node]!;
      expect(bench.hosts[node]!.events.slice(0, events.length)).toEqual(events);
    }
  });
});
