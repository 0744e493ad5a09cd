import { done, kernelUnderTest, linkOf, type KernelUnderTest } from '../testing.js';
import { Routes } from './route.js';
import { ip } from './testing.js';

describe('routes', () => {
  let host: KernelUnderTest;
  let routes: Routes;
  beforeEach(() => {
    host = kernelUnderTest();
    const { kernel } = host;
    done(kernel.addNetns('n'));
    done(kernel.setUp(linkOf(kernel, 'n', 'lo')));
    for (const [name, address] of [['eth0', '10.0.0.2'], ['eth1', '10.1.0.2']] as const) {
      const link = done(kernel.addBridge({ netns: 'n', name }));
      done(kernel.setUp(link));
      done(kernel.addAddress(link, ip(address), 16));
    }
    add('0.0.0.0', 0, '10.0.0.1');
    routes = new Routes(kernel, 'n');
  });

  const add = (destination: string, prefix: number, gateway: string, metric = 0): void => {
    done(host.kernel.addRoute({ netns: 'n', destination: ip(destination), prefix, gateway: ip(gateway), link: 0,
      metric }) ?? true);
  };
  const way = (target: string): string => {
    const { kind, link, nextHop, source } = routes.find(ip(target));
    const dotted = (address: number): string => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
    return `${kind} ${link?.name ?? '-'} ${dotted(nextHop)} ${dotted(source)}`;
  };

  it('RFC 1812 5.2.4.3: the longest prefix wins, then the lowest metric', () => {
    add('10.1.5.0', 24, '10.0.0.7');
    add('172.16.0.0', 12, '10.0.0.8', 20);
    add('172.16.0.0', 12, '10.1.0.9', 10);
    expect(way('10.1.0.9')).toBe('unicast eth1 10.1.0.9 10.1.0.2');
    expect(way('10.1.5.9')).toBe('unicast eth0 10.0.0.7 10.0.0.2');
    expect(way('172.20.1.1')).toBe('unicast eth1 10.1.0.9 10.1.0.2');
    expect(way('8.8.8.8')).toBe('unicast eth0 10.0.0.1 10.0.0.2');
  });

  it('a new route counts for the next packet, and so does one that went', () => {
    expect(way('172.20.1.1')).toBe('unicast eth0 10.0.0.1 10.0.0.2');
    add('172.20.0.0', 16, '10.1.0.1');
    expect(way('172.20.1.1')).toBe('unicast eth1 10.1.0.1 10.1.0.2');
    expect(host.kernel.setDown(linkOf(host.kernel, 'n', 'eth1'))).toBeUndefined();
    expect(way('172.20.1.1')).toBe('unicast eth0 10.0.0.1 10.0.0.2');
    expect(way('10.1.0.2')).toBe('unicast eth0 10.0.0.1 10.0.0.2');
  });

  it('knows local, broadcast and group addresses', () => {
    expect(way('10.1.0.2')).toBe('local lo 10.1.0.2 10.1.0.2');
    expect(way('127.0.0.11')).toBe('local lo 127.0.0.11 127.0.0.1');
    expect(way('10.1.255.255')).toBe('broadcast eth1 10.1.255.255 10.1.0.2');
    expect(way('255.255.255.255')).toBe('broadcast eth0 255.255.255.255 10.0.0.2');
    expect(way('224.0.0.251')).toBe('multicast eth0 224.0.0.251 10.0.0.2');
  });

  it('RFC 1122 3.3.4.3: the source is the link\'s address in the subnet of the next hop, else its first', () => {
    done(host.kernel.addAddress(linkOf(host.kernel, 'n', 'eth0'), ip('10.7.0.2'), 16) ?? true);
    expect(way('10.7.0.9')).toBe('unicast eth0 10.7.0.9 10.7.0.2');
    const bare = done(host.kernel.addBridge({ netns: 'n', name: 'bare' }));
    done(host.kernel.setUp(bare) ?? true);
    done(host.kernel.addRoute({ netns: 'n', destination: ip('192.168.0.0'), prefix: 24, gateway: 0,
      link: bare }) ?? true);
    expect(way('192.168.0.5')).toBe('unicast bare 192.168.0.5 10.0.0.2');
  });

  it('without a route there is no way', () => {
    done(host.kernel.deleteRoute({ netns: 'n', destination: 0, prefix: 0, gateway: 0, link: 0 }) ?? true);
    expect(way('8.8.8.8')).toBe('unreachable - 0.0.0.0 0.0.0.0');
  });

  it('RFC 1191 3: a router\'s word lowers the path MTU of one destination, never raises it, not below 552', () => {
    const far = routes.find(ip('8.8.8.8'));
    routes.learnMtu(far.target, 1400);
    expect([routes.mtu(far), routes.mtu(routes.find(ip('8.8.4.4')))]).toEqual([1400, 1500]);
    routes.learnMtu(far.target, 1450);
    expect(routes.mtu(far)).toBe(1400);
    routes.learnMtu(far.target, 0);
    expect(routes.mtu(far)).toBe(552);
  });

  it('RFC 791 3.1: no packet is longer than its length can say, whatever the device carries', () => {
    expect(linkOf(host.kernel, 'n', 'lo').mtu).toBe(65536);
    expect(routes.mtu(routes.find(ip('127.0.0.1')))).toBe(65535);
  });

  it('remembers a bounded number of destinations', () => {
    for (let i = 0; i < 10_000; i++) routes.find(ip('8.0.0.0') + i);
    expect(way('8.8.8.8')).toBe('unicast eth0 10.0.0.1 10.0.0.2');
    expect((routes as unknown as { paths: Map<number, unknown> }).paths.size).toBeLessThanOrEqual(4096);
  });
});
