// IPv6 fragments, cut by the sender alone and put together by the receiver. RFC 8200 section 4.5; fragments that
// overlap end the packet (RFC 5722), one that is whole in itself stands alone (RFC 6946).

import { read16, read32, write16, write32 } from './bytes.js';
import { IPV6_FRAGMENT, fragmentOffset6, hasMoreFragments6 } from './ipv6-extension.js';
import { IPV6 } from './ipv6.js';
import { readIpv6 } from './ipv6-address.js';
import { Pieces } from './pieces.js';

const UNIT = 8;
const FRAGMENT = 44;
const PAYLOAD_MAX = 65535;

/** Cuts a packet without extension headers so that no piece is longer than `mtu`. */
export function fragmentIpv6(packet: Uint8Array, mtu: number, identification: number): readonly Uint8Array[] {
  const pieceBytes = Math.floor((mtu - IPV6.LENGTH - IPV6_FRAGMENT.LENGTH) / UNIT) * UNIT;
  const totalBytes = packet.length - IPV6.LENGTH;
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < totalBytes; from += pieceBytes) {
    const until = Math.min(from + pieceBytes, totalBytes);
    const at = IPV6.LENGTH;
    const piece = new Uint8Array(at + IPV6_FRAGMENT.LENGTH + until - from);
    piece.set(packet.subarray(0, at));
    write16(piece, IPV6.PAYLOAD_LENGTH, piece.length - at);
    piece[IPV6.NEXT_HEADER] = FRAGMENT;
    piece[at] = packet[IPV6.NEXT_HEADER]!;
    write16(piece, at + IPV6_FRAGMENT.OFFSET, from | (until < totalBytes ? IPV6_FRAGMENT.moreFragments : 0));
    write32(piece, at + IPV6_FRAGMENT.IDENTIFICATION, identification);
    piece.set(packet.subarray(at + from, at + until), at + IPV6_FRAGMENT.LENGTH);
    pieces.push(piece);
  }
  return pieces;
}

/** Fragments with the same key are pieces of one packet. `at`: the fragment header. */
export function fragmentKey6(buffer: Uint8Array, start: number, at: number): string {
  return `${readIpv6(buffer, start + IPV6.SOURCE)} ${readIpv6(buffer, start + IPV6.TARGET)} ` +
    `${read32(buffer, at + IPV6_FRAGMENT.IDENTIFICATION)}`;
}

/** What one more fragment led to. After all but `waiting` and `duplicate` the reassembly is over. */
export type Reassembly6Step =
  | { readonly kind: 'waiting' | 'duplicate' | 'overlap' }
  | { readonly kind: 'complete'; readonly packet: Uint8Array }
  /** The sender is to be told which field was wrong, counted from the header. */
  | { readonly kind: 'problem'; readonly pointer: number };

/** One packet that arrives in pieces. */
export class Reassembly6 {
  private readonly pieces = new Pieces();
  /** Headers before the fragment header, of the first fragment. */
  private head: Uint8Array | undefined;
  /** Where in `head` the byte is that named the fragment header, and what stands there now. */
  private named = 0;
  private next = 0;

  get heldBytes(): number {
    return this.pieces.heldBytes;
  }

  /** The first fragment as it came without its fragment header; undefined while it is missing. */
  first(): Uint8Array | undefined {
    const bytes = this.pieces.first();
    return this.head === undefined || bytes === undefined ? undefined : this.packet(bytes);
  }

  /** Adds the checked packet at `start`, whose fragment header is at `at`, named by the byte at `named`. */
  add(buffer: Uint8Array, start: number, at: number, named: number): Reassembly6Step {
    const end = start + IPV6.LENGTH + read16(buffer, start + IPV6.PAYLOAD_LENGTH);
    const offset = fragmentOffset6(buffer, at);
    const last = !hasMoreFragments6(buffer, at);
    const bytes = end - at - IPV6_FRAGMENT.LENGTH;
    if (!last && bytes % UNIT !== 0) return { kind: 'problem', pointer: IPV6.PAYLOAD_LENGTH };
    if (offset + bytes > PAYLOAD_MAX - (at - start - IPV6.LENGTH)) {
      return { kind: 'problem', pointer: at + IPV6_FRAGMENT.OFFSET - start };
    }
    const placed = bytes <= 0 ? 'overlap'
      : this.pieces.add(offset, last, buffer.slice(at + IPV6_FRAGMENT.LENGTH, end));
    if (placed !== 'added') return { kind: placed };
    if (offset === 0) {
      this.head = buffer.slice(start, at);
      this.named = named - start;
      this.next = buffer[at]!;
    }
    const whole = this.head === undefined ? undefined : this.pieces.whole();
    return whole === undefined ? { kind: 'waiting' } : { kind: 'complete', packet: this.packet(whole) };
  }

  private packet(payload: Uint8Array): Uint8Array {
    const head = this.head!;
    const packet = new Uint8Array(head.length + payload.length);
    packet.set(head);
    packet[this.named] = this.next;
    packet.set(payload, head.length);
    write16(packet, IPV6.PAYLOAD_LENGTH, packet.length - IPV6.LENGTH);
    return packet;
  }
}
