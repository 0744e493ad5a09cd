import { ARP_REQUEST, VXLAN_ARP } from '../test/vectors.js';
import { Generator } from '../test/generator.js';
import { decodeVxlan, encodeVxlan, formatVxlan, readVni, writeVxlanHeader } from './vxlan.js';

const packet = VXLAN_ARP.subarray(42);

describe('a VXLAN packet', () => {
  it('is read', () => {
    expect(decodeVxlan(packet)).toEqual({ ok: true, packet: { vni: 4097, payload: packet.subarray(8) } });
    expect([...packet.subarray(8)]).toEqual([...ARP_REQUEST]);
  });

  it('is written with the same bytes', () => {
    expect([...encodeVxlan({ vni: 4097, payload: ARP_REQUEST })]).toEqual([...packet]);
  });

  it('survives a round trip with any VNI of 24 bits', () => {
    const generator = new Generator(13);
    for (const vni of [0, 1, 0xffffff, ...Array.from({ length: 300 }, () => generator.below(0x1000000))]) {
      const bytes = encodeVxlan({ vni, payload: generator.bytes(20) });
      expect(decodeVxlan(bytes)).toEqual({ ok: true, packet: { vni, payload: bytes.subarray(8) } });
    }
  });

  it('is flawed below 8 bytes', () => {
    for (let length = 0; length < 8; length++) {
      expect(decodeVxlan(packet, 0, length)).toEqual({ ok: false, flaw: 'truncated' });
    }
  });

  it('must have its I flag set (RFC 7348 section 5)', () => {
    const bytes = packet.slice();
    bytes[0] = 0xf7;
    expect(decodeVxlan(bytes)).toEqual({ ok: false, flaw: 'bad-value' });
  });

  it('is read whatever its reserved bits say', () => {
    const bytes = packet.slice();
    bytes.set([0xff, 0xff, 0xff, 0xff], 0);
    bytes[7] = 0xff;
    expect(decodeVxlan(bytes)).toMatchObject({ ok: true, packet: { vni: 4097 } });
  });

  it('is written with zeroes in its reserved bits, over whatever was there', () => {
    const bytes = new Uint8Array(10).fill(0xff);
    writeVxlanHeader(bytes, 1, 0xabcdef);
    expect([...bytes]).toEqual([0xff, 8, 0, 0, 0, 0xab, 0xcd, 0xef, 0, 0xff]);
    expect(readVni(bytes, 1)).toBe(0xabcdef);
  });

  it('is printed as tcpdump prints it', () => {
    expect(formatVxlan({ vni: 4097, payload: new Uint8Array(0) })).toBe('VXLAN, flags [I] (0x08), vni 4097');
  });
});
