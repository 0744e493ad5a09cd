import { MILLISECOND, NEVER, SECOND } from '@netreel/sim';
import { BROADCAST_MAC } from '@netreel/wire';
import {
  type KernelUnderTest, attach, done, dropsOf, ethernetFrame, kernelUnderTest, linkOf, transmit, watchFrames,
} from '../testing.js';
import type { LinkRow } from '../tables.js';
import { FDB_AGEING_NS } from './bridge.js';
import { VETH_DELAY_NS } from './veth.js';

const STRANGER = 0x0200_0000_9999;

describe('a bridge', () => {
  let host: KernelUnderTest;
  let bridge: LinkRow;
  const own: Record<string, LinkRow> = {};
  const port: Record<string, LinkRow> = {};

  beforeEach(() => {
    host = kernelUnderTest();
    const { kernel } = host;
    done(kernel.addNetns('host'));
    bridge = done(kernel.addBridge({ netns: 'host', name: 'br0' }));
    done(kernel.setUp(bridge));
    ['a', 'b', 'c'].forEach((name, index) => {
      own[name] = attach(kernel, 'host', 'br0', name, 0x0a00_0002 + index, 24);
      port[name] = linkOf(kernel, 'host', `veth-${name}`);
    });
    host.run(SECOND);
    host.events.length = 0;
  });

  const send = (name: string, target: number, source = own[name]!.mac, payloadBytes = 46): void => {
    transmit(host.kernel, own[name]!, ethernetFrame(host.kernel, target, source, payloadBytes));
  };
  const arrivals = (seen: readonly string[]): string[] => seen.filter((line) => /^in [abc]\//.test(line))
    .map((line) => line.slice(3, 4));
  const runFor = (ns: number): void => host.run(host.machine.now() + ns);

  it('is as wide as its narrowest port, until its width is chosen', () => {
    const { kernel } = host;
    done(kernel.setMtu(port['a']!, 1400));
    expect(bridge.mtu).toBe(1400);
    done(kernel.noMaster(port['a']!));
    expect(bridge.mtu).toBe(1500);
    done(kernel.setMtu(bridge, 1450));
    done(kernel.setMaster(port['a']!, bridge));
    expect(bridge.mtu).toBe(1450);
  });

  it('floods what it does not know to all other ports, never back', () => {
    const seen = watchFrames(host.kernel);
    send('a', STRANGER);
    runFor(MILLISECOND);
    expect(arrivals(seen)).toEqual(['b', 'c']);
    expect(host.kernel.pool.taken).toBe(0);
  });

  it('floods a broadcast to all other ports and to its own stack', () => {
    const seen = watchFrames(host.kernel);
    send('a', BROADCAST_MAC);
    runFor(MILLISECOND);
    expect(arrivals(seen)).toEqual(['b', 'c']);
    expect(seen.filter((line) => line.startsWith('in host/br0'))).toHaveLength(1);
    expect(host.kernel.pool.taken).toBe(0);
  });

  it('learns the port of a source once, and then sends there alone', () => {
    send('b', STRANGER);
    send('b', STRANGER);
    runFor(MILLISECOND);
    expect(host.events).toEqual([{ type: 'FdbLearned', bridge: bridge.index, mac: own['b']!.mac,
      port: port['b']!.index }]);
    expect(bridge.fdb.get(own['b']!.mac)).toBe(port['b']!.index);
    const seen = watchFrames(host.kernel);
    send('a', own['b']!.mac);
    runFor(MILLISECOND);
    expect(arrivals(seen)).toEqual(['b']);
  });

  it('notices that a source moved, and follows it', () => {
    send('a', BROADCAST_MAC, STRANGER);
    runFor(MILLISECOND);
    send('b', BROADCAST_MAC, STRANGER);
    runFor(MILLISECOND);
    expect(host.events).toEqual([
      { type: 'FdbLearned', bridge: bridge.index, mac: STRANGER, port: port['a']!.index },
      { type: 'FdbMoved', bridge: bridge.index, mac: STRANGER, port: port['b']!.index },
    ]);
    send('a', BROADCAST_MAC, STRANGER);
    runFor(MILLISECOND);
    expect(bridge.fdb.get(STRANGER)).toBe(port['a']!.index);
  });

  it('forgets a source exactly 300 s after it was last seen', () => {
    const learnedAt = host.machine.now() + VETH_DELAY_NS;
    send('a', BROADCAST_MAC, STRANGER);
    host.at(learnedAt + 100 * SECOND - VETH_DELAY_NS, () => send('a', BROADCAST_MAC, STRANGER));
    host.run(learnedAt + 100 * SECOND + FDB_AGEING_NS);
    expect(bridge.fdb.has(STRANGER)).toBe(true);
    host.run(learnedAt + 100 * SECOND + FDB_AGEING_NS + 1);
    expect(bridge.fdb.has(STRANGER)).toBe(false);
    expect(host.events.at(-1)).toEqual({ type: 'FdbAged', bridge: bridge.index, mac: STRANGER });
  });

  it('ages each source by its own time', () => {
    send('a', BROADCAST_MAC, STRANGER);
    host.at(host.machine.now() + 50 * SECOND, () => send('b', BROADCAST_MAC, STRANGER + 1));
    host.run(320 * SECOND);
    expect([...bridge.fdb.keys()]).toEqual([STRANGER + 1]);
    host.run(360 * SECOND);
    expect(bridge.fdb.size).toBe(0);
  });

  it('learns again what it had forgotten', () => {
    send('a', BROADCAST_MAC, STRANGER);
    runFor(400 * SECOND);
    send('a', BROADCAST_MAC, STRANGER);
    runFor(MILLISECOND);
    expect(bridge.fdb.get(STRANGER)).toBe(port['a']!.index);
  });

  it('delivers what is for its own address to its own stack only', () => {
    const seen = watchFrames(host.kernel);
    send('a', bridge.mac);
    runFor(MILLISECOND);
    expect(arrivals(seen)).toEqual([]);
    expect(seen.filter((line) => line.startsWith('in host/br0'))).toHaveLength(1);
  });

  it('sends for its own stack by what it learned', () => {
    send('c', BROADCAST_MAC);
    runFor(MILLISECOND);
    const seen = watchFrames(host.kernel);
    transmit(host.kernel, bridge, ethernetFrame(host.kernel, own['c']!.mac, bridge.mac));
    runFor(MILLISECOND);
    expect(arrivals(seen)).toEqual(['c']);
  });

  it('forgets the sources behind a port that loses its carrier, and behind one that leaves', () => {
    send('a', BROADCAST_MAC);
    send('b', BROADCAST_MAC);
    runFor(MILLISECOND);
    done(host.kernel.setDown(own['a']!));
    expect([...bridge.fdb.keys()]).toEqual([own['b']!.mac]);
    done(host.kernel.noMaster(port['b']!));
    expect(bridge.fdb.size).toBe(0);
    expect(host.kernel.pool.taken).toBe(0);
  });

  it('forgets all when it goes down, and leaves no timer behind when it is deleted', () => {
    send('a', BROADCAST_MAC, STRANGER);
    runFor(MILLISECOND);
    done(host.kernel.setDown(bridge));
    expect(bridge.fdb.size).toBe(0);
    for (const name of ['a', 'b', 'c']) done(host.kernel.deleteNetns(name));
    done(host.kernel.deleteLink(bridge));
    expect(host.machine.nextAt()).toBe(NEVER);
  });

  it('counts what it does not forward under its reason', () => {
    send('a', BROADCAST_MAC, STRANGER);
    runFor(MILLISECOND);
    send('a', STRANGER);
    send('a', BROADCAST_MAC, 0x0300_0000_0001);
    runFor(MILLISECOND);
    done(host.kernel.noMaster(port['b']!));
    done(host.kernel.noMaster(port['c']!));
    send('a', STRANGER + 1);
    runFor(MILLISECOND);
    const expected = ['host/br0 bad-ethernet 1', 'host/br0 flood-empty 1', 'host/br0 not-for-us 1'];
    expect(dropsOf(host.kernel)).toEqual(expect.arrayContaining(expected));
    done(host.kernel.setDown(bridge));
    send('a', STRANGER);
    runFor(MILLISECOND);
    expect(dropsOf(host.kernel)).toContain('host/br0 link-down 1');
    expect(host.kernel.pool.taken).toBe(0);
  });

  it('does not learn its own address from a port', () => {
    send('a', BROADCAST_MAC, bridge.mac);
    runFor(MILLISECOND);
    expect(bridge.fdb.size).toBe(0);
  });

  it('lets the link-local group addresses of 802.1D clause 7.12.6 not pass', () => {
    const seen = watchFrames(host.kernel);
    send('a', 0x0180_c200_0000);
    send('a', 0x0180_c200_0010);
    runFor(MILLISECOND);
    expect(arrivals(seen)).toEqual(['b', 'c']);
  });

  it('does not pass on what is larger than the MTU of the port', () => {
    send('b', BROADCAST_MAC);
    runFor(MILLISECOND);
    done(host.kernel.setMtu(port['b']!, 1400));
    send('a', own['b']!.mac, own['a']!.mac, 1401);
    runFor(MILLISECOND);
    expect(dropsOf(host.kernel)).toContain('host/veth-b mtu-exceeded 1');
  });
});
