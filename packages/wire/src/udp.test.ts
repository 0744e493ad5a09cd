import { DNS_QUERY } from '../test/vectors.js';
import { Generator } from '../test/generator.js';
import { UDP, checkUdp, decodeUdp, encodeUdp, formatUdp, udpChecksum, writeUdpHeader } from './udp.js';
import { read16, write16 } from './bytes.js';

const query = DNS_QUERY.subarray(34);
const addresses = { source: 0x0a000002, target: 0x0a000003 };

function changed(at: number, value: number): Uint8Array {
  const bytes = query.slice();
  write16(bytes, at, value);
  return bytes;
}

describe('a UDP datagram', () => {
  it('is read', () => {
    expect(decodeUdp(query, 0, query.length, addresses))
      .toEqual({ ok: true, packet: { sourcePort: 40000, targetPort: 53, payload: query.subarray(8) } });
  });

  it('is written with the same bytes', () => {
    const udp = decodeUdp(query);
    expect(udp.ok && [...encodeUdp(udp.packet, addresses)]).toEqual([...query]);
  });

  it('survives a round trip, with and without a checksum', () => {
    const generator = new Generator(12);
    for (let round = 0; round < 500; round++) {
      const around = generator.flag() ? { source: generator.next(), target: generator.next() } : undefined;
      const packet = { sourcePort: generator.below(65536), targetPort: generator.below(65536),
        payload: generator.bytes(generator.below(90)) };
      const bytes = encodeUdp(packet, around);
      expect(read16(bytes, UDP.CHECKSUM) === 0).toBe(around === undefined);
      expect(decodeUdp(bytes, 0, bytes.length, around ?? addresses)).toEqual({ ok: true, packet });
    }
  });

  it('is flawed at every shorter length', () => {
    for (let length = 0; length < query.length; length++) {
      expect(decodeUdp(query, 0, length, addresses)).toEqual({ ok: false, flaw: 'truncated' });
    }
  });

  it('has a length of at least its header', () => {
    expect(decodeUdp(changed(UDP.DATAGRAM_LENGTH, 7))).toEqual({ ok: false, flaw: 'bad-length' });
    expect(decodeUdp(changed(UDP.DATAGRAM_LENGTH, 0))).toEqual({ ok: false, flaw: 'bad-length' });
    expect(decodeUdp(changed(UDP.DATAGRAM_LENGTH, query.length + 1))).toEqual({ ok: false, flaw: 'truncated' });
  });

  it('may be shorter than the bytes it lies in', () => {
    const udp = decodeUdp(changed(UDP.DATAGRAM_LENGTH, 10));
    expect(udp.ok && udp.packet.payload).toEqual(query.subarray(8, 10));
  });

  it('is flawed for the wrong addresses, ports or bytes', () => {
    const check = (bytes: Uint8Array, target: number): unknown =>
      checkUdp(bytes, 0, bytes.length, addresses.source, target);
    expect(check(query, addresses.target)).toBeUndefined();
    expect(check(query, addresses.target + 1)).toBe('bad-checksum');
    expect(check(changed(UDP.TARGET_PORT, 54), addresses.target)).toBe('bad-checksum');
    expect(check(changed(10, 0xbeef), addresses.target)).toBe('bad-checksum');
  });

  it('is accepted without a checksum (RFC 1122 section 4.1.3.4)', () => {
    expect(checkUdp(changed(UDP.CHECKSUM, 0), 0, query.length, 1, 2)).toBeUndefined();
  });

  it('carries all ones when its checksum comes out as zero (RFC 768)', () => {
    const bytes = new Uint8Array(10);
    writeUdpHeader(bytes, 0, 1, 2, 10, 0);
    // Fills the sum up to 0xffff, whose complement is zero.
    const plain = udpChecksum(bytes, 0, 10, 3, 4);
    write16(bytes, 8, plain);
    expect(udpChecksum(bytes, 0, 10, 3, 4)).toBe(0xffff);
    const encoded = encodeUdp({ sourcePort: 1, targetPort: 2, payload: bytes.slice(8) }, { source: 3, target: 4 });
    expect(read16(encoded, UDP.CHECKSUM)).toBe(0xffff);
  });

  it('is printed with the length of its payload', () => {
    expect(formatUdp({ sourcePort: 1, targetPort: 2, payload: new Uint8Array(5) })).toBe('UDP, length 5');
  });
});
