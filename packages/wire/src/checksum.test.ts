import { adjustChecksum, internetChecksum, pseudoHeaderSum } from './checksum.js';
import { Generator } from '../test/generator.js';

/** RFC 1071 section 4.1, as plainly as it can be written. */
function plainChecksum(bytes: Uint8Array, initial = 0): number {
  let sum = initial;
  for (let at = 0; at < bytes.length; at += 2) {
    sum += bytes[at]! * 256 + (bytes[at + 1] ?? 0);
    if (sum > 0xffff) sum = (sum % 0x10000) + Math.floor(sum / 0x10000);
  }
  while (sum > 0xffff) sum = (sum % 0x10000) + Math.floor(sum / 0x10000);
  return 0xffff - sum;
}

describe('the Internet checksum', () => {
  it('sums the example of RFC 1071 section 3', () => {
    expect(internetChecksum(Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7), 0, 8)).toBe(0xffff - 0xddf2);
  });

  it('counts an odd byte as if a zero followed, and does not look at what does follow', () => {
    expect(internetChecksum(Uint8Array.of(0x12, 0x34, 0x56, 0x99), 0, 3)).toBe(0xffff - 0x6834);
  });

  it('agrees with the plain sum at every length and place', () => {
    const generator = new Generator(2);
    const bytes = generator.bytes(200);
    for (let start = 0; start < 20; start++) {
      for (let end = start; end <= bytes.length; end++) {
        const initial = generator.below(0x5_0000);
        expect(internetChecksum(bytes, start, end, initial)).toBe(plainChecksum(bytes.subarray(start, end), initial));
      }
    }
  });

  it('does not overflow over the longest datagram', () => {
    const bytes = new Uint8Array(65535).fill(0xff);
    expect(internetChecksum(bytes, 0, bytes.length, 0x5_ffff)).toBe(plainChecksum(bytes, 0x5_ffff));
  });

  it('is zero over bytes that hold their own checksum', () => {
    const bytes = new Generator(3).bytes(40);
    bytes[10] = bytes[11] = 0;
    const checksum = internetChecksum(bytes, 0, 40);
    bytes[10] = checksum >>> 8;
    bytes[11] = checksum & 255;
    expect(internetChecksum(bytes, 0, 40)).toBe(0);
  });

  it('takes the pseudo header of RFC 768 as its start', () => {
    const header = Uint8Array.of(0xff, 0xfe, 0xfd, 0xfc, 10, 0, 0, 3, 0, 17, 0x12, 0x34);
    expect(internetChecksum(new Uint8Array(0), 0, 0, pseudoHeaderSum(0xfffefdfc, 0x0a000003, 17, 0x1234)))
      .toBe(plainChecksum(header));
  });
});

describe('an adjusted checksum', () => {
  it('solves the example of RFC 1624 section 4, where the older equation fails', () => {
    expect(adjustChecksum(0xdd2f, 0x5555, 0x3285)).toBe(0x0000);
  });

  it('equals the one computed anew after a word has changed', () => {
    const generator = new Generator(4);
    for (let round = 0; round < 2000; round++) {
      const bytes = generator.bytes(20);
      const before = internetChecksum(bytes, 0, 20);
      const old = bytes[8]! * 256 + bytes[9]!;
      const now = generator.below(0x10000);
      bytes[8] = now >>> 8;
      bytes[9] = now & 255;
      expect(adjustChecksum(before, old, now)).toBe(internetChecksum(bytes, 0, 20));
    }
  });
});
