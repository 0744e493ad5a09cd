import { SECOND } from '@netreel/sim';
import type { Frame } from '@netreel/wire';
import type { UdpSocket } from '../sockets.js';
import { done, dropsOf, linkOf, type KernelUnderTest } from '../testing.js';
import { A, B, NOBODY, inject, ip, joinedNamespaces, sentFrames } from '../ipv4/testing.js';

const LOCALHOST = ip('127.0.0.1');
const ONE = Uint8Array.of(1);

describe('a UDP socket', () => {
  let host: KernelUnderTest;
  let nowNs: number;
  beforeEach(() => {
    host = joinedNamespaces();
    nowNs = SECOND;
    host.run(nowNs);
  });

  const open = (netns: string, address = 0, port = 0): UdpSocket => {
    const socket = host.kernel.sockets(netns).udp();
    if (port !== 0) expect(socket.bind(address, port)).toBeUndefined();
    return socket;
  };
  const settle = (): void => host.run(nowNs += SECOND);

  it('RFC 768: carries a payload, with the addresses and ports of both ends', () => {
    const server = open('b', 0, 9000);
    const client = open('a');
    let calls = 0;
    server.onReadable = () => { calls++; };
    expect(client.sendTo(B, 9000, Uint8Array.of(1, 2, 3))).toBeUndefined();
    expect(server.readable()).toBe(false);
    settle();
    expect(calls).toBe(1);
    const datagram = done(server.receive());
    expect(datagram).toEqual({ source: A, sourcePort: client.localPort, target: B, payload: Uint8Array.of(1, 2, 3),
      ttl: 64 });
    expect(server.receive()).toBeUndefined();
    server.sendTo(datagram.source, datagram.sourcePort, Uint8Array.of(4));
    settle();
    expect(client.receive()).toMatchObject({ source: B, sourcePort: 9000, payload: Uint8Array.of(4) });
    expect(host.kernel.pool.taken).toBe(0);
  });

  it.each([0, 1, 64, 65, 1472, 1473, 20_000, 65_507])('carries %i bytes whole', (sizeBytes) => {
    const server = open('b', 0, 9000);
    const payload = Uint8Array.from({ length: sizeBytes }, (_, i) => i * 31);
    expect(open('a').sendTo(B, 9000, payload)).toBeUndefined();
    settle();
    expect(server.receive()?.payload).toEqual(payload);
  });

  it('RFC 1122 4.1.3.4: writes a checksum that holds elsewhere, and drops what was spoilt on its way', () => {
    const server = open('b', 0, 9000);
    let bytes = new Uint8Array(0);
    const copy = (frame: Frame): void => { bytes = frame.bytes().slice(); };
    host.kernel.tap = { frame: (_direction, _link, frame) => copy(frame), dropped: () => undefined };
    open('a').sendTo(B, 9000, Uint8Array.of(1, 2, 3));
    settle();
    host.kernel.tap = undefined;
    expect(server.receive()?.payload).toEqual(Uint8Array.of(1, 2, 3));
    inject(host, 'b', 'eth0', bytes);
    expect(server.receive()?.payload).toEqual(Uint8Array.of(1, 2, 3));
    bytes[44]! ^= 1;
    inject(host, 'b', 'eth0', bytes);
    expect(server.receive()).toBeUndefined();
    expect(dropsOf(host.kernel)).toEqual(['b bad-checksum 1']);
  });

  it('RFC 768: 65,507 bytes are the most', () => {
    expect(open('a').sendTo(B, 9000, new Uint8Array(65_508))).toBe('EMSGSIZE');
  });

  it('RFC 6335 6: without a port of its own it gets an ephemeral one, and no two the same', () => {
    const ports = Array.from({ length: 200 }, () => {
      const socket = open('a');
      socket.bind(0, 0);
      return socket.localPort;
    });
    expect(new Set(ports).size).toBe(200);
    expect(Math.min(...ports)).toBeGreaterThanOrEqual(32768);
    expect(Math.max(...ports)).toBeLessThanOrEqual(60999);
  });

  it('has an event and a row while it is bound', () => {
    const socket = open('a', A, 53);
    expect(host.kernel.tables.sockets.get(socket.id)).toEqual({ socket: socket.id, netns: 'a', protocol: 'udp',
      address: A, port: 53 });
    socket.close();
    socket.close();
    expect(host.kernel.tables.sockets.size).toBe(0);
    expect(host.events.filter((event) => event.type === 'SocketClosed')).toHaveLength(1);
    expect(open('a').bind(A, 53)).toBeUndefined();
  });

  it('EADDRINUSE: a port belongs to one socket per address, or to one for all', () => {
    open('a', A, 53);
    expect(open('a').bind(A, 53)).toBe('EADDRINUSE');
    expect(open('a').bind(0, 53)).toBe('EADDRINUSE');
    expect(open('a').bind(LOCALHOST, 53)).toBeUndefined();
    open('a', 0, 54);
    expect(open('a').bind(A, 54)).toBe('EADDRINUSE');
    expect(open('b').bind(0, 53)).toBeUndefined();
    host.kernel.stack('a')!.bindTunnel(4789, { receive: () => undefined });
    expect(open('a').bind(0, 4789)).toBe('EADDRINUSE');
    expect(host.kernel.stack('a')!.bindTunnel(54, { receive: () => undefined })).toBe(false);
  });

  it('EADDRNOTAVAIL, EINVAL, EBADF: addresses of others, a second bind, port 0, a closed socket', () => {
    expect(open('a').bind(B, 53)).toBe('EADDRNOTAVAIL');
    expect(open('a', 0, 53).bind(0, 54)).toBe('EINVAL');
    expect(open('a').bind(0, 65536)).toBe('EINVAL');
    expect(open('a').sendTo(B, 0, ONE)).toBe('EINVAL');
    expect(open('a', LOCALHOST, 55).sendTo(B, 9000, ONE)).toBe('EINVAL');
    const closed = open('a', 0, 56);
    closed.close();
    expect([closed.bind(0, 57), closed.connect(B, 57), closed.sendTo(B, 57, ONE)]).toEqual(['EBADF', 'EBADF', 'EBADF']);
  });

  it('ENETUNREACH: where no route leads', () => {
    expect(open('a').sendTo(ip('192.0.2.1'), 9000, ONE)).toBe('ENETUNREACH');
    expect(open('a').connect(ip('192.0.2.1'), 9000)).toBe('ENETUNREACH');
  });

  it('EINVAL: from an address that is gone', () => {
    const socket = open('a', A, 9000);
    done(host.kernel.addAddress(linkOf(host.kernel, 'a', 'eth0'), ip('10.0.0.4'), 24) ?? socket);
    done(host.kernel.deleteAddress(linkOf(host.kernel, 'a', 'eth0'), A, 24) ?? socket);
    expect(socket.sendTo(B, 9000, ONE)).toBe('EINVAL');
  });

  it('RFC 1122 4.1.3.1: nobody at the port is told to the sender; a connected socket gets ECONNREFUSED, once', () => {
    const lines = sentFrames(host);
    const connected = open('a');
    const unconnected = open('a');
    expect(connected.connect(B, 9000)).toBeUndefined();
    let calls = 0;
    connected.onReadable = () => { calls++; };
    connected.sendTo(B, 9000, ONE);
    unconnected.sendTo(B, 9000, ONE);
    settle();
    const told = 'b/eth0 IPv4 10.0.0.3 > 10.0.0.2: ICMP 10.0.0.3 udp port 9000 unreachable, length 37';
    expect(lines.filter((line) => line.endsWith(told))).toHaveLength(2);
    expect(dropsOf(host.kernel)).toEqual(['b port-unreachable 2']);
    expect(calls).toBe(1);
    expect(connected.readable()).toBe(true);
    expect(connected.takeError()).toBe('ECONNREFUSED');
    expect(connected.takeError()).toBeUndefined();
    expect(unconnected.readable()).toBe(false);
  });

  it('reports a pending error in place of the next send', () => {
    const socket = open('a');
    socket.connect(B, 9000);
    socket.sendTo(B, 9000, ONE);
    settle();
    expect(socket.sendTo(B, 9000, ONE)).toBe('ECONNREFUSED');
    expect(socket.sendTo(B, 9000, ONE)).toBeUndefined();
  });

  it('a silent neighbour is a soft error, of which Linux tells no UDP socket', () => {
    const socket = open('a');
    socket.connect(NOBODY, 9000);
    socket.sendTo(NOBODY, 9000, ONE);
    host.run(nowNs += 10 * SECOND);
    expect(socket.readable()).toBe(false);
    expect(dropsOf(host.kernel)).toEqual(['a/eth0 neighbour-failed 1']);
  });

  it('connected: hears its peer alone, and is asked before sockets that are not', () => {
    const link = linkOf(host.kernel, 'b', 'eth0');
    host.kernel.addAddress(link, ip('10.0.0.4'), 24);
    const any = open('b', 0, 9000);
    const one = open('a', A, 1000);
    const other = open('a', A, 1001);
    const connected = open('b', 0, 9001);
    connected.connect(A, 1000);
    one.sendTo(B, 9001, ONE);
    other.sendTo(B, 9001, ONE);
    one.sendTo(B, 9000, ONE);
    settle();
    expect(connected.receive()).toMatchObject({ sourcePort: 1000 });
    expect(connected.receive()).toBeUndefined();
    expect(any.receive()).toMatchObject({ sourcePort: 1000 });
    expect(dropsOf(host.kernel)).toEqual(['b port-unreachable 1']);
  });

  it('RFC 1122 4.1.3.5: two sockets at one port each hear what is for their address', () => {
    host.kernel.addAddress(linkOf(host.kernel, 'b', 'eth0'), ip('10.0.0.4'), 24);
    const first = open('b', B, 9000);
    const second = open('b', ip('10.0.0.4'), 9000);
    open('a').sendTo(ip('10.0.0.4'), 9000, ONE);
    settle();
    expect([first.readable(), second.readable()]).toEqual([false, true]);
  });

  it('lo: programs of one namespace reach each other at every own address, 127.0.0.11 among them', () => {
    const lines = sentFrames(host);
    const server = open('a', ip('127.0.0.11'), 53);
    const client = open('a');
    client.connect(ip('127.0.0.11'), 53);
    client.sendTo(ip('127.0.0.11'), 53, ONE);
    settle();
    const question = done(server.receive());
    expect(question).toMatchObject({ source: LOCALHOST });
    server.sendTo(question.source, question.sourcePort, Uint8Array.of(2));
    settle();
    expect(client.receive()).toMatchObject({ source: ip('127.0.0.11'), sourcePort: 53 });
    const own = open('a', 0, 9000);
    client.sendTo(A, 9000, ONE);
    open('a').sendTo(0, 9000, ONE);
    settle();
    expect([own.receive()?.source, own.receive()?.source]).toEqual([LOCALHOST, LOCALHOST]);
    expect(lines.every((line) => line.includes('a/lo'))).toBe(true);
  });

  it('the queue holds 256 datagrams, and 212,992 bytes', () => {
    const server = open('b', 0, 9000);
    const client = open('a');
    client.sendTo(B, 9000, ONE);
    settle();
    for (let i = 0; i < 300; i++) client.sendTo(B, 9000, ONE);
    settle();
    expect(dropsOf(host.kernel)).toEqual(['b socket-queue-full 45']);
    while (server.receive() !== undefined);
    for (let i = 0; i < 5; i++) client.sendTo(B, 9000, new Uint8Array(60_000));
    settle();
    expect(dropsOf(host.kernel)).toEqual(['b socket-queue-full 47']);
  });

  it('RFC 1122 4.1.4: time to live and don\'t-fragment are the program\'s to choose', () => {
    const server = open('b', 0, 9000);
    const client = open('a');
    client.ttl = 7;
    client.dontFragment = true;
    expect(client.sendTo(B, 9000, new Uint8Array(1473))).toBe('EMSGSIZE');
    expect(client.sendTo(B, 9000, new Uint8Array(1472))).toBeUndefined();
    settle();
    expect(server.receive()).toMatchObject({ ttl: 7 });
  });

  it('RFC 1122 3.3.6: a datagram to everybody on the link reaches sockets at any address', () => {
    const server = open('b', 0, 9000);
    const client = open('a');
    client.sendTo(ip('10.0.0.255'), 9000, ONE);
    client.sendTo(ip('255.255.255.255'), 9000, ONE);
    settle();
    expect([server.receive()?.target, server.receive()?.target]).toEqual([ip('10.0.0.255'), ip('255.255.255.255')]);
    client.sendTo(ip('10.0.0.255'), 9001, ONE);
    settle();
    expect(client.readable()).toBe(false);
    expect(dropsOf(host.kernel)).toEqual(['b port-unreachable 1']);
  });

  it('a namespace that is deleted closes its sockets and tells who waits', () => {
    const socket = open('b', 0, 9000);
    const ping = host.kernel.sockets('b').icmp();
    open('a').sendTo(B, 9000, ONE);
    settle();
    const errors: (string | undefined)[] = [];
    socket.onReadable = () => errors.push(socket.takeError());
    ping.onReadable = () => errors.push(ping.takeError());
    expect(host.kernel.deleteNetns('b')).toBeUndefined();
    expect(errors).toEqual(['ENETDOWN', 'ENETDOWN']);
    expect(host.kernel.tables.sockets.size).toBe(1);
    expect([socket.receive(), socket.sendTo(A, 1, ONE), ping.sendEcho(A, 1, ONE)]).toEqual([undefined, 'EBADF',
      'EBADF']);
    host.run(nowNs += 100 * SECOND);
    expect(host.kernel.pool.taken).toBe(0);
  });
});

describe('a tunnel\'s datagram', () => {
  it('RFC 7348 4.3: gets its headers in place, with no checksum and don\'t-fragment set', () => {
    const host = joinedNamespaces();
    const received: string[] = [];
    const { kernel } = host;
    let sent: Uint8Array | undefined;
    expect(kernel.stack('b')!.bindTunnel(4789, { receive: (frame, source) => {
      received.push(`${source === A} ${Buffer.from(frame.bytes()).toString('hex')}`);
      kernel.pool.release(frame);
    } })).toBe(true);
    kernel.tap = { dropped: () => undefined, frame: (direction, link, frame) => {
      if (direction === 'out' && link.netns === 'a') sent = frame.bytes().slice();
    } };
    host.at(SECOND, () => {
      const frame = kernel.pool.take(4);
      frame.buffer.set([1, 2, 3, 4], frame.start);
      kernel.stack('a')!.sendUdpInPlace(frame, 0, 50_000, B, 4789);
    });
    host.run(2 * SECOND);
    expect(received).toEqual(['true 01020304']);
    expect(Buffer.from(sent!.subarray(14, 24)).toString('hex')).toBe('45000020000040004011');
    expect(Buffer.from(sent!.subarray(34)).toString('hex')).toBe('c35012b5000c000001020304');
    kernel.stack('b')!.unbindTunnel(4789);
    expect(kernel.stack('b')!.bindTunnel(4789, { receive: () => undefined })).toBe(true);
  });

  it('is lost when it does not fit its link', () => {
    const host = joinedNamespaces();
    host.kernel.stack('a')!.sendUdpInPlace(host.kernel.pool.take(1473), 0, 50_000, B, 4789);
    expect(dropsOf(host.kernel)).toEqual(['a fragmentation-needed 1']);
    host.kernel.stack('a')!.sendUdpInPlace(host.kernel.pool.take(10), 0, 50_000, ip('192.0.2.1'), 4789);
    expect(dropsOf(host.kernel)).toEqual(['a fragmentation-needed 1', 'a no-route 1']);
  });
});
