import { MILLISECOND, SECOND } from '@netreel/sim';
import { BROADCAST_MAC, encodeArp, encodeEthernet, ETHERTYPE, type ArpPacket, type Mac } from '@netreel/wire';
import { done, dropsOf, linkOf, type KernelUnderTest } from '../testing.js';
import { A, A_MAC, B, B_MAC, NOBODY, inject, ip, joinedNamespaces, mac, sentFrames } from './testing.js';

const OTHER_MAC = mac('02:00:00:00:00:0c');

function arp(target: Mac, packet: ArpPacket): Uint8Array {
  return encodeEthernet({ target, source: packet.senderMac, type: ETHERTYPE.arp, payload: encodeArp(packet) });
}

describe('ARP', () => {
  let host: KernelUnderTest;
  beforeEach(() => { host = joinedNamespaces(); });

  const states = (): string[] => host.events.flatMap((event) =>
    event.type === 'NeighbourChanged' ? [`${host.kernel.link(event.link)!.netns} ${event.state}`] : []);
  const neighbour = (netns: string, address: number) => linkOf(host.kernel, netns, 'eth0').neighbours.get(address);
  const ping = (atNs: number, target: number) => {
    const socket = host.kernel.sockets('a').icmp();
    host.at(atNs, () => expect(socket.sendEcho(target, 1, new Uint8Array(8))).toBeUndefined());
    return socket;
  };

  it('RFC 826: asks everybody for an address, and its owner answers the asker alone', () => {
    const frames: Uint8Array[] = [];
    host.kernel.tap = { dropped: () => undefined,
      frame: (direction, _link, frame) => { if (direction === 'out') frames.push(frame.bytes().slice()); } };
    ping(SECOND, B);
    host.run(2 * SECOND);
    const request = 'ffffffffffff02000000000a0806' + '0001080006040001' + '02000000000a0a000002'
      + '0000000000000a000003';
    const reply = '02000000000a02000000000b0806' + '0001080006040002' + '02000000000b0a000003' + '02000000000a0a000002';
    expect(frames.slice(0, 2).map((bytes) => Buffer.from(bytes).toString('hex'))).toEqual([request, reply]);
  });

  it('RFC 826: who is asked learns the asker, so that its answer needs no request', () => {
    const lines = sentFrames(host);
    ping(SECOND, B);
    host.run(2 * SECOND);
    expect(lines.filter((line) => line.includes('Request'))).toHaveLength(1);
    expect(neighbour('b', A)).toMatchObject({ mac: A_MAC });
  });

  it('goes from INCOMPLETE to REACHABLE, and rests as STALE without a timer', () => {
    ping(SECOND, B);
    host.run(2 * SECOND);
    expect(states().filter((state) => state.startsWith('a'))).toEqual(['a INCOMPLETE', 'a REACHABLE']);
    // From half to one and a half of 30 s.
    host.run(15 * SECOND);
    expect(neighbour('a', B)!.state).toBe('REACHABLE');
    host.run(60 * SECOND);
    expect(neighbour('a', B)!.state).toBe('STALE');
    expect(host.machine.nextAt()).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('RFC 1122 2.3.2.1: a STALE row is used at once, and asked for by unicast after 5 s', () => {
    ping(SECOND, B);
    ping(100 * SECOND, B);
    host.run(100 * SECOND);
    const lines = sentFrames(host);
    host.events.length = 0;
    host.run(110 * SECOND);
    expect(lines[0]).toMatch(/^100\.000000s a\/eth0 IPv4 10\.0\.0\.2 > 10\.0\.0\.3: ICMP echo request/);
    expect(lines.filter((line) => line.includes('a/eth0 ARP Request'))).toEqual([
      '105.000000s a/eth0 ARP Request who-has 10.0.0.3 tell 10.0.0.2, length 28']);
    expect(states().filter((state) => state.startsWith('a'))).toEqual(['a DELAY', 'a PROBE', 'a REACHABLE']);
  });

  it('a neighbour that no longer answers is FAILED after three unicast requests', () => {
    ping(SECOND, B);
    host.run(100 * SECOND);
    done(host.kernel.deleteAddress(linkOf(host.kernel, 'b', 'eth0'), B, 24) ?? linkOf(host.kernel, 'b', 'eth0'));
    const lines = sentFrames(host);
    ping(101 * SECOND, B);
    host.run(120 * SECOND);
    expect(lines.filter((line) => line.includes('Request')).map((line) => line.slice(0, 11))).toEqual([
      '106.000000s', '107.000000s', '108.000000s']);
    expect(neighbour('a', B)).toMatchObject({ state: 'FAILED', mac: 0 });
  });

  it('RFC 1122 2.3.2.1: asks once a second, three times; then the sender is told that the host is unreachable', () => {
    const lines = sentFrames(host);
    const socket = ping(SECOND, NOBODY);
    host.run(10 * SECOND);
    expect(lines.filter((line) => line.includes('ARP'))).toEqual([1, 2, 3].map((second) =>
      `${second}.000000s a/eth0 ARP Request who-has 10.0.0.9 tell 10.0.0.2, length 28`));
    expect(lines.at(-1)).toBe('4.000000s a/lo IPv4 10.0.0.2 > 10.0.0.2: ICMP host 10.0.0.9 unreachable, length 44');
    expect(socket.receive()).toMatchObject({ source: A, type: 3, code: 1, sequence: 1 });
    expect(dropsOf(host.kernel)).toEqual(['a/eth0 neighbour-failed 1']);
    expect(neighbour('a', NOBODY)!.state).toBe('FAILED');
    expect(host.kernel.pool.taken).toBe(0);
  });

  it('RFC 1122 2.3.2.2: packets wait for the answer in order, 101 at most, the oldest gives way', () => {
    const sender = host.kernel.sockets('a').udp();
    const receiver = host.kernel.sockets('b').udp();
    receiver.bind(0, 9000);
    host.at(SECOND, () => {
      for (let i = 0; i < 105; i++) sender.sendTo(B, 9000, Uint8Array.of(i));
    });
    host.run(2 * SECOND);
    expect(dropsOf(host.kernel)).toEqual(['a/eth0 neighbour-queue-full 4']);
    const got: number[] = [];
    while (receiver.readable()) got.push(receiver.receive()!.payload[0]!);
    expect(got).toEqual(Array.from({ length: 101 }, (_, i) => i + 4));
  });

  it('traffic that confirms a REACHABLE neighbour makes no event, and keeps it reachable', () => {
    ping(SECOND, B);
    host.run(2 * SECOND);
    host.events.length = 0;
    for (let second = 2; second < 120; second++) {
      host.at(second * SECOND, () => host.kernel.stack('a')!.confirmNeighbour(B));
    }
    host.run(120 * SECOND);
    expect(states().filter((state) => state.startsWith('a'))).toEqual([]);
    expect(neighbour('a', B)!.state).toBe('REACHABLE');
  });

  it('RFC 5227 2.3: an announcement corrects whoever knows the address, and teaches nobody else', () => {
    ping(SECOND, B);
    host.run(2 * SECOND);
    inject(host, 'a', 'eth0', arp(BROADCAST_MAC, { operation: 'request', senderMac: OTHER_MAC, senderIp: B,
      targetMac: 0, targetIp: B }));
    inject(host, 'a', 'eth0', arp(BROADCAST_MAC, { operation: 'request', senderMac: OTHER_MAC, senderIp: NOBODY,
      targetMac: 0, targetIp: NOBODY }));
    expect(neighbour('a', B)).toMatchObject({ mac: OTHER_MAC, state: 'STALE' });
    expect(neighbour('a', NOBODY)).toBeUndefined();
  });

  it('RFC 5227 2.3: sends an announcement when told to', () => {
    const lines = sentFrames(host);
    host.at(SECOND, () => host.kernel.stack('b')!.sendGratuitousArp(linkOf(host.kernel, 'b', 'eth0'), B));
    host.run(2 * SECOND);
    expect(lines).toEqual(['1.000000s b/eth0 ARP Request who-has 10.0.0.3 tell 10.0.0.3, length 28']);
  });

  it('RFC 5227 2.1.1: answers a probe from 0.0.0.0 and learns nothing from it', () => {
    const lines = sentFrames(host);
    inject(host, 'b', 'eth0', arp(BROADCAST_MAC, { operation: 'request', senderMac: OTHER_MAC, senderIp: 0,
      targetMac: 0, targetIp: B }));
    expect(lines).toEqual(['0.000000s b/eth0 ARP Reply 10.0.0.3 is-at 02:00:00:00:00:0b, length 28']);
    expect(linkOf(host.kernel, 'b', 'eth0').neighbours.size).toBe(0);
  });

  it('a second, different answer within a second is not believed', () => {
    ping(SECOND, B);
    const other = arp(A_MAC, { operation: 'reply', senderMac: OTHER_MAC, senderIp: B, targetMac: A_MAC, targetIp: A });
    host.at(SECOND + 500 * MILLISECOND, () => inject(host, 'a', 'eth0', other));
    host.run(2 * SECOND);
    expect(neighbour('a', B)!.mac).toBe(B_MAC);
    host.at(3 * SECOND, () => inject(host, 'a', 'eth0', other));
    host.run(4 * SECOND);
    expect(neighbour('a', B)).toMatchObject({ mac: OTHER_MAC, state: 'REACHABLE' });
  });

  it('a PERMANENT row is used as it is, and no packet changes it', () => {
    const link = linkOf(host.kernel, 'a', 'eth0');
    host.kernel.addNeighbour(link, B, B_MAC);
    const lines = sentFrames(host);
    const socket = ping(SECOND, B);
    inject(host, 'a', 'eth0', arp(A_MAC, { operation: 'reply', senderMac: OTHER_MAC, senderIp: B, targetMac: A_MAC,
      targetIp: A }));
    host.run(2 * SECOND);
    expect(lines.filter((line) => line.includes('a/eth0 ARP Request'))).toEqual([]);
    expect(socket.receive()).toMatchObject({ type: 0 });
    expect(neighbour('a', B)).toMatchObject({ mac: B_MAC, state: 'PERMANENT' });
  });

  it('packets that wait are sent when somebody writes the row by hand', () => {
    const receiver = host.kernel.sockets('b').udp();
    receiver.bind(0, 9000);
    host.at(SECOND, () => host.kernel.sockets('a').udp().sendTo(NOBODY, 9000, Uint8Array.of(1)));
    host.at(SECOND + 1, () => host.kernel.addNeighbour(linkOf(host.kernel, 'a', 'eth0'), NOBODY, B_MAC, true));
    host.at(SECOND + 2, () => host.kernel.addAddress(linkOf(host.kernel, 'b', 'eth0'), NOBODY, 24));
    host.run(5 * SECOND);
    expect(receiver.receive()?.payload).toEqual(Uint8Array.of(1));
  });

  it('a link that goes down forgets its neighbours, drops what waits and stops its timers', () => {
    ping(SECOND, NOBODY);
    ping(SECOND, B);
    host.at(1500 * MILLISECOND, () => host.kernel.setDown(linkOf(host.kernel, 'a', 'eth0')));
    host.run(60 * SECOND);
    expect(linkOf(host.kernel, 'a', 'eth0').neighbours.size).toBe(0);
    expect(dropsOf(host.kernel)).toEqual(['a/eth0 link-down 1']);
    expect(host.kernel.pool.taken).toBe(0);
    expect(host.machine.nextAt()).toBe(Number.MAX_SAFE_INTEGER);
  });

  it.each([
    ['too short', (bytes: Uint8Array) => bytes.slice(0, 40)],
    ['of another hardware', (bytes: Uint8Array) => { bytes[15] = 6; return bytes; }],
    ['with other lengths', (bytes: Uint8Array) => { bytes[18] = 8; return bytes; }],
    ['with an unknown operation', (bytes: Uint8Array) => { bytes[21] = 9; return bytes; }],
  ])('RFC 826: discards a packet %s', (_what, spoil) => {
    const good = arp(BROADCAST_MAC, { operation: 'request', senderMac: OTHER_MAC, senderIp: ip('10.0.0.7'),
      targetMac: 0, targetIp: B });
    inject(host, 'b', 'eth0', spoil(good));
    expect(dropsOf(host.kernel)).toEqual(['b/eth0 bad-arp 1']);
  });
});
