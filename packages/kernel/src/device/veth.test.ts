import { SECOND } from '@netreel/sim';
import {
  type KernelUnderTest, done, dropsOf, ethernetFrame, kernelUnderTest, transmit, watchFrames,
} from '../testing.js';
import type { LinkRow } from '../tables.js';
import { VETH_DELAY_NS } from './veth.js';

describe('a veth pair', () => {
  let host: KernelUnderTest;
  let left: LinkRow;
  let right: LinkRow;

  beforeEach(() => {
    host = kernelUnderTest();
    done(host.kernel.addNetns('one'));
    done(host.kernel.addNetns('two'));
    left = done(host.kernel.addVeth({ netns: 'one', name: 'left' }, { netns: 'two', name: 'right' }));
    right = host.kernel.tables.links.get(left.peer)!;
  });

  const bothUp = (): void => {
    done(host.kernel.setUp(left));
    done(host.kernel.setUp(right));
  };
  const carriers = (): [boolean, boolean] => [left.carrier, right.carrier];

  it('names each end as the other\'s peer, with addresses of their own', () => {
    expect(right.peer).toBe(left.index);
    expect(left.mac).not.toBe(right.mac);
    // Locally administered, not a group (IEEE 802 clause 8.2.2).
    for (const { mac } of [left, right]) expect(Math.floor(mac / 2 ** 40) & 3).toBe(2);
  });

  it('has carrier while both ends are up', () => {
    expect(carriers()).toEqual([false, false]);
    done(host.kernel.setUp(left));
    expect(carriers()).toEqual([false, false]);
    done(host.kernel.setUp(right));
    expect(carriers()).toEqual([true, true]);
    done(host.kernel.setDown(left));
    expect(carriers()).toEqual([false, false]);
    done(host.kernel.setUp(left));
    expect(carriers()).toEqual([true, true]);
    done(host.kernel.setDown(right));
    expect(carriers()).toEqual([false, false]);
  });

  it('brings a frame to the other end after its delay, in both directions', () => {
    bothUp();
    const seen = watchFrames(host.kernel);
    transmit(host.kernel, left, ethernetFrame(host.kernel, right.mac, left.mac));
    host.run(VETH_DELAY_NS);
    expect(seen).toHaveLength(1);
    host.run(VETH_DELAY_NS + 1);
    transmit(host.kernel, right, ethernetFrame(host.kernel, left.mac, right.mac));
    host.run(SECOND);
    expect(seen.map((line) => line.slice(0, 9))).toEqual(['out one/l', 'in two/ri', 'out two/r', 'in one/le']);
    expect(host.kernel.counters(right)).toMatchObject({ rxPackets: 1, rxBytes: 60, txPackets: 1, txBytes: 60 });
  });

  it('counts what finds no way under its reason', () => {
    transmit(host.kernel, left, ethernetFrame(host.kernel, right.mac, left.mac));
    done(host.kernel.setUp(left));
    transmit(host.kernel, left, ethernetFrame(host.kernel, right.mac, left.mac));
    done(host.kernel.setUp(right));
    transmit(host.kernel, left, ethernetFrame(host.kernel, right.mac, left.mac, 1501));
    transmit(host.kernel, left, ethernetFrame(host.kernel, right.mac + 1, left.mac));
    host.run(SECOND);
    expect(dropsOf(host.kernel)).toEqual([
      'one/left link-down 1', 'one/left mtu-exceeded 1', 'one/left no-carrier 1', 'two/right not-for-us 1']);
    expect(host.kernel.counters(left)).toMatchObject({ txDropped: 3, txPackets: 1 });
    expect(host.kernel.pool.taken).toBe(0);
  });

  it('takes a payload of exactly its MTU', () => {
    bothUp();
    transmit(host.kernel, left, ethernetFrame(host.kernel, right.mac, left.mac, 1500));
    host.run(SECOND);
    expect(host.kernel.counters(right)).toMatchObject({ rxPackets: 1, rxBytes: 1514 });
  });

  it('loses what is on its way when the other end goes down, or away', () => {
    bothUp();
    transmit(host.kernel, left, ethernetFrame(host.kernel, right.mac, left.mac));
    done(host.kernel.setDown(right));
    host.run(SECOND);
    done(host.kernel.setUp(right));
    transmit(host.kernel, left, ethernetFrame(host.kernel, right.mac, left.mac));
    done(host.kernel.deleteLink(right));
    host.run(2 * SECOND);
    expect(dropsOf(host.kernel)).toEqual(['two/right device-gone 1', 'two/right link-down 1']);
    expect(host.kernel.pool.taken).toBe(0);
  });

  it('goes as a whole', () => {
    bothUp();
    done(host.kernel.deleteLink(left));
    expect(host.kernel.linkByName('two', 'right')).toBeUndefined();
    expect(host.events.filter((event) => event.type === 'LinkDeleted')).toHaveLength(2);
  });
});
