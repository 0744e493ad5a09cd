import { SECOND } from '@netreel/sim';
import { encodeEthernet, encodeIcmp, encodeIpv4, ETHERTYPE } from '@netreel/wire';
import { dropsOf, type KernelUnderTest } from '../testing.js';
import { A, A_MAC, B, B_MAC, inject, ip, joinedNamespaces } from '../ipv4/testing.js';

describe('a ping socket', () => {
  let host: KernelUnderTest;
  beforeEach(() => {
    host = joinedNamespaces();
    host.run(SECOND);
  });

  it('RFC 792: hears the replies to its own echoes, told apart by identifier', () => {
    const first = host.kernel.sockets('a').icmp();
    const second = host.kernel.sockets('a').icmp();
    expect(first.identifier).not.toBe(second.identifier);
    first.sendEcho(B, 1, Uint8Array.of(1));
    second.sendEcho(B, 2, Uint8Array.of(2, 2));
    host.run(2 * SECOND);
    expect(first.receive()).toEqual({ source: B, type: 0, code: 0, sequence: 1, ttl: 64, sizeBytes: 9,
      payload: Uint8Array.of(1), mtu: 0, duplicate: false });
    expect(first.receive()).toBeUndefined();
    expect(second.receive()).toMatchObject({ sequence: 2, payload: Uint8Array.of(2, 2) });
  });

  it('marks a second reply to one echo, and not the first reply to the next of that number', () => {
    const socket = host.kernel.sockets('a').icmp();
    socket.sendEcho(B, 1, new Uint8Array(8));
    host.run(2 * SECOND);
    const payload = encodeIcmp({ kind: 'echo-reply', identifier: socket.identifier, sequence: 1,
      data: new Uint8Array(8) });
    inject(host, 'a', 'eth0', encodeEthernet({ target: A_MAC, source: B_MAC, type: ETHERTYPE.ipv4, payload: encodeIpv4({
      tos: 0, identification: 1, dontFragment: false, moreFragments: false, fragmentOffset: 0, ttl: 64, protocol: 1,
        source: B, target: A,
      options: new Uint8Array(0), payload }) }));
    expect([socket.receive()?.duplicate, socket.receive()?.duplicate]).toEqual([false, true]);
    socket.sendEcho(B, 1, new Uint8Array(8));
    host.run(3 * SECOND);
    expect(socket.receive()?.duplicate).toBe(false);
  });

  it('reaches the namespace\'s own addresses, without a neighbour', () => {
    const socket = host.kernel.sockets('a').icmp();
    socket.sendEcho(A, 1, new Uint8Array(8));
    socket.sendEcho(ip('127.0.0.1'), 2, new Uint8Array(8));
    host.run(2 * SECOND);
    expect([socket.receive()?.source, socket.receive()?.source]).toEqual([A, ip('127.0.0.1')]);
    expect(host.events.filter((event) => event.type === 'NeighbourChanged')).toEqual([]);
  });

  it('uses the source address it is told to, if it is an own one', () => {
    const socket = host.kernel.sockets('a').icmp();
    socket.source = B;
    expect(socket.sendEcho(B, 1, new Uint8Array(8))).toBe('EADDRNOTAVAIL');
    socket.source = A;
    expect(socket.sendEcho(B, 1, new Uint8Array(8))).toBeUndefined();
  });

  it('ENETUNREACH, EMSGSIZE, EBADF', () => {
    const socket = host.kernel.sockets('a').icmp();
    expect(socket.sendEcho(ip('192.0.2.1'), 1, new Uint8Array(8))).toBe('ENETUNREACH');
    expect(socket.sendEcho(B, 1, new Uint8Array(65_508))).toBe('EMSGSIZE');
    socket.dontFragment = true;
    expect(socket.sendEcho(B, 1, new Uint8Array(1473))).toBe('EMSGSIZE');
    socket.close();
    expect(socket.sendEcho(B, 1, new Uint8Array(8))).toBe('EBADF');
  });

  it('holds 256 notices', () => {
    const socket = host.kernel.sockets('a').icmp();
    for (let sequence = 0; sequence < 300; sequence++) {
      host.at(SECOND + sequence * 1000_000, () => socket.sendEcho(B, sequence, new Uint8Array(8)));
    }
    host.run(3 * SECOND);
    expect(dropsOf(host.kernel)).toEqual(['a socket-queue-full 44']);
  });
});
