// Keyed randomness: every draw is a pure function of (seed, key, draw number), so that one more draw in one
// place shifts no other, and a host's draws are the same wherever the host runs. 32-bit integer arithmetic only.

import { assert } from './assert.js';

/** FNV-1a over the UTF-16 code units of `text`, from `basis`. */
function hashText(text: string, basis: number): number {
  let hash = basis;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

/** The finaliser of MurmurHash3: every input bit reaches every output bit. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** One named sequence of draws. Its only state is the number of draws made. */
export class RandomStream {
  private high = 0;
  private low = 0;
  private drawn = 0;

  constructor(seed: number, readonly key: string) {
    this.follow(seed);
  }

  /** From here on the draws are those of another seed; their numbers go on. */
  follow(seed: number): void {
    this.high = mix(hashText(this.key, 0x811c9dc5) ^ mix(seed));
    this.low = mix(hashText(this.key, 0x9e3779b9) + mix(Math.floor(seed / 0x1_0000_0000) ^ 0x5bd1e995));
  }

  /** How many draws were made so far; the next draw has this number. */
  get draws(): number {
    return this.drawn;
  }

  /** The next whole number from 0 to 2^32 - 1. */
  word(): number {
    const number = this.drawn++;
    return mix(mix(this.high + Math.imul(number, 0x9e3779b1)) ^ (this.low + number));
  }

  /**
   * The next whole number from 0 to `bound` - 1, every one equally likely (draws again rather than fold the rest in).
   */
  below(bound: number): number {
    assert(Number.isSafeInteger(bound) && bound > 0 && bound <= 0x1_0000_0000,
      `bound of a draw out of range: ${bound}`);
    const limit = 0x1_0000_0000 - (0x1_0000_0000 % bound);
    for (;;) {
      const word = this.word();
      if (word < limit) return word % bound;
    }
  }

  /** True `numerator` times in `denominator`. */
  chance(numerator: number, denominator: number): boolean {
    return this.below(denominator) < numerator;
  }

  /** The same items in a random order (Fisher and Yates); the input stays as it is. */
  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let last = result.length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      [result[last], result[other]] = [result[other]!, result[last]!];
    }
    return result;
  }
}

/** `digits` hexadecimal digits that depend on (seed, key) alone: container ids, network ids, interface names. */
export function hexId(seed: number, key: string, digits: number): string {
  const stream = new RandomStream(seed, key);
  let text = '';
  while (text.length < digits) text += stream.word().toString(16).padStart(8, '0');
  return text.slice(0, digits);
}
