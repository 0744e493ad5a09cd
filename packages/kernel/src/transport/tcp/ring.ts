// The bytes that a connection keeps, sent or received: a ring that grows with what is in it.

import { type Buffers, FIRST_BYTES } from './buffers.js';

/** Bytes in their order. What lies behind `length` may be filled before what comes ahead of it has arrived. */
export class Ring {
  /** How many bytes are there, from the first on. */
  length = 0;
  private bytes: Uint8Array = new Uint8Array(0);
  private head = 0;

  constructor(private readonly buffers: Buffers) {}

  /** Adds to the end. */
  append(source: Uint8Array, from: number, to: number): void {
    this.place(this.length, source, from, to);
    this.length += to - from;
  }

  /** Puts bytes at `offset` from the first one, which may lie beyond the end; `length` stays. */
  place(offset: number, source: Uint8Array, from: number, to: number): void {
    const count = to - from;
    this.reserve(offset + count);
    const size = this.bytes.length;
    const at = (this.head + offset) & (size - 1);
    const first = count < size - at ? count : size - at;
    this.bytes.set(source.subarray(from, from + first), at);
    if (first < count) this.bytes.set(source.subarray(from + first, to), 0);
  }

  /** Copies `count` bytes from `offset` on to `target`. */
  copy(offset: number, count: number, target: Uint8Array, to: number): void {
    if (count === 0) return;
    const size = this.bytes.length;
    const at = (this.head + offset) & (size - 1);
    const first = count < size - at ? count : size - at;
    target.set(this.bytes.subarray(at, at + first), to);
    if (first < count) target.set(this.bytes.subarray(0, count - first), to + first);
  }

  /** Forgets the first `count` bytes. */
  drop(count: number): void {
    if (this.bytes.length > 0) this.head = (this.head + count) & (this.bytes.length - 1);
    this.length -= count;
  }

  /** Forgets all, and gives back what it was kept in. */
  clear(): void {
    this.length = 0;
    if (this.bytes.length === 0) return;
    this.buffers.give(this.bytes);
    this.bytes = new Uint8Array(0);
    this.head = 0;
  }

  private reserve(needed: number): void {
    const { bytes, head } = this;
    if (needed <= bytes.length) return;
    let size = bytes.length === 0 ? FIRST_BYTES : bytes.length * 2;
    while (size < needed) size *= 2;
    const grown = this.buffers.take(size);
    // All of it: bytes beyond `length` may have arrived already.
    grown.set(bytes.subarray(head), 0);
    grown.set(bytes.subarray(0, head), bytes.length - head);
    this.buffers.give(bytes);
    this.bytes = grown;
    this.head = 0;
  }
}
