// Putting the fragments of one IPv4 datagram together. RFC 791 section 3.2, RFC 815 (any order); a datagram with
// fragments that overlap is dropped whole, as RFC 5722 demands for IPv6 and Linux does for IPv4. The time limit is the
// kernel's.

import { read16, read32, write16 } from './bytes.js';
import { IPV4, IPV4_FRAGMENT, IPV4_MAX_BYTES, ipv4HeaderBytes, sealIpv4Header } from './ipv4.js';

/** What one more fragment led to. After `complete` and `dropped` the reassembly is over. */
export type ReassemblyStep =
  | { readonly kind: 'waiting' }
  /** The fragment told nothing new, and is ignored. */
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'complete'; readonly datagram: Uint8Array }
  | { readonly kind: 'dropped'; readonly reason: 'overlap' | 'too-large' | 'bad-length' };

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

/** Whether the datagram at `offset` is a piece of a larger one. */
export function isFragment(buffer: Uint8Array, offset: number): boolean {
  return (read16(buffer, offset + IPV4.FRAGMENT) & (IPV4_FRAGMENT.moreFragments | IPV4_FRAGMENT.offsetMask)) !== 0;
}

/** Fragments with the same key are pieces of the same datagram: source, target, protocol and identification. */
export function fragmentKey(buffer: Uint8Array, offset: number): string {
  return `${read32(buffer, offset + IPV4.SOURCE)} ${read32(buffer, offset + IPV4.TARGET)} ` +
    `${buffer[offset + IPV4.PROTOCOL]!} ${read16(buffer, offset + IPV4.IDENTIFICATION)}`;
}

/** One datagram that arrives in pieces. */
export class Reassembly {
  /** By start; no two overlap. */
  readonly #pieces: Piece[] = [];
  /** The first fragment's, options included. */
  #header: Uint8Array | undefined;
  /** Known once the last fragment is here. */
  #payloadBytes: number | undefined;
  #heldBytes = 0;

  /** Payload bytes that are here. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /**
   * The fragment that arrived first in the datagram's order, as an ICMP "reassembly time exceeded" quotes it; undefined
   * while it is missing, and then none is sent (RFC 792).
   */
  first(): Uint8Array | undefined {
    const piece = this.#pieces[0];
    if (this.#header === undefined || piece === undefined) return undefined;
    const bytes = new Uint8Array(this.#header.length + piece.bytes.length);
    bytes.set(this.#header);
    bytes.set(piece.bytes, this.#header.length);
    return bytes;
  }

  /** Adds a fragment, whose header has passed `checkIpv4`. Its bytes are copied. */
  add(buffer: Uint8Array, offset: number): ReassemblyStep {
    const headerBytes = ipv4HeaderBytes(buffer, offset);
    const word = read16(buffer, offset + IPV4.FRAGMENT);
    const start = (word & IPV4_FRAGMENT.offsetMask) * 8;
    const end = start + read16(buffer, offset + IPV4.TOTAL_LENGTH) - headerBytes;
    const last = (word & IPV4_FRAGMENT.moreFragments) === 0;
    if (headerBytes + end > IPV4_MAX_BYTES) return { kind: 'dropped', reason: 'too-large' };
    if (end === start || (!last && (end - start) % 8 !== 0) || !this.#endFits(end, last)) {
      return { kind: 'dropped', reason: 'bad-length' };
    }
    const covered = this.#coveredBytes(start, end);
    if (covered === end - start) return { kind: 'duplicate' };
    if (covered > 0) return { kind: 'dropped', reason: 'overlap' };
    if (last) this.#payloadBytes = end;
    if (start === 0) this.#header = buffer.slice(offset, offset + headerBytes);
    this.#insert({ start, end, bytes: buffer.slice(offset + headerBytes, offset + headerBytes + end - start) });
    // The pieces lie apart, so they fill the datagram when their lengths add up to its length.
    return this.#heldBytes === this.#payloadBytes ? this.#complete() : { kind: 'waiting' };
  }

  /** There is one end, and nothing lies beyond it. */
  #endFits(end: number, last: boolean): boolean {
    if (this.#payloadBytes !== undefined) return last ? end === this.#payloadBytes : end <= this.#payloadBytes;
    return !last || end >= (this.#pieces.at(-1)?.end ?? 0);
  }

  #coveredBytes(start: number, end: number): number {
    let covered = 0;
    for (const piece of this.#pieces) {
      const from = Math.max(start, piece.start);
      const until = Math.min(end, piece.end);
      if (from < until) covered += until - from;
    }
    return covered;
  }

  #insert(piece: Piece): void {
    let at = this.#pieces.length;
    while (at > 0 && this.#pieces[at - 1]!.start > piece.start) at--;
    this.#pieces.splice(at, 0, piece);
    this.#heldBytes += piece.end - piece.start;
  }

  #complete(): ReassemblyStep {
    const header = this.#header!;
    const totalBytes = header.length + this.#heldBytes;
    // Options may be longer in the first fragment than in the others.
    if (totalBytes > IPV4_MAX_BYTES) return { kind: 'dropped', reason: 'too-large' };
    const datagram = new Uint8Array(totalBytes);
    datagram.set(header);
    for (const piece of this.#pieces) datagram.set(piece.bytes, header.length + piece.start);
    write16(datagram, IPV4.TOTAL_LENGTH, totalBytes);
    write16(datagram, IPV4.FRAGMENT, read16(datagram, IPV4.FRAGMENT) & IPV4_FRAGMENT.dontFragment);
    sealIpv4Header(datagram, 0);
    return { kind: 'complete', datagram };
  }
}
