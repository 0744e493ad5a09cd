import { SECOND } from '@netreel/sim';
import { type KernelUnderTest, attach, done, dropsOf, kernelUnderTest, linkOf } from './testing.js';
import type { LinkRow } from './tables.js';

const TEN = 0x0a00_0000;
const EXISTS = { refused: 'RTNETLINK answers: File exists' };

describe('ip netns', () => {
  it('refuses a name twice, and to delete what is not there', () => {
    const { kernel } = kernelUnderTest();
    done(kernel.addNetns('one'));
    expect(kernel.addNetns('one')).toEqual(
      { refused: 'Cannot create namespace file "/var/run/netns/one": File exists' });
    expect(kernel.deleteNetns('two')).toEqual(
      { refused: 'Cannot remove namespace file "/var/run/netns/two": No such file or directory' });
  });

  it('takes its links with it, the other ends of its veths, and what a bridge knew of them', () => {
    const host = kernelUnderTest();
    const { kernel } = host;
    done(kernel.addNetns('host'));
    const bridge = done(kernel.addBridge({ netns: 'host', name: 'br0' }));
    done(kernel.setUp(bridge));
    done(kernel.addAddress(bridge, TEN + 1, 24));
    attach(kernel, 'host', 'br0', 'a', TEN + 2, 24);
    expect(kernel.sockets('a').udp().sendTo(TEN + 1, 9, Uint8Array.of(1))).toBeUndefined();
    host.run(SECOND);
    expect(bridge.fdb.size).toBe(1);
    expect(bridge.carrier).toBe(true);
    done(kernel.deleteNetns('a'));
    expect(kernel.linkByName('host', 'veth-a')).toBeUndefined();
    expect(kernel.tables.links.size).toBe(2);
    expect(bridge.fdb.size).toBe(0);
    expect(bridge.carrier).toBe(false);
    expect(kernel.stack('a')).toBeUndefined();
    expect([...kernel.tables.sockets.values()].filter(({ netns }) => netns === 'a')).toEqual([]);
    host.run(400 * SECOND);
    expect(kernel.pool.taken).toBe(0);
  });

  it('can be made again after it was deleted', () => {
    const { kernel } = kernelUnderTest();
    done(kernel.addNetns('one'));
    done(kernel.deleteNetns('one'));
    done(kernel.addNetns('one'));
    expect(kernel.tables.netns.get('one')!.links).toHaveLength(1);
  });
});

describe('ip link', () => {
  let host: KernelUnderTest;
  let left: LinkRow;
  let right: LinkRow;
  let bridge: LinkRow;

  beforeEach(() => {
    host = kernelUnderTest();
    const { kernel } = host;
    for (const name of ['one', 'two']) done(kernel.addNetns(name));
    left = done(kernel.addVeth({ netns: 'one', name: 'left' }, { netns: 'two', name: 'right', mtu: 1450 }));
    right = linkOf(kernel, 'two', 'right');
    bridge = done(kernel.addBridge({ netns: 'one', name: 'br0' }));
  });

  it('refuses names that are taken, no names, or in no namespace', () => {
    const { kernel } = host;
    expect(kernel.addBridge({ netns: 'one', name: 'left' })).toEqual(EXISTS);
    expect(kernel.addVeth({ netns: 'one', name: 'x' }, { netns: 'one', name: 'x' })).toEqual(EXISTS);
    expect(kernel.addVeth({ netns: 'one', name: 'x' }, { netns: 'two', name: 'right' })).toEqual(EXISTS);
    expect(kernel.addBridge({ netns: 'one', name: 'a/b' })).toEqual(
      { refused: 'Error: argument "a/b" is wrong: "name" not a valid ifname' });
    expect(kernel.addBridge({ netns: 'one', name: 'sixteen-letters-' })).toHaveProperty('refused');
    expect(kernel.addBridge({ netns: 'six', name: 'x' })).toEqual(
      { refused: 'Cannot open network namespace "six": No such file or directory' });
    expect(kernel.setUp(77)).toEqual({ refused: 'RTNETLINK answers: No such device' });
  });

  it('refuses group addresses and sizes that no device has', () => {
    const { kernel } = host;
    const noAddress = { refused: 'RTNETLINK answers: Cannot assign requested address' };
    expect(kernel.addBridge({ netns: 'one', name: 'x', mac: 0x0100_0000_0001 })).toEqual(noAddress);
    expect(kernel.setMac(left, 0x0100_0000_0001)).toEqual(noAddress);
    expect(kernel.setMtu(left, 67)).toEqual({ refused: 'Error: mtu less than device minimum.' });
    expect(kernel.setMtu(left, 65536)).toEqual({ refused: 'Error: mtu greater than device maximum.' });
    done(kernel.setMtu(left, 68));
    done(kernel.setMac(left, 0x0200_0000_0042));
    expect(left).toMatchObject({ mtu: 68, mac: 0x0200_0000_0042 });
  });

  it('records nothing where nothing changes', () => {
    const { kernel } = host;
    done(kernel.setUp(left));
    host.events.length = 0;
    done(kernel.setUp(left));
    done(kernel.setDown(right));
    done(kernel.setMtu(left, 1500));
    done(kernel.setMac(left, left.mac));
    done(kernel.noMaster(left));
    done(kernel.setForwarding('one', false));
    expect(host.events).toEqual([]);
  });

  it('gives a bridge carrier as soon as one port works', () => {
    const { kernel } = host;
    done(kernel.setUp(bridge));
    done(kernel.setMaster(left, bridge));
    done(kernel.setUp(left));
    expect(bridge.carrier).toBe(false);
    done(kernel.setUp(right));
    expect(bridge.carrier).toBe(true);
    done(kernel.setDown(right));
    expect(bridge.carrier).toBe(false);
    done(kernel.setUp(right));
    done(kernel.noMaster(left));
    expect(bridge.carrier).toBe(false);
  });

  it('refuses masters that cannot be', () => {
    const { kernel } = host;
    const second = done(kernel.addBridge({ netns: 'one', name: 'br1' }));
    expect(kernel.setMaster(second, bridge))
      .toEqual({ refused: 'RTNETLINK answers: Too many levels of symbolic links' });
    expect(kernel.setMaster(linkOf(kernel, 'one', 'lo'), bridge))
      .toEqual({ refused: 'RTNETLINK answers: Invalid argument' });
    expect(kernel.setMaster(bridge, left)).toEqual({ refused: 'RTNETLINK answers: Operation not supported' });
    expect(kernel.setMaster(right, bridge)).toEqual({ refused: 'RTNETLINK answers: No such device' });
    done(kernel.setMaster(left, bridge));
    done(kernel.setMaster(left, second));
    expect(left.master).toBe(second.index);
    done(kernel.deleteLink(second));
    expect(left.master).toBe(0);
  });

  it('takes no more than 1023 ports into one bridge', () => {
    const { kernel } = host;
    for (let i = 0; i < 1023; i++) {
      const port = done(kernel.addVeth({ netns: 'one', name: `p${i}` }, { netns: 'two', name: `q${i}` }));
      done(kernel.setMaster(port, bridge));
    }
    expect(kernel.setMaster(left, bridge)).toEqual({ refused: 'RTNETLINK answers: Exchange full' });
  });

  it('moves a link down and bare to another namespace, under another name', () => {
    const { kernel } = host;
    for (const end of [left, right]) done(kernel.setUp(end));
    done(kernel.addAddress(left, TEN + 2, 24));
    done(kernel.addNeighbour(left, TEN + 3, 0x0200_0000_0003));
    done(kernel.setMaster(left, bridge));
    done(kernel.setNetns(left, 'two', 'eth0'));
    expect(left).toMatchObject({ netns: 'two', name: 'eth0', up: false, carrier: false, master: 0, addresses: [] });
    expect(left.neighbours.size).toBe(0);
    expect(right.carrier).toBe(false);
    expect(kernel.tables.netns.get('one')!.routes).toEqual([]);
    expect(linkOf(kernel, 'two', 'eth0')).toBe(left);
  });

  it('refuses moves that cannot be', () => {
    const { kernel } = host;
    expect(kernel.setNetns(left, 'six')).toEqual({ refused: 'Error: argument "six" is wrong: Invalid "netns" value' });
    expect(kernel.setNetns(left, 'two', 'right')).toEqual(EXISTS);
    expect(kernel.setNetns(bridge, 'two')).toEqual({ refused: 'RTNETLINK answers: Invalid argument' });
    done(kernel.setUp(left));
    expect(kernel.setNetns(left, 'one', 'new')).toEqual({ refused: 'RTNETLINK answers: Device or resource busy' });
    expect(kernel.deleteLink(linkOf(kernel, 'one', 'lo')))
      .toEqual({ refused: 'RTNETLINK answers: Operation not supported' });
  });
});

describe('ip address and ip route', () => {
  let host: KernelUnderTest;
  let link: LinkRow;

  beforeEach(() => {
    host = kernelUnderTest();
    done(host.kernel.addNetns('one'));
    link = done(host.kernel.addNic({ netns: 'one', name: 'eth0', mac: 0x0200_0000_0001, mtu: 1500, bitsPerSecond: 0 }));
    done(host.kernel.setUp(link));
  });

  /** `destination/prefix via gateway` of each route, addresses less 10.0.0.0. */
  const routes = (): string[] => host.kernel.tables.netns.get('one')!.routes
    .map(({ destination, prefix, gateway, source }) => `${destination === 0 ? 0 : destination - TEN}/${prefix}`
      + `${gateway === 0 ? '' : ` via ${gateway - TEN}`}${source === 0 ? '' : ` src ${source - TEN}`}`);
  const viaGateway = (gateway: number, metric = 0): ReturnType<KernelUnderTest['kernel']['addRoute']> =>
    host.kernel.addRoute({ netns: 'one', destination: 0, prefix: 0, gateway, link, metric });

  it('makes the connected route come and go with its address', () => {
    done(host.kernel.addAddress(link, TEN + 2, 24));
    expect(routes()).toEqual(['0/24 src 2']);
    expect(host.kernel.addAddress(link, TEN + 2, 24)).toEqual(EXISTS);
    done(host.kernel.deleteAddress(link, TEN + 2, 24));
    expect(routes()).toEqual([]);
    expect(host.kernel.deleteAddress(link, TEN + 2, 24))
      .toEqual({ refused: 'RTNETLINK answers: Cannot assign requested address' });
  });

  it('gives a single address no connected route', () => {
    done(host.kernel.addAddress(link, TEN + 2, 32));
    expect(routes()).toEqual([]);
  });

  it('hands the connected route to the next address of the subnet', () => {
    done(host.kernel.addAddress(link, TEN + 2, 24));
    done(host.kernel.addAddress(link, TEN + 3, 24));
    expect(routes()).toEqual(['0/24 src 2']);
    done(host.kernel.deleteAddress(link, TEN + 2, 24));
    expect(routes()).toEqual(['0/24 src 3']);
  });

  it('keeps a route that prefers an address until the last link that has it lets go', () => {
    const { kernel } = host;
    const second = done(kernel.addBridge({ netns: 'one', name: 'br0' }));
    done(kernel.addAddress(link, TEN + 2, 24));
    for (const held of [link, second]) done(kernel.addAddress(held, TEN + 0x900, 32));
    expect(kernel.addRoute({ netns: 'one', destination: 0, prefix: 0, gateway: TEN + 1, link, source: TEN + 0x900 }))
      .toBeUndefined();
    done(kernel.deleteAddress(second, TEN + 0x900, 32));
    expect(routes()).toEqual(['0/24 src 2', '0/0 via 1 src 2304']);
    done(kernel.deleteAddress(link, TEN + 0x900, 32));
    expect(routes()).toEqual(['0/24 src 2']);
  });

  it('takes all routes of a link away when it goes down, and brings back the connected ones', () => {
    done(host.kernel.addAddress(link, TEN + 2, 24));
    done(viaGateway(TEN + 1) ?? 'added');
    expect(routes()).toEqual(['0/24 src 2', '0/0 via 1']);
    done(host.kernel.setDown(link));
    expect(routes()).toEqual([]);
    done(host.kernel.addAddress(link, TEN + 0x102, 24));
    expect(routes()).toEqual([]);
    done(host.kernel.setUp(link));
    expect(routes()).toEqual(['0/24 src 2', '256/24 src 258']);
  });

  it('refuses routes that lead nowhere, and a second one of the same metric', () => {
    done(host.kernel.addAddress(link, TEN + 2, 24));
    const spec = { netns: 'one', destination: TEN + 0x100, prefix: 24, gateway: 0, link };
    expect(viaGateway(TEN + 0x1_0001)).toEqual({ refused: 'Error: Nexthop has invalid gateway.' });
    expect(host.kernel.addRoute({ ...spec, destination: TEN + 0x101 })).toEqual(
      { refused: 'Error: Invalid prefix for given prefix length.' });
    expect(host.kernel.addRoute({ ...spec, source: TEN + 9 })).toEqual({ refused: 'Error: Invalid prefsrc address.' });
    expect(host.kernel.addRoute({ ...spec, link: 99 })).toEqual({ refused: 'RTNETLINK answers: No such device' });
    done(viaGateway(TEN + 1) ?? 'added');
    expect(viaGateway(TEN + 3)).toEqual(EXISTS);
    done(viaGateway(TEN + 3, 100) ?? 'added');
    expect(routes()).toEqual(['0/24 src 2', '0/0 via 1', '0/0 via 3']);
    done(host.kernel.setDown(link));
    expect(host.kernel.addRoute(spec)).toEqual({ refused: 'Error: Device for nexthop is not up.' });
  });

  it('finds the link of a route by its gateway', () => {
    done(host.kernel.addAddress(link, TEN + 2, 24));
    expect(host.kernel.addRoute({ netns: 'one', destination: 0, prefix: 0, gateway: TEN + 1, link: 0 }))
      .toBeUndefined();
    expect(host.kernel.tables.netns.get('one')!.routes.at(-1)!.link).toBe(link.index);
  });

  it('deletes the route that was named', () => {
    done(host.kernel.addAddress(link, TEN + 2, 24));
    done(viaGateway(TEN + 1) ?? 'added');
    const spec = { netns: 'one', destination: 0, prefix: 0, gateway: 0, link: 0 };
    expect(host.kernel.deleteRoute({ ...spec, gateway: TEN + 7 }))
      .toEqual({ refused: 'RTNETLINK answers: No such process' });
    expect(host.kernel.deleteRoute(spec)).toBeUndefined();
    expect(routes()).toEqual(['0/24 src 2']);
  });
});

describe('ip neighbour and bridge fdb', () => {
  it('refuse a second row, unless it replaces the first', () => {
    const { kernel } = kernelUnderTest();
    done(kernel.addNetns('one'));
    const link = done(kernel.addVxlan({ netns: 'one', name: 'vx', vni: 7, local: 1, underlayNetns: 'one' }));
    const missing = { refused: 'RTNETLINK answers: No such file or directory' };
    expect(kernel.addNeighbour(link, TEN + 2, 2)).toBeUndefined();
    expect(kernel.addNeighbour(link, TEN + 2, 4)).toEqual(EXISTS);
    expect(kernel.addNeighbour(link, TEN + 2, 4, true)).toBeUndefined();
    expect(link.neighbours.get(TEN + 2)).toEqual({ address: TEN + 2, mac: 4, state: 'PERMANENT' });
    expect(kernel.deleteNeighbour(link, TEN + 2)).toBeUndefined();
    expect(kernel.deleteNeighbour(link, TEN + 2)).toEqual(missing);
    expect(kernel.addFdb(link, 2, 8)).toBeUndefined();
    expect(kernel.addFdb(link, 2, 9)).toEqual(EXISTS);
    expect(kernel.addFdb(link, 2, 8)).toEqual(EXISTS);
    expect(kernel.addFdb(link, 2, 9, true)).toBeUndefined();
    expect(kernel.addFdb(link, 0, 8)).toBeUndefined();
    expect(kernel.addFdb(link, 0, 9)).toBeUndefined();
    expect([...link.remotes]).toEqual([[2, [9]], [0, [8, 9]]]);
    expect(kernel.deleteFdb(link, 2, 8)).toEqual(missing);
    expect(kernel.deleteFdb(link, 2, 9)).toBeUndefined();
    expect(kernel.addFdb(linkOf(kernel, 'one', 'lo'), 2, 8))
      .toEqual({ refused: 'RTNETLINK answers: Operation not supported' });
  });
});

describe('what two containers on one bridge do', () => {
  it('reach each other and their gateway through ARP, learning and back', () => {
    const host = kernelUnderTest();
    const { kernel } = host;
    done(kernel.addNetns('host'));
    const bridge = done(kernel.addBridge({ netns: 'host', name: 'docker0' }));
    done(kernel.setUp(bridge));
    done(kernel.addAddress(bridge, TEN + 1, 24));
    attach(kernel, 'host', 'docker0', 'a', TEN + 2, 24);
    attach(kernel, 'host', 'docker0', 'b', TEN + 3, 24);
    const answers: number[] = [];
    const ping = kernel.sockets('a').icmp();
    ping.onReadable = () => answers.push(ping.receive()!.source);
    for (const target of [TEN + 3, TEN + 1]) expect(ping.sendEcho(target, 1, new Uint8Array(56))).toBeUndefined();
    host.run(SECOND);
    expect(answers.sort()).toEqual([TEN + 1, TEN + 3]);
    expect([...bridge.fdb.values()])
      .toEqual([linkOf(kernel, 'host', 'veth-a').index, linkOf(kernel, 'host', 'veth-b').index]);
    // The broadcast question for b reached the bridge's own stack, a's to the gateway reached b: neither is a loss.
    expect(dropsOf(kernel)).toEqual([]);
    host.run(400 * SECOND);
    expect(bridge.fdb.size).toBe(0);
    expect(kernel.pool.taken).toBe(0);
  });
});
