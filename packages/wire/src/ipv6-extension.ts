// What may stand between an IPv6 header and its payload. RFC 8200 sections 4 to 4.7, RFC 5095 (routing type 0 is
// dead), RFC 7045 (unknown headers).

import { read16 } from './bytes.js';
import { IPV6 } from './ipv6.js';

export const EXTENSION = { hopByHop: 0, routing: 43, fragment: 44, none: 59, destination: 60 } as const;

/** Of the fragment header (RFC 8200 section 4.5). Offset and flag share 16 bits: the offset in units of eight bytes. */
export const IPV6_FRAGMENT = { NEXT_HEADER: 0, OFFSET: 2, IDENTIFICATION: 4, LENGTH: 8, offsetMask: 0xfff8,
  moreFragments: 1 } as const;

/** Codes of "parameter problem" (RFC 4443 section 3.4). */
export const PARAMETER_PROBLEM = { field: 0, nextHeader: 1, option: 2 } as const;

/** Where the headers of a packet lead. */
export type HeaderWalk =
  /** `protocol` stands at `at`; the byte that names it at `named`. */
  | { readonly kind: 'payload'; readonly protocol: number; readonly at: number; readonly named: number }
  /** A fragment header at `at`, named by the byte at `named`. */
  | { readonly kind: 'fragment'; readonly at: number; readonly named: number }
  /** Nothing follows. */
  | { readonly kind: 'nothing' }
  /** The sender is to be told, of a packet to a group only where `evenToGroups`. `pointer` counts from the header. */
  | { readonly kind: 'problem'; readonly code: number; readonly pointer: number; readonly evenToGroups: boolean }
  | { readonly kind: 'discarded' }
  | { readonly kind: 'truncated' };

const UNIT = 8;
const OPTION_PAD1 = 0;
/** Options and headers: no packet of ours comes near. */
const HEADERS_MAX = 16;

/**
 * Walks from the checked header at `start` to the payload, as the node that a packet is for. `from` and `named`: where
 * to go on behind a fragment header.
 */
export function walkHeaders(buffer: Uint8Array, start: number, end: number, from = start + IPV6.LENGTH,
  named = start + IPV6.NEXT_HEADER): HeaderWalk {
  let at = from;
  let name = named;
  for (let count = 0; count < HEADERS_MAX; count++) {
    const header = buffer[name]!;
    switch (header) {
      case EXTENSION.none: return { kind: 'nothing' };
      case EXTENSION.fragment:
        return at + IPV6_FRAGMENT.LENGTH > end ? { kind: 'truncated' } : { kind: 'fragment', at, named: name };
      case EXTENSION.hopByHop: case EXTENSION.destination: case EXTENSION.routing: {
        if (header === EXTENSION.hopByHop && name !== start + IPV6.NEXT_HEADER) {
          return problem(PARAMETER_PROBLEM.nextHeader, name - start, false);
        }
        const next = at + UNIT > end ? -1 : at + (buffer[at + 1]! + 1) * UNIT;
        if (next < 0 || next > end) return { kind: 'truncated' };
        const refused = header === EXTENSION.routing ? refuseRouting(buffer, start, at)
          : refuseOptions(buffer, start, at + 2, next);
        if (refused !== undefined) return refused;
        name = at;
        at = next;
        break;
      }
      default: return { kind: 'payload', protocol: header, at, named: name };
    }
  }
  return { kind: 'discarded' };
}

function problem(code: number, pointer: number, evenToGroups: boolean): HeaderWalk {
  return { kind: 'problem', code, pointer, evenToGroups };
}

/** RFC 8200 section 4.4: a type that is not known is passed over once no segments are left. */
function refuseRouting(buffer: Uint8Array, start: number, at: number): HeaderWalk | undefined {
  return buffer[at + 3] === 0 ? undefined : problem(PARAMETER_PROBLEM.field, at + 2 - start, false);
}

/** RFC 8200 section 4.2: the highest two bits of an option's type say what to do when it is not known. */
function refuseOptions(buffer: Uint8Array, start: number, from: number, end: number): HeaderWalk | undefined {
  let at = from;
  while (at < end) {
    const type = buffer[at]!;
    if (type === OPTION_PAD1) {
      at++;
      continue;
    }
    if (at + 2 > end || at + 2 + buffer[at + 1]! > end) return { kind: 'truncated' };
    const duty = KNOWN_OPTIONS.has(type) ? 0 : type >>> 6;
    if (duty === 1) return { kind: 'discarded' };
    if (duty > 1) return problem(PARAMETER_PROBLEM.option, at - start, duty === 2);
    at += 2 + buffer[at + 1]!;
  }
  return undefined;
}

/** PadN, and router alert (RFC 2711), which MLD carries. */
const KNOWN_OPTIONS: ReadonlySet<number> = new Set([1, 5]);

/** The offset of a fragment in bytes. */
export function fragmentOffset6(buffer: Uint8Array, at: number): number {
  return read16(buffer, at + IPV6_FRAGMENT.OFFSET) & IPV6_FRAGMENT.offsetMask;
}

export function hasMoreFragments6(buffer: Uint8Array, at: number): boolean {
  return (read16(buffer, at + IPV6_FRAGMENT.OFFSET) & IPV6_FRAGMENT.moreFragments) !== 0;
}
