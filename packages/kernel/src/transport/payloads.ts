// Copies of payloads for programs, cut from larger arrays: an array of its own costs more per datagram than all its way
// through the stack. A slab is collected when the last payload in it is.

const SLAB_BYTES = 64 * 1024;
/** The engine keeps arrays up to this size in its own heap, where they cost little. */
const OWN_ARRAY_BYTES = 64;

/** Where the payloads of one kernel's datagrams lie. */
export class Payloads {
  private slab = new Uint8Array(0);
  private used = 0;

  /** A copy of `buffer[start]` to `buffer[end - 1]`. */
  copy(buffer: Uint8Array, start: number, end: number): Uint8Array {
    const sizeBytes = end - start;
    if (sizeBytes <= OWN_ARRAY_BYTES) return buffer.slice(start, end);
    const bytes = this.take(sizeBytes);
    bytes.set(buffer.subarray(start, end));
    return bytes;
  }

  /** Room for `sizeBytes`, to be filled by the caller. */
  take(sizeBytes: number): Uint8Array {
    if (sizeBytes <= OWN_ARRAY_BYTES || sizeBytes > SLAB_BYTES / 4) return new Uint8Array(sizeBytes);
    if (this.used + sizeBytes > this.slab.length) {
      this.slab = new Uint8Array(SLAB_BYTES);
      this.used = 0;
    }
    const from = this.used;
    this.used = from + sizeBytes;
    return this.slab.subarray(from, this.used);
  }
}
