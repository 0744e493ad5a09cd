import * as vectors from '../test/vectors.js';
import { Generator } from '../test/generator.js';
import { layersOf } from '../test/layers.js';
import { describeFrame } from './describe.js';
import { fragmentIpv4 } from './fragment.js';
import {
  Reassembly, checkIpv4, decodeArp, decodeDns, decodeEthernet, decodeIcmp, decodeIpv4, decodeQuoted, decodeTcp,
  decodeUdp, decodeVxlan,
  sealIpv4Header,
} from './index.js';

const FRAMES = Object.entries(vectors).filter((entry): entry is [string, Uint8Array] => entry[1] instanceof Uint8Array);

const DECODERS = [
  decodeEthernet, decodeArp, decodeIpv4, decodeIcmp, decodeQuoted, decodeTcp, decodeUdp, decodeVxlan,
  decodeDns,
] as const;

/** A frame with some bytes changed, cut or repeated; every second one with its IPv4 checksum made right again. */
function mutated(generator: Generator): Uint8Array {
  let bytes = generator.pick(FRAMES)[1].slice();
  for (let changes = generator.below(4); changes >= 0; changes--) {
    const at = generator.below(bytes.length);
    switch (generator.below(6)) {
      case 0: bytes[at] = generator.below(256); break;
      case 1: bytes[at]! ^= 1 << generator.below(8); break;
      case 2: bytes[at] = generator.pick([0, 0xff, 0x7f, 0x80, 0xc0]); break;
      case 3: if (at > 0) bytes = bytes.slice(0, at); break;
      case 4: bytes.copyWithin(at, generator.below(bytes.length)); break;
      default: bytes = Uint8Array.of(...bytes.subarray(0, at), ...generator.bytes(generator.below(8)),
        ...bytes.subarray(at));
    }
  }
  if (generator.flag() && bytes.length >= 74) sealIpv4Header(bytes, 14);
  return bytes;
}

describe('frames of every kind', () => {
  it.each(FRAMES)('%s is read without a flaw', (_, frame) => expect(layersOf(frame).flaw).toBeUndefined());

  it.each(FRAMES)('%s has a flaw at every shorter length', (_, frame) => {
    for (let length = 0; length < frame.length; length++) {
      expect(layersOf(frame.subarray(0, length)).flaw).toBeDefined();
      expect(describeFrame(frame, 0, length)).toContain('truncated');
    }
  });
});

describe('200,000 spoilt frames', () => {
  it('go through every decoder without an exception', () => {
    const generator = new Generator(17);
    const flaws = new Map<string, number>();
    let described = 0;
    for (let round = 0; round < 200_000; round++) {
      const bytes = mutated(generator);
      described += describeFrame(bytes).length;
      const flaw = layersOf(bytes).flaw ?? 'none';
      flaws.set(flaw, (flaws.get(flaw) ?? 0) + 1);
      // Each decoder also sees bytes that another one would have kept from it.
      const start = generator.below(bytes.length);
      for (const decode of DECODERS) decode(bytes, start, bytes.length);
      decodeDns(bytes, 42, Math.max(42, bytes.length));
      if (checkIpv4(bytes, 14, bytes.length) !== undefined) continue;
      fragmentIpv4(bytes.subarray(14), 28 + generator.below(60));
      new Reassembly().add(bytes, 14);
    }
    expect(described).toBeGreaterThan(0);
    // The mutations are of use only while they reach every layer.
    for (const flaw of ['none', 'ethernet truncated', 'arp bad-length', 'ipv4 truncated', 'ipv4 bad-checksum',
      'icmp bad-checksum', 'tcp bad-checksum', 'tcp truncated', 'tcp bad-length',
      'udp bad-checksum', 'udp truncated', 'vxlan bad-value', 'inner arp unsupported']) {
      expect([flaw, flaws.get(flaw)]).toEqual([flaw, expect.any(Number)]);
    }
  });
});
