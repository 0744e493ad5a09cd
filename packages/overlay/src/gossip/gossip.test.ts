import { MILLISECOND, NEVER, SECOND } from '@netreel/sim';
import { GossipBench, vtepOf } from '../../test/gossip-bench.js';
import { SYNC_EVERY_NS } from './gossip.js';
import { TOMBSTONE_LIFE_NS } from './transit.js';

const seen = (bench: GossipBench, node: number, network = 'ov'): string[] =>
  bench.gossip(node).endpointsOf(network).map((row) => row.endpoint);

const members = (bench: GossipBench, node: number, network = 'ov'): number[] =>
  bench.gossip(node).peersOf(network).map((peer) => peer.node);

/** Two hosts on one network, an endpoint on each. */
function pair(): GossipBench {
  const bench = new GossipBench(3);
  bench.join(0);
  bench.announce(0, 'a', 10);
  bench.run(SECOND);
  bench.join(1);
  bench.announce(1, 'b', 11);
  bench.run(SECOND);
  return bench;
}

describe('who is told what', () => {
  it('brings two hosts of one network together at once', () => {
    const bench = pair();
    expect([seen(bench, 0), seen(bench, 1)]).toEqual([['b'], ['a']]);
    expect([members(bench, 0), members(bench, 1)]).toEqual([[0, 1], [0, 1]]);
    expect(bench.gossip(0).endpointsOf('ov')[0]).toMatchObject({ node: 1, name: 'b', names: ['b'], address: 11,
      vtep: vtepOf(1) });
  });

  it('tells all hosts who is on a network, but only those on it about endpoints', () => {
    const bench = pair();
    expect(members(bench, 2)).toEqual([0, 1]);
    const kinds = bench.sent.filter(({ target }) => target === 2).map(({ message }) => message.type);
    expect(new Set(kinds)).toEqual(new Set(['NetworkJoinSent']));
    expect(bench.hosts[2]!.tables.networks.get('ov')!.endpoints.size).toBe(0);
  });

  it('says nothing to the coordinator and the router', () => {
    const bench = pair();
    bench.run(100 * SECOND);
    expect(bench.sent.every(({ target }) => target < 3)).toBe(true);
  });

  it('passes a rename and a withdrawal on', () => {
    const bench = pair();
    bench.gossip(1).rename('ov', 'b', 'bee', ['bee', 'buzz']);
    bench.run(SECOND);
    expect(bench.gossip(0).endpointsOf('ov')[0]).toMatchObject({ name: 'bee', names: ['bee', 'buzz'], address: 11 });
    bench.gossip(1).withdraw('ov', 'b');
    bench.run(SECOND);
    expect(seen(bench, 0)).toEqual([]);
  });

  it('leaves others\' endpoints alone', () => {
    const bench = pair();
    bench.gossip(0).withdraw('ov', 'b');
    bench.gossip(0).rename('ov', 'b', 'x', ['x']);
    bench.run(SECOND);
    expect(bench.gossip(0).endpointsOf('ov').map((row) => row.name)).toEqual(['b']);
  });

  it('forgets a host\'s endpoints when it leaves, and the leaver forgets all', () => {
    const bench = pair();
    bench.gossip(1).leaveNetwork('ov');
    bench.run(SECOND);
    expect([seen(bench, 0), members(bench, 0), members(bench, 2)]).toEqual([[], [0], [0]]);
    expect(bench.hosts[1]!.tables.networks.get('ov')!.endpoints.size).toBe(0);
  });

  it('keeps networks apart', () => {
    const bench = pair();
    bench.join(2, 'other');
    bench.announce(2, 'c', 12, 'other');
    bench.run(SECOND);
    expect([seen(bench, 0), seen(bench, 0, 'other')]).toEqual([['b'], []]);
  });
});

describe('messages out of order', () => {
  it('a late old row does not revive a withdrawn endpoint', () => {
    const bench = pair();
    const old = bench.sent.find(({ message }) => message.type === 'EndpointSent' && message.endpoint === 'b')!.message;
    bench.gossip(1).withdraw('ov', 'b');
    bench.run(SECOND);
    bench.deliver(1, 0, old);
    bench.run(2 * SYNC_EVERY_NS);
    expect(seen(bench, 0)).toEqual([]);
  });

  it('a withdrawal that overtakes its row leaves a tombstone', () => {
    const bench = pair();
    bench.deliver(1, 0, { type: 'EndpointWithdrawn', network: 'ov', endpoint: 'c', lamport: 91 });
    bench.deliver(1, 0, { type: 'EndpointSent', network: 'ov', endpoint: 'c', name: 'c', names: [], address: 1, mac: 1,
      vtep: 1,
      lamport: 90 }, MILLISECOND);
    bench.run(SECOND);
    expect(seen(bench, 0)).toEqual(['b']);
  });

  it('leave, join and create delivered as create, join, leave end with the endpoint alive', () => {
    const bench = pair();
    const before = bench.sent.length;
    bench.line.cut = () => true;
    bench.gossip(1).leaveNetwork('ov');
    bench.join(1);
    bench.announce(1, 'b', 11);
    bench.line.cut = () => false;
    const [leave, join, create] = bench.sent.slice(before).filter(({ target }) => target === 0).map(({ message }) =>
      message);
    expect([leave!.type, join!.type, create!.type]).toEqual(['NetworkLeaveSent', 'NetworkJoinSent', 'EndpointSent']);
    bench.deliver(1, 0, create!);
    bench.deliver(1, 0, join!, MILLISECOND);
    bench.deliver(1, 0, leave!, 2 * MILLISECOND);
    bench.run(10 * MILLISECOND);
    expect(seen(bench, 0)).toEqual(['b']);
  });

  it('a row that comes before its host\'s membership counts as soon as that is known', () => {
    const bench = new GossipBench(2);
    bench.join(0);
    bench.run(SECOND);
    bench.line.cut = (_source, _target, message) => message.type === 'NetworkJoinSent';
    bench.join(1);
    bench.announce(1, 'b', 11);
    bench.run(SECOND);
    expect([seen(bench, 0), members(bench, 0)]).toEqual([['b'], [0, 1]]);
  });

  it('two hosts that write one row at one Lamport time end with the same one', () => {
    const bench = pair();
    // Both clocks are level, so both rows get one time.
    expect(bench.hosts[0]!.tables.clock).toBe(bench.hosts[1]!.tables.clock);
    bench.announce(0, 'both', 20);
    bench.announce(1, 'both', 21);
    bench.run(SECOND);
    const rows = [0, 1].map((node) => bench.hosts[node]!.tables.networks.get('ov')!.endpoints.get('both'));
    expect(rows[0]).toEqual(rows[1]);
    expect(rows[0]!.node).toBe(1);
  });
});

describe('repair', () => {
  it('brings a lost row with the next sync', () => {
    const bench = pair();
    bench.line.cut = (_source, _target, message) => message.type === 'EndpointSent';
    bench.announce(1, 'lost', 12);
    bench.run(SECOND);
    expect(seen(bench, 0)).toEqual(['b']);
    bench.run(SYNC_EVERY_NS);
    expect(seen(bench, 0)).toEqual(['b', 'lost']);
  });

  it('lets two hosts find each other that both missed the other\'s join', () => {
    const bench = new GossipBench(2);
    bench.line.cut = () => true;
    bench.join(0);
    bench.announce(0, 'a', 10);
    bench.join(1);
    bench.announce(1, 'b', 11);
    bench.run(10 * SECOND);
    bench.line.cut = () => false;
    bench.run(SYNC_EVERY_NS);
    expect([seen(bench, 0), seen(bench, 1)]).toEqual([['b'], ['a']]);
  });

  it('makes up for a lost leave: a host says no to what is not its network', () => {
    const bench = pair();
    bench.line.cut = (_source, _target, message) => message.type === 'NetworkLeaveSent';
    bench.gossip(1).leaveNetwork('ov');
    bench.run(SECOND);
    expect(members(bench, 0)).toEqual([0, 1]);
    bench.line.cut = () => false;
    bench.run(SYNC_EVERY_NS);
    expect([members(bench, 0), seen(bench, 0)]).toEqual([[0], []]);
  });

  it('answers one that takes it for a member at once', () => {
    const bench = pair();
    bench.line.cut = (_source, _target, message) => message.type === 'NetworkLeaveSent';
    bench.gossip(1).leaveNetwork('ov');
    bench.line.cut = () => false;
    bench.announce(0, 'more', 13);
    bench.run(10 * MILLISECOND);
    expect(members(bench, 0)).toEqual([0]);
  });

  it('asks for one sync, not for one a row, when rows come before their host\'s membership', () => {
    const bench = new GossipBench(2);
    bench.join(0);
    bench.run(SECOND);
    bench.line.cut = (_source, _target, message) => message.type === 'NetworkJoinSent';
    bench.join(1);
    for (let number = 0; number < 20; number++) bench.announce(1, `b${number}`, 20 + number);
    bench.run(10 * MILLISECOND);
    expect(bench.sent.filter(({ message }) => message.type === 'BulkSyncAsked')).toHaveLength(1);
    expect(seen(bench, 0)).toHaveLength(20);
  });

  it('tells who asks all memberships it knows of, its own or not', () => {
    const bench = new GossipBench(3);
    bench.line.cut = (source, target) => source === 1 && target === 0;
    bench.join(1);
    bench.run(SECOND);
    expect(members(bench, 0)).toEqual([]);
    bench.deliver(0, 2, { type: 'MembershipAsked', peers: [] });
    bench.run(10 * MILLISECOND);
    expect(members(bench, 0)).toEqual([1]);
  });

  it('contradicts what is told of an earlier life, but not that it left', () => {
    const bench = pair();
    bench.restart(1);
    bench.restart(2);
    const told = (joined: boolean, node: number) => ({ type: 'MembershipAsked', peers: [{ network: 'ov', node,
      address: 1,
      lamport: 40, joined, ageNs: 0 }] }) as const;
    bench.deliver(0, 1, told(true, 1));
    bench.deliver(0, 2, told(false, 2));
    bench.run(10 * MILLISECOND);
    expect(members(bench, 0)).toEqual([0]);
    expect(bench.hosts[1]!.events).toMatchObject([{ type: 'NetworkPeerLeft', node: 1 }]);
    expect(bench.hosts[2]!.events.filter((event) => event.type === 'NetworkPeerLeft' && event.node === 2)).toEqual([]);
  });

  it('passes tombstones on at their age', () => {
    const bench = pair();
    const forgottenAt = bench.now;
    bench.gossip(1).withdraw('ov', 'b');
    bench.run(TOMBSTONE_LIFE_NS / 2);
    bench.join(2);
    bench.run(SECOND);
    const row = bench.hosts[2]!.tables.networks.get('ov')!.endpoints.get('b')!;
    expect(row.forgotten).toBe(true);
    expect(row.forgottenAt - forgottenAt).toBeLessThan(SECOND);
  });

  it('a host that restarted without memory is heard, and its former endpoints end', () => {
    const bench = pair();
    bench.restart(1);
    bench.run(SECOND);
    bench.join(1);
    bench.announce(1, 'new', 30);
    bench.run(SECOND);
    expect([seen(bench, 0), seen(bench, 1)]).toEqual([['new'], ['a']]);
  });

  it('a host that restarted and joins nothing tells so when it is taken for a member', () => {
    const bench = pair();
    bench.restart(1);
    bench.run(2 * SYNC_EVERY_NS);
    expect([members(bench, 0), members(bench, 2)]).toEqual([[0], [0]]);
  });

  it('a row that nobody withdrew is contradicted by its own host', () => {
    const bench = pair();
    bench.line.cut = (_source, _target, message) => message.type === 'EndpointWithdrawn';
    bench.gossip(1).withdraw('ov', 'b');
    // The owner's tombstone goes before the two talk again.
    bench.line.cut = () => true;
    bench.run(TOMBSTONE_LIFE_NS + 2 * SYNC_EVERY_NS);
    expect(bench.hosts[1]!.tables.networks.get('ov')!.endpoints.has('b')).toBe(false);
    expect(seen(bench, 0)).toEqual(['b']);
    bench.line.cut = () => false;
    bench.run(2 * SYNC_EVERY_NS);
    expect([seen(bench, 0), seen(bench, 1)]).toEqual([[], ['a']]);
  });

  it('a host whose membership others have ended joins again with all its endpoints', () => {
    const bench = pair();
    bench.deliver(1, 0, { type: 'NetworkLeaveSent', network: 'ov', lamport: 500 });
    bench.run(SECOND);
    expect(members(bench, 0)).toEqual([0]);
    bench.run(2 * SYNC_EVERY_NS);
    expect([members(bench, 0), seen(bench, 0)]).toEqual([[0, 1], ['b']]);
  });

  it('reaps tombstones when their time is over, on every host and for good', () => {
    const bench = pair();
    bench.gossip(1).withdraw('ov', 'b');
    bench.join(2);
    bench.run(SECOND);
    bench.gossip(2).leaveNetwork('ov');
    bench.run(TOMBSTONE_LIFE_NS - SYNC_EVERY_NS);
    const rowOf = (node: number) => bench.hosts[node]!.tables.networks.get('ov')!;
    expect([0, 1].map((node) => [rowOf(node).endpoints.get('b')?.forgotten, rowOf(node).peers.get(2)?.joined]))
      .toEqual([[true, false], [true, false]]);
    bench.run(4 * SYNC_EVERY_NS);
    expect([0, 1].map((node) => [rowOf(node).endpoints.has('b'), rowOf(node).peers.has(2)])).toEqual([[false, false],
      [false, false]]);
    const before = bench.hosts[0]!.events.length;
    bench.run(2 * TOMBSTONE_LIFE_NS);
    expect(bench.hosts[0]!.events.slice(before)).toEqual([]);
  });

  it('an idle lab has no timers', () => {
    const bench = pair();
    bench.gossip(0).leaveNetwork('ov');
    bench.gossip(1).leaveNetwork('ov');
    bench.run(SECOND);
    expect(bench.nextAt()).toBe(NEVER);
    const alone = new GossipBench(1);
    alone.join(0);
    expect(alone.nextAt()).toBe(NEVER);
  });
});
