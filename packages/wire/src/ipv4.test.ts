import { ECHO_REQUEST, ECHO_WITH_OPTIONS, FRAGMENT_1, FRAGMENT_2 } from '../test/vectors.js';
import { Generator } from '../test/generator.js';
import { datagramOf } from '../test/layers.js';
import {
  PROTOCOL, checkIpv4, decodeIpv4, decrementTtl, encodeIpv4, formatIpv4Packet, ipv4HeaderBytes, sealIpv4Header,
  writeIpv4Header,
} from './ipv4.js';
import type { Ipv4Packet } from './ipv4.js';

const plain = datagramOf(ECHO_REQUEST);
const withOptions = datagramOf(ECHO_WITH_OPTIONS);

function packetOf(bytes: Uint8Array): Ipv4Packet {
  const decoded = decodeIpv4(bytes);
  if (!decoded.ok) throw new Error(decoded.flaw);
  return decoded.packet;
}

/** A sealed copy with some bytes changed. */
function changed(bytes: Uint8Array, changes: readonly [number, number][]): Uint8Array {
  const copy = bytes.slice();
  for (const [at, value] of changes) copy[at] = value;
  sealIpv4Header(copy, 0);
  return copy;
}

describe('an IPv4 datagram', () => {
  it('is read', () => {
    expect(packetOf(plain)).toEqual({
      tos: 0, identification: 0x3d2a, dontFragment: true, moreFragments: false, fragmentOffset: 0, ttl: 64,
      protocol: PROTOCOL.icmp, source: 0x0a000002, target: 0x0a000003, options: new Uint8Array(0),
      payload: plain.subarray(20),
    });
  });

  it('is read with its options', () => {
    expect(ipv4HeaderBytes(withOptions, 0)).toBe(32);
    expect([...packetOf(withOptions).options]).toEqual([7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(packetOf(withOptions).payload).toHaveLength(16);
  });

  it('is read as a fragment, with its offset in bytes', () => {
    expect(packetOf(datagramOf(FRAGMENT_1)))
      .toMatchObject({ dontFragment: false, moreFragments: true, fragmentOffset: 0 });
    expect(packetOf(datagramOf(FRAGMENT_2)))
      .toMatchObject({ dontFragment: false, moreFragments: false, fragmentOffset: 32 });
  });

  it.each([plain, withOptions, datagramOf(FRAGMENT_1), datagramOf(FRAGMENT_2)])('is written with the same bytes',
    (bytes) => {
    expect([...encodeIpv4(packetOf(bytes))]).toEqual([...bytes]);
  });

  it('survives a round trip', () => {
    const generator = new Generator(8);
    for (let round = 0; round < 500; round++) {
      const packet: Ipv4Packet = {
        tos: generator.below(256), identification: generator.below(65536), dontFragment: generator.flag(),
        moreFragments: generator.flag(), fragmentOffset: generator.below(8192) * 8, ttl: generator.below(256),
        protocol: generator.below(256), source: generator.next(), target: generator.next(),
        options: generator.bytes(generator.below(11) * 4), payload: generator.bytes(generator.below(100)),
      };
      expect(decodeIpv4(encodeIpv4(packet))).toEqual({ ok: true, packet });
    }
  });

  it('is flawed at every shorter length', () => {
    for (const bytes of [plain, withOptions]) {
      for (let length = 0; length < bytes.length; length++) {
        expect(decodeIpv4(bytes, 0, length)).toEqual({ ok: false, flaw: 'truncated' });
      }
    }
  });

  it('ends where its total length says, whatever padding follows', () => {
    const padded = new Uint8Array(plain.length + 9).fill(0xee);
    padded.set(plain);
    expect(decodeIpv4(padded)).toEqual(decodeIpv4(plain));
  });

  it('passes the checks of RFC 1812 section 5.2.2 or has the flaw that they name', () => {
    const check = (bytes: Uint8Array): unknown => checkIpv4(bytes, 0, bytes.length);
    expect(check(plain)).toBeUndefined();
    expect(check(changed(plain, [[0, 0x65]]))).toBe('bad-version');
    expect(check(changed(plain, [[0, 0x44]]))).toBe('bad-length');
    expect(check(changed(plain, [[2, 0], [3, 19]]))).toBe('bad-length');
    expect(check(changed(plain, [[2, 0xff]]))).toBe('truncated');
    expect(check(changed(plain, [[8, 3]]))).toBeUndefined();
  });

  it('is flawed when any single bit of its header is wrong', () => {
    for (let bit = 0; bit < 160; bit++) {
      const bytes = plain.slice();
      bytes[bit >>> 3]! ^= 1 << (bit & 7);
      expect(checkIpv4(bytes, 0, bytes.length)).toBeDefined();
    }
  });

  it('refuses to be written longer than its length field can say', () => {
    const packet = packetOf(plain);
    expect(encodeIpv4({ ...packet, payload: new Uint8Array(65515) })).toHaveLength(65535);
    expect(() => encodeIpv4({ ...packet, payload: new Uint8Array(65516) })).toThrow('65536');
    expect(() => encodeIpv4({ ...packet, options: new Uint8Array(41) })).toThrow('options');
    expect(() => encodeIpv4({ ...packet, fragmentOffset: 4 })).toThrow('fragment at 4');
  });

  it('is printed with its protocol', () => {
    expect(formatIpv4Packet({ ...packetOf(plain), protocol: 47 })).toBe('10.0.0.2 > 10.0.0.3: ip-proto-47 64');
  });
});

describe('a header written in place', () => {
  it('is the captured one', () => {
    const buffer = new Uint8Array(40).fill(0xee);
    writeIpv4Header(buffer, 10, 84, 0x3d2a, 0x4000, 64, PROTOCOL.icmp, 0x0a000002, 0x0a000003);
    expect([...buffer.subarray(10, 30)]).toEqual([...plain.subarray(0, 20)]);
    expect([buffer[9], buffer[30]]).toEqual([0xee, 0xee]);
  });

  it('always carries a right checksum', () => {
    const generator = new Generator(9);
    const buffer = new Uint8Array(65535);
    for (let round = 0; round < 2000; round++) {
      writeIpv4Header(buffer, 0, 20 + generator.below(65516), generator.below(65536), generator.below(65536),
        generator.below(256), generator.below(256), generator.next(), generator.next(), generator.below(256));
      expect(checkIpv4(buffer, 0, buffer.length)).toBeUndefined();
    }
  });

  it('stays right when its time to live goes down', () => {
    const bytes = withOptions.slice();
    for (let ttl = 63; ttl >= 0; ttl--) {
      decrementTtl(bytes, 0);
      expect(packetOf(bytes).ttl).toBe(ttl);
    }
  });
});
