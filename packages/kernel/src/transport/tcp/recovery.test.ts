import { MILLISECOND, SECOND } from '@netreel/sim';
import { TCP_FLAG } from '@netreel/wire';
import { done, dropsOf, hostsUnderTest, attach, linkOf, type KernelUnderTest } from '../../testing.js';
import { ip, sentFrames } from '../../ipv4/testing.js';
import { CLIENT, Drain, PORT, Wire, bytesOfLength, forge, isText, pour } from './testing.js';

/** When each segment with data arrives at the server, and where it begins; what `isLost` says is lost. */
function watch(wire: Wire, isLost: (count: number) => boolean): { at: number; sequence: number }[] {
  const seen: { at: number; sequence: number }[] = [];
  wire.lose('server', (passing) => {
    if (!isText(passing)) return false;
    const { buffer, start } = passing.frame;
    seen.push({ at: wire.host.machine.now(),
      sequence: new DataView(buffer.buffer, buffer.byteOffset + start + 34).getUint32(4) });
    return isLost(seen.length);
  });
  return seen;
}

function again(seen: readonly { sequence: number }[]): number {
  return seen.length - new Set(seen.map(({ sequence }) => sequence)).size;
}

describe('what is lost', () => {
  it('RFC 5681 3.2: comes again after three duplicates, long before a timeout, and only that', () => {
    const wire = new Wire();
    const [client, server] = wire.pair();
    const seen = watch(wire, (count) => count === 3);
    const drain = new Drain(server, 20_000);
    pour(client, bytesOfLength(20_000));
    wire.pass(5 * MILLISECOND);
    expect(drain.content()).toEqual(bytesOfLength(20_000));
    expect(again(seen)).toBe(1);
  });

  it('RFC 6582: comes again without SACK, one segment a round trip', () => {
    const wire = new Wire();
    wire.lose('client', ({ frame, flags }) => {
      if ((flags & TCP_FLAG.syn) !== 0) frame.buffer.fill(1, frame.start + 58, frame.start + 60);
      return false;
    });
    const [client, server] = wire.pair();
    const seen = watch(wire, (count) => count === 3 || count === 5);
    const drain = new Drain(server, 30_000);
    pour(client, bytesOfLength(30_000));
    wire.pass(20 * MILLISECOND);
    expect(drain.content()).toEqual(bytesOfLength(30_000));
    expect(again(seen)).toBe(2);
  });

  it('RFC 8985 6.2: is found by time when what was sent again is lost as well', () => {
    const wire = new Wire();
    const [client, server] = wire.pair();
    let first = -1;
    let copies = 0;
    wire.lose('server', (passing) => {
      if (passing.payloadBytes === 0) return false;
      const { buffer, start } = passing.frame;
      const sequence = new DataView(buffer.buffer, buffer.byteOffset + start + 34).getUint32(4);
      if (first < 0) first = sequence;
      return sequence === first && ++copies <= 2;
    });
    const drain = new Drain(server, 400_000);
    pour(client, bytesOfLength(400_000));
    wire.pass(100 * MILLISECOND);
    expect(copies).toBe(3);
    expect(drain.content()).toEqual(bytesOfLength(400_000));
  });

  it('RFC 8985 7.3: the tail is probed, and what the probe shows missing comes at once', () => {
    const wire = new Wire();
    const [client, server] = wire.pair();
    const drain = new Drain(server, 8 * 1448);
    const seen = watch(wire, (count) => count >= 6 && count <= 8);
    client.send(bytesOfLength(8 * 1448));
    wire.pass(50 * MILLISECOND);
    expect(drain.length).toBe(8 * 1448);
    expect(again(seen)).toBe(3);
  });

  it('RFC 5682: a timeout for what was only late is taken back', () => {
    const wire = new Wire();
    const [client, server] = wire.pair();
    const { kernel, machine } = wire.host;
    const device = done(kernel.device(linkOf(kernel, 'server', 'eth0').index));
    const receive = device.receive.bind(device);
    let delayNs = 0;
    device.receive = (frame) => {
      if (delayNs === 0) receive(frame);
      else machine.schedule(machine.now() + delayNs, { fire: () => receive(frame) }, undefined);
    };
    const drain = new Drain(server, 500_000);
    client.send(bytesOfLength(100_000));
    wire.pass(SECOND);
    const window = (client as unknown as { connection: { cwnd: number } }).connection;
    // From now on the path is longer than any timeout so far.
    delayNs = 700 * MILLISECOND;
    client.send(bytesOfLength(20_000));
    wire.pass(100 * MILLISECOND);
    const before = window.cwnd;
    wire.pass(500 * MILLISECOND);
    expect(window.cwnd).toBe(1);
    wire.pass(2 * SECOND);
    expect(drain.length).toBe(120_000);
    expect(window.cwnd).toBeGreaterThanOrEqual(before);
  });

  it('RFC 2883: what arrives twice is told in the first block of SACK', () => {
    const wire = new Wire();
    const [client, server] = wire.pair();
    server.onReadable = () => server.receive();
    wire.lose('client', ({ flags }) => (flags & TCP_FLAG.syn) === 0);
    const lines = sentFrames(wire.host);
    client.send(bytesOfLength(100));
    wire.pass(300 * MILLISECOND);
    expect(lines.filter((line) => line.includes('server/eth0')).at(-1)).toMatch(/sack 1 \{\d+:\d+\}/);
  });

  it('RFC 7323 5.3: an old segment of a former round is known by its timestamp', () => {
    const wire = new Wire();
    const [client, server] = wire.pair();
    let copy: Uint8Array | undefined;
    wire.lose('server', (passing) => {
      if (passing.payloadBytes > 0) copy ??= passing.frame.bytes().slice();
      return false;
    });
    client.send(bytesOfLength(10));
    wire.pass(SECOND);
    client.send(bytesOfLength(10));
    wire.pass(SECOND);
    server.receive();
    const frame = wire.host.kernel.pool.adopt({ buffer: copy!, start: 0, end: copy!.length });
    wire.host.kernel.deliver(linkOf(wire.host.kernel, 'server', 'eth0'), frame);
    wire.pass(SECOND);
    expect(server.readable()).toBe(false);
    expect(dropsOf(wire.host.kernel)).toContain('server old-timestamp 1');
  });
});

describe('what fits', () => {
  it('RFC 7323 2: more than 65,535 bytes may be on their way', () => {
    const wire = new Wire();
    const [client, server] = wire.pair();
    let acks = 0;
    wire.lose('client', () => ++acks > 40);
    pour(client, bytesOfLength(400_000));
    wire.pass(100 * MILLISECOND);
    const drain = new Drain(server, 400_000);
    expect(drain.length).toBeGreaterThan(65_535);
  });

  it('RFC 9293 3.7.1: the segment size follows from the MTU of the way out, less what options take', () => {
    const wire = new Wire();
    const { kernel } = wire.host;
    for (const netns of ['client', 'server']) {
      done(kernel.setMtu(linkOf(kernel, netns, 'eth0'), 1200) ?? {});
    }
    const sizes: number[] = [];
    const [client, server] = wire.pair();
    wire.lose('server', ({ payloadBytes }) => {
      sizes.push(payloadBytes);
      return false;
    });
    const drain = new Drain(server, 30_000);
    pour(client, bytesOfLength(30_000));
    wire.pass(SECOND);
    expect(drain.length).toBe(30_000);
    expect(Math.max(...sizes)).toBe(1200 - 20 - 20 - 12);
  });

  it('RFC 5961 3.2, 10: challenges are rationed, one in half a second', () => {
    const wire = new Wire();
    const [client] = wire.pair();
    let sent = 0;
    wire.lose('client', () => {
      sent++;
      return false;
    });
    for (let i = 0; i < 20; i++) forge(wire, client.localPort, i * 0x0800_0000, 0, TCP_FLAG.syn, undefined, CLIENT);
    wire.pass(100 * MILLISECOND);
    expect(sent).toBe(1);
  });
});

/** Two hosts joined by a tunnel whose containers' links are as wide as the underlay: too wide. */
function tooWideOverlay(): readonly KernelUnderTest[] {
  const hosts = hostsUnderTest(2);
  const own = hosts.map(({ kernel }, index) => {
    done(kernel.addNetns('overlay'));
    const bridge = done(kernel.addBridge({ netns: 'overlay', name: 'br0', mtu: 1500 }));
    done(kernel.setUp(bridge));
    done(kernel.addAddress(bridge, ip(`10.0.${index}.1`), 24));
    kernel.setForwarding('overlay', true);
    const link = attach(kernel, 'overlay', 'br0', 'c', ip(`10.0.${index}.2`), 24);
    done(kernel.addRoute({ netns: 'c', destination: 0, prefix: 0, gateway: ip(`10.0.${index}.1`), link: link.index }));
    const vxlan = done(kernel.addVxlan({ netns: 'overlay', name: 'vxlan0', vni: 4096,
      local: ip(`192.168.65.${11 + index}`), underlayNetns: 'host', mtu: 1450, proxy: false }));
    done(kernel.setUp(vxlan));
    done(kernel.addAddress(vxlan, ip(`10.9.0.${1 + index}`), 24));
    return vxlan;
  });
  hosts.forEach(({ kernel }, index) => {
    const other = 1 - index;
    done(kernel.addNeighbour(own[index]!, ip(`10.9.0.${1 + other}`), own[other]!.mac));
    done(kernel.addFdb(own[index]!, own[other]!.mac, ip(`192.168.65.${11 + other}`)));
    done(kernel.addRoute({ netns: 'overlay', destination: ip(`10.0.${other}.0`), prefix: 24,
      gateway: ip(`10.9.0.${1 + other}`), link: own[index]!.index }));
  });
  return hosts;
}

describe('RFC 1191: the size of the path through a tunnel', () => {
  it('is learnt from the router in front of it, by TCP and by UDP', () => {
    const [near, far] = tooWideOverlay();
    const listener = far!.kernel.sockets('c').tcpListener();
    listener.bind(0, PORT);
    listener.listen(1);
    const client = near!.kernel.sockets('c').tcp();
    near!.run(SECOND);
    client.connect(ip('10.0.1.2'), PORT);
    near!.run(2 * SECOND);
    const drain = new Drain(done(listener.accept()), 100_000);
    pour(client, bytesOfLength(100_000));
    const udp = near!.kernel.sockets('c').udp();
    udp.dontFragment = true;
    udp.connect(ip('10.0.1.2'), 9);
    near!.run(5 * SECOND);
    expect(drain.content()).toEqual(bytesOfLength(100_000));
    expect(dropsOf(near!.kernel).some((line) => line.startsWith('overlay fragmentation-needed'))).toBe(true);
    expect(udp.sendTo(ip('10.0.1.2'), 9, new Uint8Array(1450 - 27))).toBe('EMSGSIZE');
    expect(udp.sendTo(ip('10.0.1.2'), 9, new Uint8Array(1450 - 28))).toBeUndefined();
  });
});

