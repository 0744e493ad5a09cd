import { MILLISECOND } from '@netreel/sim';
import { RandomStream } from '@netreel/sim';
import { RaftBench } from '../../test/raft-bench.js';
import { lastIndex, votersOf } from './tables.js';

const isolating = (...nodes: readonly number[]) => (a: number, b: number): boolean =>
  nodes.includes(a) !== nodes.includes(b);

describe('a manager alone', () => {
  it('leads at once and settles what it is given without a message or a timer', () => {
    const bench = new RaftBench(1);
    expect(bench.leader()).toBe(0);
    expect(bench.propose(0, 'a')).toBe(true);
    expect(bench.members[0]!.applied).toEqual(['a']);
  });

  it('keeps its log short', () => {
    const bench = new RaftBench(1);
    for (let change = 0; change < 1000; change++) bench.propose(0, change);
    expect(bench.members[0]!.applied).toHaveLength(1000);
    expect(bench.members[0]!.tables.entries.length).toBeLessThan(256);
    expect(lastIndex(bench.members[0]!.tables)).toBe(1001);
  });
});

describe('replication', () => {
  it('settles a change once a majority has it, and every member applies it', () => {
    const bench = new RaftBench(3);
    bench.propose(0, 'a');
    expect(bench.members[0]!.applied).toEqual([]);
    bench.run(10 * MILLISECOND);
    expect(bench.members[0]!.applied).toEqual(['a']);
    bench.seconds(2);
    expect(bench.members.map(({ applied }) => applied)).toEqual([['a'], ['a'], ['a']]);
  });

  it('is refused by a member that does not lead', () => {
    expect(new RaftBench(3).propose(1, 'a')).toBe(false);
  });

  it('brings a member that was away up to date, also where the log does not reach back', () => {
    const bench = new RaftBench(3);
    bench.cut = isolating(2);
    for (let change = 0; change < 12_000; change++) {
      bench.propose(0, change);
      if (change % 200 === 0) bench.run(5 * MILLISECOND);
    }
    bench.seconds(1);
    expect(bench.members[0]!.tables.base).toBeGreaterThanOrEqual(10_000);
    bench.cut = () => false;
    bench.seconds(40);
    expect(bench.members[2]!.applied).toHaveLength(12_000);
    expect(bench.members[2]!.applied).toEqual(bench.members[0]!.applied);
  });

  it('takes a change back that no majority had, for the one that the new leader settled', () => {
    const bench = new RaftBench(3);
    bench.seconds(1);
    bench.cut = isolating(0);
    bench.propose(0, 'lost');
    bench.seconds(30);
    const next = bench.leader()!;
    expect(next).not.toBe(0);
    bench.propose(next, 'kept');
    bench.seconds(2);
    bench.cut = () => false;
    bench.seconds(5);
    expect(bench.members.map(({ applied }) => applied)).toEqual([['kept'], ['kept'], ['kept']]);
  });
});

describe('election', () => {
  it('chooses another leader 10 to 20 s after the leader fell silent', () => {
    const bench = new RaftBench(3);
    bench.seconds(5);
    bench.crash(0);
    bench.seconds(9);
    expect(bench.leader()).toBeUndefined();
    bench.seconds(12);
    expect([1, 2]).toContain(bench.leader());
  });

  it('ends the lead of one that hears no majority any more', () => {
    const bench = new RaftBench(3);
    bench.seconds(5);
    bench.cut = isolating(0);
    bench.seconds(12);
    expect(bench.members[0]!.raft.isLeader).toBe(false);
    expect(bench.members[0]!.tables.leader).toBe(-1);
  });

  it('has no leader with two of three gone, and one again when one is back', () => {
    const bench = new RaftBench(3);
    bench.seconds(5);
    bench.crash(1);
    bench.crash(2);
    bench.seconds(60);
    expect(bench.leader()).toBeUndefined();
    expect(bench.propose(0, 'a')).toBe(false);
    bench.restart(2);
    bench.seconds(60);
    expect(bench.leader()).toBeDefined();
  });

  it('is not disturbed by a member that missed the leader for a while', () => {
    const bench = new RaftBench(5);
    bench.seconds(5);
    // One that hears nobody but is heard: it stands again and again, and nobody helps it.
    bench.cut = (source, target) => target === 4 && source !== 4;
    bench.seconds(120);
    expect(bench.leader()).toBe(0);
  });

  it('hands over to a member that it names, at once', () => {
    const bench = new RaftBench(3);
    bench.seconds(5);
    bench.members[0]!.raft.handOver(2);
    bench.run(20 * MILLISECOND);
    expect(bench.leader()).toBe(2);
  });

  it('keeps term, vote and log over a restart', () => {
    const bench = new RaftBench(3);
    bench.propose(0, 'a');
    bench.seconds(2);
    for (const node of [0, 1, 2]) bench.crash(node);
    for (const node of [0, 1, 2]) bench.restart(node);
    bench.seconds(60);
    bench.propose(bench.leader()!, 'b');
    bench.seconds(2);
    expect(bench.members.map(({ applied }) => applied)).toEqual([['a', 'b'], ['a', 'b'], ['a', 'b']]);
  });
});

describe('members', () => {
  it('change one at a time: a second change waits for the first', () => {
    const bench = new RaftBench(3);
    const { raft, tables } = bench.members[0]!;
    expect(raft.reform([0, 1])).toBe(true);
    expect(raft.reform([0])).toBe(false);
    bench.seconds(1);
    expect(raft.reform([0])).toBe(true);
    bench.seconds(1);
    expect(votersOf(tables)).toEqual([0]);
    bench.propose(0, 'alone');
    expect(bench.members[0]!.applied).toEqual(['alone']);
  });

  it('lead no more once they are none', () => {
    const bench = new RaftBench(3);
    bench.members[0]!.raft.reform([1, 2]);
    bench.seconds(1);
    expect(bench.members[0]!.raft.isLeader).toBe(false);
    bench.seconds(40);
    expect([1, 2]).toContain(bench.leader());
  });
});

describe('under a bad line, crashes and cuts', () => {
  const seeds = Array.from({ length: 40 }, (_, seed) => seed + 1);

  it.each(seeds)('seed %i: one leader a term, one order of changes', (seed) => {
    const bench = new RaftBench(5, seed);
    const luck = new RandomStream(seed, 'chaos');
    Object.assign(bench, { lostPercent: 10, repeatedPercent: 10, delayMaxMs: 400 });
    let proposed = 0;
    for (let round = 0; round < 60; round++) {
      const victim = luck.below(5);
      const member = bench.members[victim]!;
      if (!member.up) bench.restart(victim);
      else if (luck.below(4) === 0) bench.crash(victim);
      const lonely = luck.below(5);
      bench.cut = luck.below(3) === 0 ? isolating(lonely, luck.below(5)) : (): boolean => false;
      bench.seconds(1 + luck.below(15));
      bench.members.forEach((each, node) => { if (each.up && bench.propose(node, proposed)) proposed++; });
    }
    bench.members.forEach((member, node) => { if (!member.up) bench.restart(node); });
    Object.assign(bench, { lostPercent: 0, repeatedPercent: 0, cut: () => false });
    bench.seconds(120);
    for (const [, nodes] of bench.leaders) expect(nodes.size).toBe(1);
    expect(bench.leader()).toBeDefined();
    const [first, ...others] = bench.members.map(({ applied }) => applied);
    for (const other of others) expect(other).toEqual(first);
    expect(new Set(first).size).toBe(first!.length);
    expect(first!.length).toBeGreaterThan(0);
  });
});
