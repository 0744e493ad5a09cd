import { foldCommits } from '@netreel/sim';
import { kernelEvents } from './events.js';
import type { KernelEvent } from './events.js';
import { evolveKernel } from './evolve.js';
import { emptyKernelTables } from './tables.js';
import type { KernelTables } from './tables.js';
import { addressOfHost, attach, commitOf, done, ethernetFrame, hostsUnderTest, linkOf, transmit } from './testing.js';

const LINK: Extract<KernelEvent, { type: 'LinkAdded' }> = {
  type: 'LinkAdded', link: 5, netns: 'one', name: 'eth0', kind: 'veth', mac: 2, mtu: 1500, peer: 6, parent: 0, vni: 0,
    local: 0, port: 0,
};

function after(...events: KernelEvent[]): KernelTables {
  const tables = emptyKernelTables();
  for (const event of events) evolveKernel(tables, event);
  return tables;
}

function route(destination: number, prefix: number, metric: number, link: number): KernelEvent {
  return { type: 'RouteAdded', netns: 'one', destination, prefix, gateway: 0, link, source: 0, metric };
}

/** Events by which a row comes to be. */
const APPEARS = new Set(['LinkAdded', 'NetnsAdded', 'SocketBound', 'TcpStateChanged', 'Socket6Bound',
  'Tcp6StateChanged']);

describe('folding kernel events', () => {
  it('keeps routes by longest prefix, then lowest metric, then age', () => {
    const tables = after({ type: 'NetnsAdded', netns: 'one' }, route(0, 0, 0, 1), route(0x0a00_0000, 8, 5, 2),
      route(0x0a00_0000, 8, 0, 3),
      route(0x0a00_0000, 24, 9, 4), route(0x0b00_0000, 8, 5, 5), route(0x0b00_0000, 8, 0, 6));
    expect(tables.netns.get('one')!.routes.map(({ link }) => link)).toEqual([4, 3, 6, 2, 5, 1]);
  });

  it('deletes the route that was named and no other', () => {
    const tables = after({ type: 'NetnsAdded', netns: 'one' }, route(0, 0, 0, 1), route(0, 0, 1, 1),
      { type: 'RouteDeleted', netns: 'one', destination: 0, prefix: 0, gateway: 0, link: 1, metric: 0 });
    expect(tables.netns.get('one')!.routes.map(({ metric }) => metric)).toEqual([1]);
  });

  it('keeps the links of a namespace in the order of their indexes, wherever they come from', () => {
    const tables = after({ type: 'NetnsAdded', netns: 'one' }, { type: 'NetnsAdded', netns: 'two' },
      { ...LINK, link: 3, netns: 'two' }, { ...LINK, link: 2 }, { ...LINK, link: 4 },
      { type: 'LinkMoved', link: 3, netns: 'one', name: 'eth9' });
    expect(tables.netns.get('one')!.links).toEqual([2, 3, 4]);
    expect(tables.netns.get('two')!.links).toEqual([]);
    expect(tables.links.get(3)).toMatchObject({ netns: 'one', name: 'eth9' });
  });

  it('changes a neighbour in place, so that whoever holds the row sees it', () => {
    const tables = after({ type: 'NetnsAdded', netns: 'one' }, LINK,
      { type: 'NeighbourChanged', link: 5, address: 9, mac: 0, state: 'INCOMPLETE' });
    const row = tables.links.get(5)!.neighbours.get(9)!;
    evolveKernel(tables, { type: 'NeighbourChanged', link: 5, address: 9, mac: 7, state: 'REACHABLE' });
    expect(row).toEqual({ address: 9, mac: 7, state: 'REACHABLE' });
  });

  it('keeps tunnel ends in the order they were added, each once', () => {
    const ends = [8, 7, 8].map((remote): KernelEvent => ({ type: 'FdbAdded', link: 5, mac: 0, remote }));
    const tables = after({ type: 'NetnsAdded', netns: 'one' }, LINK, ...ends);
    expect(tables.links.get(5)!.remotes.get(0)).toEqual([8, 7]);
    for (const remote of [8, 7]) evolveKernel(tables, { type: 'FdbDeleted', link: 5, mac: 0, remote });
    expect(tables.links.get(5)!.remotes.size).toBe(0);
  });

  it('counts as a change of paths what moves packets, and not what packets teach', () => {
    const tables = after({ type: 'NetnsAdded', netns: 'one' }, LINK);
    const before = tables.changes;
    evolveKernel(tables, { type: 'FdbLearned', bridge: 5, mac: 1, port: 2 });
    evolveKernel(tables, { type: 'NeighbourChanged', link: 5, address: 9, mac: 7, state: 'REACHABLE' });
    expect(tables.changes).toBe(before);
    evolveKernel(tables, { type: 'AddressAdded', link: 5, address: 9, prefix: 24 });
    expect(tables.changes).toBeGreaterThan(before);
  });

  it('keeps the state of a connection and both its ends until it is closed', () => {
    const ends = { netns: 'one', socket: 3, address: 1, port: 80, remoteAddress: 2, remotePort: 4000 };
    const tables = after({ type: 'TcpStateChanged', ...ends, state: 'SYN-RECEIVED' },
      { type: 'TcpStateChanged', ...ends, state: 'ESTABLISHED' });
    expect(tables.sockets.get(3)).toEqual({ ...ends, protocol: 'tcp', state: 'ESTABLISHED' });
    evolveKernel(tables, { type: 'SocketClosed', socket: 3 });
    expect(tables.sockets.size).toBe(0);
  });

  it('keeps what a socket of IPv6 is bound to in the same table', () => {
    const tables = after({ type: 'Socket6Bound', netns: 'one', socket: 4, protocol: 'tcp', address: '::', port: 80,
      v6only: false }, { type: 'Tcp6StateChanged', netns: 'one', socket: 5, address: '::ffff:10.0.0.2', port: 80,
      remoteAddress: '::ffff:10.0.0.3', remotePort: 4000, state: 'ESTABLISHED' });
    expect([tables.sockets.get(4)?.address, tables.sockets.get(5)?.remoteAddress]).toEqual(['::', '::ffff:10.0.0.3']);
  });

  it('takes any event about anything, also about what is not there', () => {
    const zero = { text: '', int: 99, flag: true, mac: 1, ipv4: 1, ipv6: 'fd00::1' } as const;
    const before = emptyKernelTables();
    for (const [type, shape] of Object.entries(kernelEvents)) {
      const fields = Object.entries(shape.fields).map(([name, kind]) => [name, zero[kind as keyof typeof zero]]);
      if (APPEARS.has(type)) continue;
      const tables = emptyKernelTables();
      evolveKernel(tables, { type, ...Object.fromEntries(fields) } as unknown as KernelEvent);
      expect({ ...tables, changes: 0, changes6: 0 }).toEqual(before);
    }
  });

  it('gives the very tables that the kernel itself had', () => {
    const hosts = hostsUnderTest(2);
    hosts.forEach(({ kernel }, index) => {
      done(kernel.addNetns('overlay'));
      done(kernel.setUp(done(kernel.addBridge({ netns: 'overlay', name: 'br0' }))));
      const tunnel = done(kernel.addVxlan({ netns: 'host', name: 'vx', vni: 4096, local: addressOfHost(index),
        underlayNetns: 'host' }));
      done(kernel.setNetns(tunnel, 'overlay', 'vxlan0'));
      done(kernel.setMaster(tunnel, linkOf(kernel, 'overlay', 'br0')));
      done(kernel.setUp(tunnel));
      done(kernel.addFdb(tunnel, 0, addressOfHost(1 - index)));
      for (const place of [0, 1, 2]) attach(kernel, 'overlay', 'br0', `c${place}`, 0x0a00_0102 + index * 3 + place,
        24, 1450);
      done(kernel.setForwarding('host', true));
      expect(kernel.sockets('c1').udp().bind(0, 7)).toBeUndefined();
    });
    const [{ kernel }] = hosts as [typeof hosts[0], ...typeof hosts];
    expect(kernel.sockets('c0').udp().sendTo(0x0a00_0105, 7, Uint8Array.of(1))).toBeUndefined();
    hosts[0]!.run(2_000_000_000);
    done(kernel.deleteNetns('c2'));
    done(kernel.setDown(linkOf(kernel, 'c0', 'eth0')));
    transmit(kernel, linkOf(kernel, 'c1', 'eth0'), ethernetFrame(kernel, 0x0242_0000_0001, 0x0242_0000_0002));
    hosts[0]!.run(400_000_000_000);
    for (const host of hosts) {
      const folded = emptyKernelTables();
      const count = foldCommits([commitOf(host)!], (event) => evolveKernel(folded, event as KernelEvent));
      expect(count).toBe(host.events.length);
      expect(folded).toEqual(host.kernel.tables);
      expect([...folded.links.keys()]).toEqual([...host.kernel.tables.links.keys()]);
    }
    // Something had been learned across the tunnel, else the comparison would say little.
    expect(hosts[1]!.events.some((event) => event.type === 'NeighbourChanged' && event.state === 'REACHABLE'))
      .toBe(true);
    expect(kernel.pool.taken).toBe(0);
  });
});
