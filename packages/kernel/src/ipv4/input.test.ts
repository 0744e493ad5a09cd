import { RandomStream, SECOND } from '@netreel/sim';
import {
  BROADCAST_MAC, encodeEthernet, encodeIcmp, encodeIpv4, encodeUdp, encodeArp, ETHERTYPE, fragmentIpv4, type Ipv4Packet,
} from '@netreel/wire';
import { done, dropsOf, linkOf, type KernelUnderTest } from '../testing.js';
import { A, A_MAC, B, B_MAC, inject, ip, joinedNamespaces, routedNamespaces, sentFrames } from './testing.js';

const NO_BYTES = new Uint8Array(0);

const echo: Ipv4Packet = { tos: 0, identification: 1, dontFragment: false, moreFragments: false, fragmentOffset: 0,
  ttl: 64, protocol: 1, source: A, target: B, options: NO_BYTES,
  payload: encodeIcmp({ kind: 'echo', identifier: 5, sequence: 1, data: new Uint8Array(8) }) };

function ethernet(payload: Uint8Array, target = B_MAC, type: number = ETHERTYPE.ipv4): Uint8Array {
  return encodeEthernet({ target, source: A_MAC, type, payload });
}

describe('what comes in', () => {
  let host: KernelUnderTest;
  let lines: string[];
  beforeEach(() => {
    host = joinedNamespaces();
    host.run(SECOND);
    lines = sentFrames(host);
  });

  const arrive = (packet: Ipv4Packet, target = B_MAC): void =>
    inject(host, 'b', 'eth0', ethernet(encodeIpv4(packet), target));

  it('RFC 1122 3.2.2.6: an echo request is answered with its own data', () => {
    arrive({ ...echo, tos: 0x10, options: Uint8Array.of(1, 1, 1, 0) });
    host.run(2 * SECOND);
    expect(lines.at(-1)).toMatch(/b\/eth0 IPv4 10\.0\.0\.3 > 10\.0\.0\.2: ICMP echo reply, id 5, seq 1, length 16$/);
  });

  it('RFC 1122 3.2.1.2: a wrong header checksum is counted, and the packet is gone', () => {
    const bytes = ethernet(encodeIpv4(echo));
    bytes[24]! ^= 1;
    inject(host, 'b', 'eth0', bytes);
    expect(dropsOf(host.kernel)).toEqual(['b/eth0 bad-checksum 1']);
  });

  it('RFC 792: a wrong ICMP checksum is counted', () => {
    const payload = echo.payload.slice();
    payload[9]! ^= 1;
    arrive({ ...echo, payload });
    expect(dropsOf(host.kernel)).toEqual(['b bad-checksum 1']);
  });

  it('RFC 768: a wrong UDP checksum is counted, none at all is accepted', () => {
    const socket = host.kernel.sockets('b').udp();
    socket.bind(0, 9000);
    const datagram = { sourcePort: 1, targetPort: 9000, payload: Uint8Array.of(1, 2, 3) };
    const wrong = encodeUdp(datagram, { source: A, target: B });
    wrong[9]! ^= 1;
    arrive({ ...echo, protocol: 17, payload: wrong });
    expect(dropsOf(host.kernel)).toEqual(['b bad-checksum 1']);
    expect(socket.readable()).toBe(false);
    arrive({ ...echo, protocol: 17, payload: encodeUdp(datagram) });
    expect(socket.receive()).toEqual({ source: A, sourcePort: 1, target: B, payload: Uint8Array.of(1, 2, 3), ttl: 64 });
  });

  it.each([
    ['another version', (bytes: Uint8Array) => { bytes[14] = 0x65; }],
    ['a header that is too short', (bytes: Uint8Array) => { bytes[14] = 0x44; }],
    ['a length beyond the frame', (bytes: Uint8Array) => { bytes[16] = 9; }],
  ])('RFC 1812 5.2.2: %s is no packet', (_what, spoil) => {
    const bytes = ethernet(encodeIpv4(echo));
    spoil(bytes);
    inject(host, 'b', 'eth0', bytes);
    expect(dropsOf(host.kernel)).toEqual(['b/eth0 bad-ipv4 1']);
  });

  it('RFC 894: padding behind the packet is not part of it', () => {
    const socket = host.kernel.sockets('b').udp();
    socket.bind(0, 9000);
    const payload = encodeUdp({ sourcePort: 1, targetPort: 9000, payload: Uint8Array.of(7) }, { source: A, target: B });
    const padded = new Uint8Array(60);
    padded.set(ethernet(encodeIpv4({ ...echo, protocol: 17, payload })));
    inject(host, 'b', 'eth0', padded);
    expect(socket.receive()?.payload).toEqual(Uint8Array.of(7));
  });

  it.each(['127.0.0.1', '0.0.0.0', '224.0.0.5', '255.255.255.255', '240.0.0.1', '10.0.0.255', '10.0.0.3'])(
    'RFC 1122 3.2.1.3: nothing comes from %s', (source) => {
      arrive({ ...echo, source: ip(source) });
      expect(dropsOf(host.kernel)).toEqual(['b/eth0 martian 1']);
    });

  it('RFC 1122 3.2.1.3: nothing for 127.0.0.0/8 comes from outside', () => {
    arrive({ ...echo, target: ip('127.0.0.1') });
    expect(dropsOf(host.kernel)).toEqual(['b/eth0 martian 1']);
  });

  it('RFC 1122 3.2.2.6: an echo request to everybody is not answered', () => {
    arrive({ ...echo, target: ip('10.0.0.255') }, BROADCAST_MAC);
    arrive({ ...echo, target: ip('224.0.0.1') }, 0x0100_5e00_0001);
    host.run(2 * SECOND);
    expect(lines).toEqual([]);
    expect(dropsOf(host.kernel)).toEqual(['b not-for-us 2']);
  });

  it('RFC 1122 3.2.2.1: an unknown protocol is answered with "protocol unreachable"', () => {
    arrive({ ...echo, protocol: 99, payload: new Uint8Array(8) });
    host.run(2 * SECOND);
    expect(lines.at(-1)).toContain('10.0.0.3 protocol 99 unreachable');
    expect(dropsOf(host.kernel)).toEqual(['b protocol-unreachable 1']);
  });

  it('counts other EtherTypes', () => {
    inject(host, 'b', 'eth0', ethernet(new Uint8Array(46), B_MAC, ETHERTYPE.vlan));
    expect(dropsOf(host.kernel)).toEqual(['b/eth0 unknown-ethertype 1']);
  });

  it('RFC 1122 3.3.4.2: a packet for any own address is taken in, whichever link it comes by', () => {
    const other = done(host.kernel.addVeth({ netns: 'b', name: 'eth1' }, { netns: 'b', name: 'eth2' }));
    done(host.kernel.setUp(other));
    done(host.kernel.addAddress(other, ip('10.9.0.1'), 24));
    arrive({ ...echo, target: ip('10.9.0.1') });
    host.run(2 * SECOND);
    expect(lines.at(-1)).toContain('10.9.0.1 > 10.0.0.2: ICMP echo reply');
  });
});

describe('mutated frames', () => {
  it('never break a stack, and every frame goes back to its pool', () => {
    const host = routedNamespaces(600);
    const { kernel } = host;
    const socket = kernel.sockets('r').udp();
    socket.bind(0, 9000);
    kernel.sockets('r').icmp();
    kernel.stack('r')!.bindTunnel(4789, { receive: (frame) => kernel.pool.release(frame) });
    host.run(SECOND);
    const own = linkOf(kernel, 'r', 'left').mac;
    const self = ip('10.0.0.1');
    const udp = (targetPort: number, target: number): Uint8Array =>
      encodeUdp({ sourcePort: 9, targetPort, payload: new Uint8Array(20) }, { source: A, target });
    const whole = encodeIpv4({ ...echo, target: self, payload: new Uint8Array(1600) });
    const cut = fragmentIpv4(whole, 700);
    const seeds: Uint8Array[] = [
      encodeIpv4({ ...echo, target: self }), encodeIpv4({ ...echo, target: ip('10.0.1.2'), ttl: 1 }),
      encodeIpv4({ ...echo, protocol: 17, target: self, payload: udp(9000, self) }),
      encodeIpv4({ ...echo, protocol: 17, target: self, payload: udp(4789, self) }),
      encodeIpv4({ ...echo, protocol: 17, target: self, payload: udp(1, self) }),
      encodeIpv4({ ...echo, target: self, payload: encodeIcmp({ kind: 'unreachable', code: 4, nextHopMtu: 600,
        quoted: encodeIpv4({ ...echo, source: self, target: A }) }) }),
      encodeIpv4({ ...echo, target: ip('10.0.1.2'), payload: new Uint8Array(900), options: Uint8Array.of(7, 4, 4, 0) }),
      ...(cut.ok ? cut.datagrams : []),
    ].map((packet) => ethernet(packet, own));
    seeds.push(ethernet(encodeArp({ operation: 'request', senderMac: A_MAC, senderIp: A, targetMac: 0,
      targetIp: self }), BROADCAST_MAC, ETHERTYPE.arp));
    const random = new RandomStream(1, 'mutations');
    let frames = 0;
    const burst = (): void => {
      for (let i = 0; i < 1000; i++, frames++) {
        inject(host, 'r', 'left', mutated(seeds[frames % seeds.length]!, random));
      }
    };
    for (let round = 0; round < 100; round++) host.at(SECOND + round * SECOND, burst);
    host.run(300 * SECOND);
    expect(frames).toBe(100_000);
    const reasons = new Set(kernel.drops().map(({ reason }) => reason));
    for (const reason of ['bad-ipv4', 'bad-checksum', 'bad-arp', 'bad-icmp', 'bad-udp', 'ttl-exceeded', 'martian',
      'no-route', 'reassembly-timeout', 'reassembly-overlap', 'unknown-ethertype', 'port-unreachable',
        'protocol-unreachable'] as const) {
      expect(reasons).toContain(reason);
    }
    expect(kernel.pool.taken).toBe(0);
  });
});

/** One to four bytes changed, or the end cut off; half of them with the header's checksum right, to reach deeper. */
function mutated(seed: Uint8Array, random: RandomStream): Uint8Array {
  const bytes = random.chance(1, 8) ? seed.slice(0, 1 + random.below(seed.length)) : seed.slice();
  for (let changes = random.below(4); changes >= 0; changes--) {
    const at = random.chance(1, 2) ? random.below(bytes.length) : random.below(Math.min(bytes.length, 60));
    bytes[at] = random.below(256);
  }
  // Keep most of them addressed to the device and its stack, so that they get past the first door.
  bytes.set(seed.subarray(0, Math.min(6, bytes.length)));
  if (random.chance(1, 2) && bytes.length >= 34) {
    bytes[24] = bytes[25] = 0;
    let sum = 0;
    for (let at = 14; at < 34; at += 2) sum += (bytes[at]! << 8) | bytes[at + 1]!;
    sum = (sum >>> 16) + (sum & 0xffff);
    sum = ~((sum >>> 16) + sum) & 0xffff;
    bytes[24] = sum >>> 8;
    bytes[25] = sum & 255;
  }
  return bytes;
}
