import { SECOND } from '@netreel/sim';
import { encodeEthernet, encodeIcmp, encodeIpv4, ETHERTYPE, fragmentIpv4, type Ipv4Packet } from '@netreel/wire';
import { dropsOf, type KernelUnderTest } from '../testing.js';
import { A, A_MAC, B, B_MAC, inject, joinedNamespaces, sentFrames } from './testing.js';

describe('fragments', () => {
  let host: KernelUnderTest;
  let lines: string[];
  beforeEach(() => {
    host = joinedNamespaces();
    host.run(SECOND);
    lines = sentFrames(host);
  });

  const packet = (payload: Uint8Array, more: Partial<Ipv4Packet> = {}): Uint8Array => encodeIpv4({ tos: 0,
    identification: 77, dontFragment: false, moreFragments: false, fragmentOffset: 0, ttl: 64,
    protocol: 1, source: A, target: B,
    options: new Uint8Array(0), payload, ...more });
  const echo = (sizeBytes: number): Uint8Array =>
    packet(encodeIcmp({ kind: 'echo', identifier: 5, sequence: 1, data: new Uint8Array(sizeBytes).fill(9) }));
  const pieces = (datagram: Uint8Array): readonly Uint8Array[] => {
    const cut = fragmentIpv4(datagram, 1500);
    if (!cut.ok) throw new Error(cut.flaw);
    return cut.datagrams;
  };
  const arrive = (datagram: Uint8Array): void =>
    inject(host, 'b', 'eth0', encodeEthernet({ target: B_MAC, source: A_MAC, type: ETHERTYPE.ipv4,
      payload: datagram }));
  const replies = (): string[] => lines.filter((line) => line.includes('b/eth0 IPv4'));

  it('RFC 791 3.2: a ping of 3,000 bytes over 1,500 goes in three pieces each way', () => {
    const socket = host.kernel.sockets('a').icmp();
    host.at(2 * SECOND, () => socket.sendEcho(B, 1, new Uint8Array(3000).fill(3)));
    host.run(3 * SECOND);
    expect(lines.filter((line) => line.includes('a/eth0 IPv4'))).toHaveLength(3);
    expect(replies()).toHaveLength(3);
    expect(socket.receive()).toMatchObject({ type: 0, sizeBytes: 3008, payload: new Uint8Array(3000).fill(3) });
    expect(host.kernel.pool.taken).toBe(0);
  });

  it('RFC 815: the order does not matter, and a repeated fragment does no harm', () => {
    const [first, second, third] = pieces(echo(3000));
    for (const piece of [third!, first!, first!, second!]) arrive(piece);
    host.run(3 * SECOND);
    expect(replies()).toHaveLength(3);
    expect(dropsOf(host.kernel)).toEqual([]);
  });

  it('RFC 5722: fragments that overlap lose the whole datagram', () => {
    const [first, second] = pieces(echo(3000));
    arrive(first!);
    arrive(packet(new Uint8Array(64), { fragmentOffset: 1472, moreFragments: true }));
    expect(dropsOf(host.kernel)).toEqual(['b reassembly-overlap 1']);
    arrive(second!);
    host.run(60 * SECOND);
    expect(replies()).toEqual([]);
    // The second one started a reassembly of its own, which never saw its first fragment.
    expect(dropsOf(host.kernel)).toEqual(['b reassembly-overlap 1', 'b reassembly-timeout 1']);
  });

  it('RFC 1122 3.3.2: after 30 s the sender is told, if the first fragment had come', () => {
    host.at(2 * SECOND, () => arrive(pieces(echo(3000))[0]!));
    host.run(31 * SECOND);
    expect(dropsOf(host.kernel)).toEqual([]);
    host.run(33 * SECOND);
    expect(dropsOf(host.kernel)).toEqual(['b reassembly-timeout 1']);
    expect(replies()).toEqual([
      '32.000020s b/eth0 IPv4 10.0.0.3 > 10.0.0.2: ICMP ip reassembly time exceeded, length 556']);
  });

  it('RFC 792: nobody is told about a datagram without its first fragment', () => {
    host.at(2 * SECOND, () => arrive(pieces(echo(3000))[1]!));
    host.run(60 * SECOND);
    expect(dropsOf(host.kernel)).toEqual(['b reassembly-timeout 1']);
    expect(lines).toEqual([]);
  });

  it('holds 4 MiB of fragments at most', () => {
    for (let identification = 0; identification < 3000; identification++) {
      arrive(packet(new Uint8Array(1480), { identification, moreFragments: true }));
    }
    expect(dropsOf(host.kernel)).toEqual([`b reassembly-full ${3000 - 2416}`]);
    host.run(60 * SECOND);
    expect(host.machine.nextAt()).toBe(Number.MAX_SAFE_INTEGER);
    lines.length = 0;
    for (const piece of pieces(echo(3000))) arrive(piece);
    host.run(61 * SECOND);
    expect(replies()).toHaveLength(3);
  });

  it('a namespace that closes lets go of what waits', () => {
    arrive(pieces(echo(3000))[0]!);
    host.kernel.deleteNetns('b');
    host.run(60 * SECOND);
    expect(host.machine.nextAt()).toBe(Number.MAX_SAFE_INTEGER);
    expect(host.kernel.pool.taken).toBe(0);
  });
});
