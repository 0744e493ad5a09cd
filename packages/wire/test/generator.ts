// A small seeded generator, so that every run of a test sees the same bytes.

/** Numbers that look random, the same for the same seed. */
export class Generator {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** Unsigned 32 bits: a counter, mixed. */
  next(): number {
    this.#state = (this.#state + 0x9e37_79b9) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0_aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }

  /** From 0 to `limit` - 1. */
  below(limit: number): number {
    return this.next() % limit;
  }

  flag(): boolean {
    return this.below(2) === 1;
  }

  mac(): number {
    return this.below(0x1_0000) * 0x1_0000_0000 + this.next();
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}
