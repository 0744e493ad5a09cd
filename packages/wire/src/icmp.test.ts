import {
  ECHO_REPLY, ECHO_REQUEST, FRAGMENTATION_NEEDED, PARAMETER_PROBLEM, PORT_UNREACHABLE, TIME_EXCEEDED,
} from '../test/vectors.js';
import { Generator } from '../test/generator.js';
import { encodeIpv4 } from './ipv4.js';
import {
  ICMP_QUOTE_BYTES, ICMP_TYPE, decodeIcmp, decodeQuoted, encodeIcmp, formatIcmp, writeIcmpHeader,
} from './icmp.js';
import type { IcmpPacket } from './icmp.js';

/** The ICMP message of a frame whose IPv4 header has no options. */
const messageOf = (frame: Uint8Array): Uint8Array => frame.subarray(34);

const vectors = [
  ECHO_REQUEST, ECHO_REPLY, PORT_UNREACHABLE, FRAGMENTATION_NEEDED, TIME_EXCEEDED, PARAMETER_PROBLEM,
].map(messageOf);

function packetOf(bytes: Uint8Array): IcmpPacket {
  const decoded = decodeIcmp(bytes);
  if (!decoded.ok) throw new Error(decoded.flaw);
  return decoded.packet;
}

/** A datagram of UDP as an error would quote it. */
function quotable(generator: Generator, payloadBytes: number): Uint8Array {
  return encodeIpv4({ tos: 0, identification: 7, dontFragment: false, moreFragments: false, fragmentOffset: 0, ttl: 1,
    protocol: 17, source: generator.next(), target: generator.next(), options: new Uint8Array(0),
    payload: generator.bytes(payloadBytes) });
}

describe('an ICMP message', () => {
  it('is read as echo and echo reply', () => {
    expect(packetOf(vectors[0]!)).toEqual({ kind: 'echo', identifier: 7, sequence: 1, data: vectors[0]!.subarray(8) });
    expect(packetOf(vectors[1]!)).toMatchObject({ kind: 'echo-reply', identifier: 7, sequence: 1 });
  });

  it('is read as an error with the datagram that it quotes', () => {
    expect(packetOf(vectors[2]!))
      .toEqual({ kind: 'unreachable', code: 3, nextHopMtu: 0, quoted: vectors[2]!.subarray(8) });
    expect(packetOf(vectors[3]!)).toMatchObject({ kind: 'unreachable', code: 4, nextHopMtu: 1450 });
    expect(packetOf(vectors[4]!)).toMatchObject({ kind: 'time-exceeded', code: 0 });
    expect(packetOf(vectors[5]!)).toMatchObject({ kind: 'parameter-problem', code: 0, pointer: 20 });
  });

  it.each(vectors)('is written with the same bytes', (bytes) => {
    expect([...encodeIcmp(packetOf(bytes))]).toEqual([...bytes]);
  });

  it('survives a round trip', () => {
    const generator = new Generator(10);
    for (let round = 0; round < 500; round++) {
      const quoted = quotable(generator, 8 + generator.below(30));
      const packet = generator.pick<IcmpPacket>([
        { kind: 'echo', identifier: generator.below(65536), sequence: generator.below(65536),
          data: generator.bytes(generator.below(70)) },
        { kind: 'echo-reply', identifier: generator.below(65536), sequence: generator.below(65536),
          data: generator.bytes(3) },
        { kind: 'unreachable', code: generator.below(16), nextHopMtu: generator.below(65536), quoted },
        { kind: 'time-exceeded', code: generator.below(2), quoted },
        { kind: 'parameter-problem', code: generator.below(3), pointer: generator.below(256), quoted },
      ]);
      expect(decodeIcmp(encodeIcmp(packet))).toEqual({ ok: true, packet });
    }
  });

  it('is flawed at every shorter length', () => {
    for (const bytes of vectors) {
      for (let length = 0; length < bytes.length; length++) {
        // A byte of zero at the end does not show in the checksum; echo data has no length of its own to show it
        // either.
        if (bytes.subarray(length).some((byte) => byte !== 0)) expect(decodeIcmp(bytes, 0, length).ok).toBe(false);
      }
    }
  });

  it('is flawed when any single bit is wrong', () => {
    const bytes = vectors[0]!.slice();
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      bytes[bit >>> 3]! ^= 1 << (bit & 7);
      expect(decodeIcmp(bytes)).toEqual({ ok: false, flaw: 'bad-checksum' });
      bytes[bit >>> 3]! ^= 1 << (bit & 7);
    }
  });

  it('has a type and a code that its specification knows', () => {
    const message = (type: number, code: number): Uint8Array => {
      const bytes = vectors[2]!.slice();
      writeIcmpHeader(bytes, 0, bytes.length, type, code, 0);
      return bytes;
    };
    expect(decodeIcmp(message(ICMP_TYPE.unreachable, 15)).ok).toBe(true);
    expect(decodeIcmp(message(ICMP_TYPE.unreachable, 16))).toEqual({ ok: false, flaw: 'bad-value' });
    expect(decodeIcmp(message(ICMP_TYPE.timeExceeded, 2))).toEqual({ ok: false, flaw: 'bad-value' });
    expect(decodeIcmp(message(ICMP_TYPE.echo, 1))).toEqual({ ok: false, flaw: 'bad-value' });
    expect(decodeIcmp(message(13, 0))).toEqual({ ok: false, flaw: 'unsupported' });
  });

  it('is printed as tcpdump prints it', () => {
    expect(vectors.map((bytes) => formatIcmp(packetOf(bytes)))).toEqual([
      'ICMP echo request, id 7, seq 1, length 64',
      'ICMP echo reply, id 7, seq 1, length 64',
      'ICMP 10.0.0.3 udp port 5353 unreachable, length 41',
      'ICMP 10.9.0.3 unreachable - need to frag (mtu 1450), length 36',
      'ICMP time exceeded in-transit, length 41',
      'ICMP parameter problem - octet 20, length 41',
    ]);
  });

  it('is printed with the meaning of each unreachable code', () => {
    const quoted = vectors[2]!.subarray(8);
    const text = (code: number): string => formatIcmp({ kind: 'unreachable', code, nextHopMtu: 0, quoted });
    expect(text(0)).toBe('ICMP net 10.0.0.3 unreachable, length 41');
    expect(text(1)).toBe('ICMP host 10.0.0.3 unreachable, length 41');
    expect(text(2)).toBe('ICMP 10.0.0.3 protocol 17 unreachable, length 41');
    expect(text(13)).toBe('ICMP host 10.0.0.3 unreachable - admin prohibited filter, length 41');
    expect(new Set(Array.from({ length: 16 }, (_, code) => text(code))).size).toBe(16);
  });
});

describe('a quoted datagram', () => {
  const quoted = vectors[2]!.subarray(8);

  it('tells where the datagram came from and went to', () => {
    expect(decodeQuoted(quoted)).toEqual({ ok: true, packet: {
      source: 0x0a000002, target: 0x0a000003, protocol: 17, identification: 0x77, totalBytes: 33,
        payload: quoted.subarray(20) } });
  });

  it('may be cut after 64 bits of its payload, and not before (RFC 792)', () => {
    expect(decodeQuoted(quoted, 0, 28).ok).toBe(true);
    for (let length = 0; length < 28; length++) {
      expect(decodeQuoted(quoted, 0, length)).toEqual({ ok: false, flaw: 'truncated' });
    }
  });

  it('may be shorter when the datagram was', () => {
    const short = quotable(new Generator(11), 3);
    expect(decodeQuoted(short).ok).toBe(true);
    expect(decodeQuoted(short, 0, 22)).toEqual({ ok: false, flaw: 'truncated' });
  });

  it('is quoted as far as an error of 576 bytes has room (RFC 1812 section 4.3.2.3)', () => {
    expect(ICMP_QUOTE_BYTES).toBe(548);
  });
});
