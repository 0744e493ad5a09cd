import { ARP_REQUEST, ECHO_REQUEST } from '../test/vectors.js';
import { Generator } from '../test/generator.js';
import { decodeEthernet, encodeEthernet, formatEthernet } from './ethernet.js';

describe('an Ethernet frame', () => {
  it('is read', () => {
    expect(decodeEthernet(ARP_REQUEST)).toEqual({
      ok: true,
      packet: { target: 0xffffffffffff, source: 0x02420a000002, type: 0x0806, payload: ARP_REQUEST.subarray(14) },
    });
  });

  it('is read from within a larger buffer', () => {
    const buffer = new Uint8Array(200).fill(0xee);
    buffer.set(ECHO_REQUEST, 50);
    expect(decodeEthernet(buffer, 50, 50 + ECHO_REQUEST.length)).toEqual(decodeEthernet(ECHO_REQUEST));
  });

  it('is written with the same bytes', () => {
    const frame = decodeEthernet(ECHO_REQUEST);
    expect(frame.ok && encodeEthernet(frame.packet)).toEqual(ECHO_REQUEST);
  });

  it('survives a round trip', () => {
    const generator = new Generator(6);
    for (let round = 0; round < 300; round++) {
      const packet = { target: generator.mac(), source: generator.mac(), type: 0x0600 + generator.below(0xfa00),
        payload: generator.bytes(generator.below(80)) };
      expect(decodeEthernet(encodeEthernet(packet))).toEqual({ ok: true, packet });
    }
  });

  it('is flawed below 14 bytes', () => {
    for (let length = 0; length < 14; length++) {
      expect(decodeEthernet(ARP_REQUEST, 0, length)).toEqual({ ok: false, flaw: 'truncated' });
    }
  });

  it('is unsupported when the type field is a length (IEEE 802.3 clause 3.2.6)', () => {
    const frame = encodeEthernet({ target: 1, source: 2, type: 0x05ff, payload: new Uint8Array(46) });
    expect(decodeEthernet(frame)).toEqual({ ok: false, flaw: 'unsupported' });
  });

  it('is printed as tcpdump prints it', () => {
    const frame = decodeEthernet(ARP_REQUEST);
    expect(frame.ok && formatEthernet(frame.packet))
      .toBe('02:42:0a:00:00:02 > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42');
  });
});
