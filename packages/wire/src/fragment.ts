// IPv4 fragmentation. RFC 791 sections 2.3 and 3.2 (the procedures), 3.1 (which options are copied). Putting the pieces
// together again is in reassembly.ts.

import { read16, write16 } from './bytes.js';
import type { Flaw } from './flaw.js';
import { IPV4, IPV4_FRAGMENT, checkIpv4, ipv4HeaderBytes, sealIpv4Header } from './ipv4.js';

/** The pieces; or why there are none: `dont-fragment` is what an ICMP "fragmentation needed" answers. */
export type Fragments =
  | { readonly ok: true; readonly datagrams: readonly Uint8Array[] }
  | { readonly ok: false; readonly flaw: Flaw | 'dont-fragment' };

/** Payload comes in units of eight bytes, since the offset counts them. */
const UNIT = 8;

/** Cuts a datagram so that no piece is longer than `mtu`. One that fits comes back as it is. */
export function fragmentIpv4(datagram: Uint8Array, mtu: number): Fragments {
  const flaw = checkIpv4(datagram, 0, datagram.length);
  if (flaw !== undefined) return { ok: false, flaw };
  const totalBytes = read16(datagram, IPV4.TOTAL_LENGTH);
  if (totalBytes <= mtu) return { ok: true, datagrams: [datagram.subarray(0, totalBytes)] };
  const word = read16(datagram, IPV4.FRAGMENT);
  if ((word & IPV4_FRAGMENT.dontFragment) !== 0) return { ok: false, flaw: 'dont-fragment' };
  const headerBytes = ipv4HeaderBytes(datagram, 0);
  const pieceBytes = Math.floor((mtu - headerBytes) / UNIT) * UNIT;
  // RFC 791 section 3.2: every link carries 68 bytes, a header with all options and one unit.
  if (pieceBytes < UNIT) return { ok: false, flaw: 'bad-length' };
  const laterHeader = datagram.slice(0, headerBytes);
  blankUncopiedOptions(laterHeader);
  const datagrams: Uint8Array[] = [];
  for (let from = headerBytes; from < totalBytes; from += pieceBytes) {
    const until = Math.min(from + pieceBytes, totalBytes);
    const piece = new Uint8Array(headerBytes + until - from);
    piece.set(from === headerBytes ? datagram.subarray(0, headerBytes) : laterHeader);
    piece.set(datagram.subarray(from, until), headerBytes);
    // A piece of a piece: the offset goes on from its own, and only the last piece of the last one ends the datagram.
    const offset = (word & IPV4_FRAGMENT.offsetMask) + (from - headerBytes) / UNIT;
    const more = until < totalBytes || (word & IPV4_FRAGMENT.moreFragments) !== 0;
    write16(piece, IPV4.TOTAL_LENGTH, piece.length);
    write16(piece, IPV4.FRAGMENT, (more ? IPV4_FRAGMENT.moreFragments : 0) | (offset & IPV4_FRAGMENT.offsetMask));
    sealIpv4Header(piece, 0);
    datagrams.push(piece);
  }
  return { ok: true, datagrams };
}

const END_OF_OPTIONS = 0;
const NO_OPERATION = 1;
const COPIED = 0x80;

/**
 * Options without the copied bit stay in the first fragment only. In the others no-operation takes their place, so that
 * all headers have one length.
 */
function blankUncopiedOptions(header: Uint8Array): void {
  let at: number = IPV4.LENGTH;
  while (at < header.length) {
    const kind = header[at]!;
    if (kind === END_OF_OPTIONS) return;
    if (kind === NO_OPERATION) {
      at++;
      continue;
    }
    const length = header[at + 1] ?? 0;
    // A malformed list: nobody can tell where the next option starts.
    if (length < 2 || at + length > header.length) return;
    if ((kind & COPIED) === 0) header.fill(NO_OPERATION, at, at + length);
    at += length;
  }
}
