import { MINUTE, SECOND } from '@netreel/sim';
import { encodeEthernet, encodeIcmp, encodeIpv4, ETHERTYPE, fragmentIpv4, type Ipv4Packet } from '@netreel/wire';
import { done, dropsOf, linkOf, type KernelUnderTest } from '../testing.js';
import { A, A_MAC, FAR, inject, ip, routedNamespaces, sentFrames } from './testing.js';

const LEFT = ip('10.0.0.1');

describe('a namespace that forwards', () => {
  it('RFC 1812 5.2.1: passes packets on, one hop less to live', () => {
    const host = routedNamespaces();
    const socket = host.kernel.sockets('a').icmp();
    host.at(SECOND, () => socket.sendEcho(FAR, 1, new Uint8Array(56)));
    host.run(2 * SECOND);
    expect(socket.receive()).toMatchObject({ source: FAR, type: 0, ttl: 63 });
    expect(dropsOf(host.kernel)).toEqual([]);
  });

  it('RFC 1812 5.3.1: a packet that runs out of hops is told of by the router', () => {
    const host = routedNamespaces();
    const socket = host.kernel.sockets('a').icmp();
    socket.ttl = 1;
    host.at(SECOND, () => socket.sendEcho(FAR, 7, new Uint8Array(56)));
    host.run(2 * SECOND);
    expect(socket.receive()).toMatchObject({ source: LEFT, type: 11, code: 0, sequence: 7 });
    expect(dropsOf(host.kernel)).toEqual(['r ttl-exceeded 1']);
  });

  it('RFC 1812 4.3.3.1: a router without a route says that the network is unreachable', () => {
    const host = routedNamespaces();
    const socket = host.kernel.sockets('a').icmp();
    host.at(SECOND, () => socket.sendEcho(ip('192.0.2.1'), 1, new Uint8Array(56)));
    host.run(2 * SECOND);
    expect(socket.receive()).toMatchObject({ source: LEFT, type: 3, code: 0 });
    expect(dropsOf(host.kernel)).toEqual(['r no-route 1']);
  });

  it('RFC 1812 4.3.3.1: a router whose neighbour is silent says that the host is unreachable', () => {
    const host = routedNamespaces();
    const socket = host.kernel.sockets('a').icmp();
    host.at(SECOND, () => socket.sendEcho(ip('10.0.1.9'), 1, new Uint8Array(56)));
    host.run(10 * SECOND);
    expect(socket.receive()).toMatchObject({ source: LEFT, type: 3, code: 1 });
    expect(dropsOf(host.kernel)).toEqual(['r/right neighbour-failed 1']);
  });

  it('passes nothing on when net.ipv4.ip_forward is off, and says nothing', () => {
    const host = routedNamespaces();
    host.kernel.setForwarding('r', false);
    const socket = host.kernel.sockets('a').icmp();
    host.at(SECOND, () => socket.sendEcho(FAR, 1, new Uint8Array(56)));
    host.run(10 * SECOND);
    expect(socket.readable()).toBe(false);
    expect(dropsOf(host.kernel)).toEqual(['r not-forwarding 1']);
  });

  describe('into a narrower link', () => {
    let host: KernelUnderTest;
    beforeEach(() => { host = routedNamespaces(1400); });

    it('RFC 1191 4: says which size fits when it may not fragment, and the sender keeps to it for ten minutes', () => {
      const socket = host.kernel.sockets('a').icmp();
      socket.dontFragment = true;
      host.at(SECOND, () => expect(socket.sendEcho(FAR, 1, new Uint8Array(1472))).toBeUndefined());
      host.run(2 * SECOND);
      expect(socket.receive()).toMatchObject({ source: LEFT, type: 3, code: 4, mtu: 1400, sequence: 1 });
      expect(dropsOf(host.kernel)).toEqual(['r fragmentation-needed 1']);
      host.at(3 * SECOND, () => {
        expect(socket.sendEcho(FAR, 2, new Uint8Array(1373))).toBe('EMSGSIZE');
        expect(socket.sendEcho(FAR, 3, new Uint8Array(1372))).toBeUndefined();
      });
      host.run(4 * SECOND);
      expect(socket.receive()).toMatchObject({ type: 0, sequence: 3 });
      host.at(11 * MINUTE, () => expect(socket.sendEcho(FAR, 4, new Uint8Array(1472))).toBeUndefined());
      host.run(12 * MINUTE);
    });

    it('RFC 1191 4: a connected UDP socket that forbids fragments learns of it', () => {
      const socket = host.kernel.sockets('a').udp();
      socket.connect(FAR, 9000);
      socket.dontFragment = true;
      host.at(SECOND, () => expect(socket.sendTo(FAR, 9000, new Uint8Array(1450))).toBeUndefined());
      host.run(2 * SECOND);
      expect(socket.readable()).toBe(true);
      expect(socket.takeError()).toBe('EMSGSIZE');
      expect(socket.takeError()).toBeUndefined();
    });

    it('RFC 791 3.2: cuts packets that may be cut', () => {
      const lines = sentFrames(host);
      const receiver = host.kernel.sockets('b').udp();
      receiver.bind(0, 9000);
      const payload = Uint8Array.from({ length: 1450 }, (_, i) => i);
      host.at(SECOND, () => host.kernel.sockets('a').udp().sendTo(FAR, 9000, payload));
      host.run(2 * SECOND);
      expect(lines.filter((line) => line.includes('r/right IPv4'))).toHaveLength(2);
      expect(receiver.receive()?.payload).toEqual(payload);
    });
  });

  it('RFC 1122 3.2.2: no error about an error, a later fragment, or what came to a group of stations', () => {
    const host = routedNamespaces();
    host.run(SECOND);
    const lines = sentFrames(host);
    const base: Ipv4Packet = { tos: 0, identification: 1, dontFragment: false, moreFragments: false, fragmentOffset: 0,
      ttl: 1, protocol: 1, source: A, target: FAR, options: new Uint8Array(0), payload: new Uint8Array(16) };
    const router = linkOf(host.kernel, 'r', 'left').mac;
    const arrive = (packet: Ipv4Packet, target = router): void =>
      inject(host, 'r', 'left', encodeEthernet({ target, source: A_MAC, type: ETHERTYPE.ipv4,
        payload: encodeIpv4(packet) }));
    arrive({ ...base, payload: encodeIcmp({ kind: 'unreachable', code: 1, nextHopMtu: 0, quoted: encodeIpv4(base) }) });
    arrive({ ...base, protocol: 17, fragmentOffset: 8 });
    arrive({ ...base, protocol: 17 }, 0xffff_ffff_ffff);
    arrive({ ...base, protocol: 17, source: ip('10.0.0.255') });
    expect(lines).toEqual([]);
    // The same as a plain datagram is answered (the neighbour is asked for first).
    arrive({ ...base, protocol: 17 });
    expect(lines).toHaveLength(1);
    expect(dropsOf(host.kernel)).toEqual(['r not-forwarding 1', 'r ttl-exceeded 3', 'r/left martian 1']);
  });

  it('RFC 791 3.2: fragments of fragments are put together at the end', () => {
    const host = routedNamespaces(600);
    const receiver = host.kernel.sockets('b').icmp();
    const sender = host.kernel.sockets('a').icmp();
    const payload = Uint8Array.from({ length: 4000 }, (_, i) => i * 7);
    host.at(SECOND, () => sender.sendEcho(FAR, 1, payload));
    host.run(2 * SECOND);
    const reply = done(sender.receive());
    expect(reply).toMatchObject({ type: 0, sizeBytes: 4008 });
    expect(reply.payload).toEqual(payload);
    expect(receiver.readable()).toBe(false);
    expect(fragmentIpv4(new Uint8Array(0), 600).ok).toBe(false);
    expect(host.kernel.pool.taken).toBe(0);
  });
});
