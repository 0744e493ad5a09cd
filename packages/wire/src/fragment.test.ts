import { DATAGRAM, ECHO_REQUEST, FRAGMENT_1, FRAGMENT_2 } from '../test/vectors.js';
import { Generator } from '../test/generator.js';
import { datagramOf } from '../test/layers.js';
import { fragmentIpv4 } from './fragment.js';
import { checkIpv4, decodeIpv4, encodeIpv4 } from './ipv4.js';
import type { Ipv4Packet } from './ipv4.js';

const LARGE: Ipv4Packet = {
  tos: 4, identification: 0x4242, dontFragment: false, moreFragments: false, fragmentOffset: 0, ttl: 9, protocol: 17,
  source: 0x0a000002, target: 0x0a000003, options: new Uint8Array(0), payload: new Generator(14).bytes(4000),
};

function piecesOf(datagram: Uint8Array, mtu: number): Ipv4Packet[] {
  const fragments = fragmentIpv4(datagram, mtu);
  if (!fragments.ok) throw new Error(fragments.flaw);
  return fragments.datagrams.map((bytes) => {
    expect(bytes.length).toBeLessThanOrEqual(mtu);
    expect(checkIpv4(bytes, 0, bytes.length)).toBeUndefined();
    const decoded = decodeIpv4(bytes);
    if (!decoded.ok) throw new Error(decoded.flaw);
    return decoded.packet;
  });
}

describe('fragmentation', () => {
  it('cuts a datagram into the captured fragments', () => {
    const fragments = fragmentIpv4(datagramOf(DATAGRAM), 52);
    expect(fragments.ok && fragments.datagrams.map((bytes) => [...bytes]))
      .toEqual([[...datagramOf(FRAGMENT_1)], [...datagramOf(FRAGMENT_2)]]);
  });

  it('leaves a datagram that fits as it is, even one that may not be cut', () => {
    const datagram = datagramOf(ECHO_REQUEST);
    expect(fragmentIpv4(datagram, datagram.length)).toEqual({ ok: true, datagrams: [datagram] });
  });

  it('refuses to cut what may not be cut (RFC 791 section 3.1)', () => {
    const datagram = datagramOf(ECHO_REQUEST);
    expect(fragmentIpv4(datagram, datagram.length - 1)).toEqual({ ok: false, flaw: 'dont-fragment' });
  });

  it('refuses an MTU without room for eight bytes, and bytes that are no datagram', () => {
    expect(fragmentIpv4(encodeIpv4(LARGE), 27)).toEqual({ ok: false, flaw: 'bad-length' });
    expect(fragmentIpv4(encodeIpv4(LARGE).subarray(0, 100), 60)).toEqual({ ok: false, flaw: 'truncated' });
  });

  it.each([28, 68, 576, 577, 1450, 1500])('covers the payload without holes at an MTU of %i', (mtu) => {
    let expected = 0;
    const pieces = piecesOf(encodeIpv4(LARGE), mtu);
    for (const piece of pieces) {
      expect(piece).toMatchObject({ tos: 4, identification: 0x4242, ttl: 9, protocol: 17, fragmentOffset: expected });
      expect(piece.moreFragments).toBe(piece !== pieces.at(-1));
      expect(piece.payload).toEqual(LARGE.payload.subarray(expected, expected + piece.payload.length));
      expected += piece.payload.length;
    }
    expect(expected).toBe(4000);
  });

  it('cuts fragments again, and only the very last one ends the datagram', () => {
    const [first, second] = piecesOf(encodeIpv4(LARGE), 2100);
    const again = [first!, second!].flatMap((piece) => piecesOf(encodeIpv4(piece), 1000));
    expect(again.map((piece) => piece.fragmentOffset)).toEqual([0, 976, 1952, 2080, 3056]);
    expect(again.map((piece) => piece.moreFragments)).toEqual([true, true, true, true, false]);
  });

  it('keeps all options in the first fragment, and those to be copied in the others', () => {
    // Record route (not copied), no-operation, router alert (copied).
    const options = Uint8Array.of(7, 7, 4, 0, 0, 0, 0, 1, 0x94, 4, 0, 0);
    const [first, second] = piecesOf(encodeIpv4({ ...LARGE, options }), 2100);
    expect([...first!.options]).toEqual([...options]);
    expect([...second!.options]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 0x94, 4, 0, 0]);
  });

  it('does not stumble over a malformed list of options', () => {
    for (const options of [[7, 0, 0, 0], [7, 1, 0, 0], [7, 200, 0, 0], [1, 1, 1, 7]]) {
      expect(piecesOf(encodeIpv4({ ...LARGE, options: Uint8Array.from(options) }), 2100)).toHaveLength(2);
    }
  });
});
