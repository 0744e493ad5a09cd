import { DATAGRAM, FRAGMENT_1, FRAGMENT_2 } from '../test/vectors.js';
import { Generator } from '../test/generator.js';
import { datagramOf } from '../test/layers.js';
import { fragmentIpv4 } from './fragment.js';
import { checkIpv4, encodeIpv4 } from './ipv4.js';
import { Reassembly, fragmentKey, isFragment } from './reassembly.js';
import type { ReassemblyStep } from './reassembly.js';

const generator = new Generator(15);

/** A fragment that carries `end` - `start` bytes, each of them the low byte of its place. */
function piece(start: number, end: number, moreFragments: boolean, optionBytes = 0): Uint8Array {
  return encodeIpv4({
    tos: 0, identification: 0x77, dontFragment: false, moreFragments, fragmentOffset: start, ttl: 64, protocol: 17,
    source: 1, target: 2, options: new Uint8Array(optionBytes).fill(1),
    payload: Uint8Array.from({ length: end - start }, (_, at) => start + at),
  });
}

function addAll(...pieces: readonly Uint8Array[]): ReassemblyStep[] {
  const reassembly = new Reassembly();
  return pieces.map((bytes) => reassembly.add(bytes, 0));
}

const kinds = (steps: readonly ReassemblyStep[]): string[] =>
  steps.map((step) => step.kind === 'dropped' ? `dropped: ${step.reason}` : step.kind);

function shuffled<T>(list: readonly T[]): T[] {
  const copy = [...list];
  for (let at = copy.length - 1; at > 0; at--) {
    const other = generator.below(at + 1);
    [copy[at], copy[other]] = [copy[other]!, copy[at]!];
  }
  return copy;
}

describe('reassembly', () => {
  it('gives back the captured datagram', () => {
    for (const order of [[FRAGMENT_1, FRAGMENT_2], [FRAGMENT_2, FRAGMENT_1]]) {
      const [, step] = addAll(...order.map(datagramOf));
      expect(step!.kind === 'complete' && [...step!.datagram]).toEqual([...datagramOf(DATAGRAM)]);
    }
  });

  it('undoes fragmentation in any order, with repetitions', () => {
    for (let round = 0; round < 100; round++) {
      const datagram = encodeIpv4({
        tos: 0, identification: round, dontFragment: false, moreFragments: false, fragmentOffset: 0, ttl: 64,
        protocol: 17, source: generator.next(), target: generator.next(), options: new Uint8Array(0),
        payload: generator.bytes(200 + generator.below(3000)),
      });
      const fragments = fragmentIpv4(datagram, 68 + generator.below(800));
      if (!fragments.ok) throw new Error(fragments.flaw);
      const order = shuffled(fragments.datagrams);
      const reassembly = new Reassembly();
      for (const bytes of order.slice(0, -1)) {
        expect(reassembly.add(bytes, 0)).toEqual({ kind: 'waiting' });
        expect(reassembly.add(bytes, 0)).toEqual({ kind: 'duplicate' });
      }
      const step = reassembly.add(order.at(-1)!, 0);
      expect(step.kind === 'complete' && Buffer.from(step.datagram).equals(datagram)).toBe(true);
    }
  });

  it('reads a fragment from within a larger buffer and copies it', () => {
    const reassembly = new Reassembly();
    const buffer = new Uint8Array(200);
    buffer.set(piece(0, 16, true), 14);
    reassembly.add(buffer, 14);
    buffer.fill(0xee);
    const step = reassembly.add(piece(16, 20, false), 0);
    expect(step.kind === 'complete' && [...step.datagram.subarray(20)])
      .toEqual(Array.from({ length: 20 }, (_, at) => at));
  });

  it('makes a datagram with a right header that is no fragment any more', () => {
    const step = addAll(piece(8, 12, false), piece(0, 8, true, 8)).at(-1)!;
    if (step.kind !== 'complete') throw new Error(step.kind);
    expect(checkIpv4(step.datagram, 0, step.datagram.length)).toBeUndefined();
    expect(isFragment(step.datagram, 0)).toBe(false);
    // The first fragment's header is the datagram's, options included (RFC 791 section 3.2).
    expect(step.datagram).toHaveLength(20 + 8 + 12);
  });

  it('drops a datagram whose fragments overlap, at either side', () => {
    expect(kinds(addAll(piece(0, 16, true), piece(8, 24, true)))).toEqual(['waiting', 'dropped: overlap']);
    expect(kinds(addAll(piece(8, 24, true), piece(0, 16, true)))).toEqual(['waiting', 'dropped: overlap']);
    expect(kinds(addAll(piece(8, 16, true), piece(0, 24, true)))).toEqual(['waiting', 'dropped: overlap']);
    expect(kinds(addAll(piece(0, 8, true), piece(16, 24, true), piece(0, 24, true))))
      .toEqual(['waiting', 'waiting', 'dropped: overlap']);
  });

  it('ignores a fragment whose bytes are all there', () => {
    expect(kinds(addAll(piece(0, 16, true), piece(16, 32, true), piece(8, 24, true))))
      .toEqual(['waiting', 'waiting', 'duplicate']);
  });

  it('drops a datagram with two ends or with bytes beyond its end', () => {
    expect(kinds(addAll(piece(16, 24, false), piece(16, 32, false)))).toEqual(['waiting', 'dropped: bad-length']);
    expect(kinds(addAll(piece(16, 24, false), piece(24, 32, true)))).toEqual(['waiting', 'dropped: bad-length']);
    expect(kinds(addAll(piece(24, 32, true), piece(8, 16, false)))).toEqual(['waiting', 'dropped: bad-length']);
  });

  it('drops fragments that are empty, or that leave an offset between two units of eight', () => {
    expect(kinds(addAll(piece(8, 8, true)))).toEqual(['dropped: bad-length']);
    expect(kinds(addAll(piece(0, 12, true)))).toEqual(['dropped: bad-length']);
  });

  it('drops what would be longer than 65535 bytes in all', () => {
    expect(kinds(addAll(piece(65512, 65515, false)))).toEqual(['waiting']);
    expect(kinds(addAll(piece(65512, 65516, false)))).toEqual(['dropped: too-large']);
    const withOptions = addAll(piece(8, 32768, true), piece(32768, 65515, false), piece(0, 8, true, 4));
    expect(kinds(withOptions)).toEqual(['waiting', 'waiting', 'dropped: too-large']);
  });

  it('counts the bytes that it holds', () => {
    const reassembly = new Reassembly();
    reassembly.add(piece(8, 24, true), 0);
    reassembly.add(piece(8, 24, true), 0);
    expect(reassembly.heldBytes).toBe(16);
  });

  it('shows the first fragment for an error to quote, once it is there (RFC 792)', () => {
    const reassembly = new Reassembly();
    reassembly.add(piece(8, 24, true), 0);
    expect(reassembly.first()).toBeUndefined();
    const first = piece(0, 8, true);
    reassembly.add(first, 0);
    expect(reassembly.first()).toEqual(first);
  });
});

describe('fragments', () => {
  it('are told from whole datagrams', () => {
    expect([FRAGMENT_1, FRAGMENT_2, DATAGRAM].map((frame) => isFragment(frame, 14))).toEqual([true, true, false]);
  });

  it('belong together by source, target, protocol and identification', () => {
    const key = fragmentKey(FRAGMENT_1, 14);
    expect(fragmentKey(FRAGMENT_2, 14)).toBe(key);
    for (const at of [5, 9, 15, 19]) {
      const other = datagramOf(FRAGMENT_2).slice();
      other[at]! ^= 1;
      expect(fragmentKey(other, 0)).not.toBe(key);
    }
  });
});
