// Byte arrays that rings have given back, for the next ring: a fresh array costs more than a short connection.

export const FIRST_BYTES = 4096;
/** Larger ones are left to the collector. */
const KEPT_BYTES = 64 * 1024;
const KEPT_OF_A_SIZE = 64;

export class Buffers {
  private readonly kept = new Map<number, Uint8Array[]>();

  /** An array of `sizeBytes`, a power of two. Holds whatever it held before. */
  take(sizeBytes: number): Uint8Array {
    return this.kept.get(sizeBytes)?.pop() ?? new Uint8Array(sizeBytes);
  }

  give(bytes: Uint8Array): void {
    if (bytes.length < FIRST_BYTES || bytes.length > KEPT_BYTES) return;
    const kept = this.kept.get(bytes.length);
    if (kept === undefined) this.kept.set(bytes.length, [bytes]);
    else if (kept.length < KEPT_OF_A_SIZE) kept.push(bytes);
  }
}
