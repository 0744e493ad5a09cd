// What is wrong with bytes that are no packet. Bytes come from peers and faults, so a flaw is a value and never an
// exception.

export type Flaw =
  /** The bytes end before the header or the length that it announces. */
  | 'truncated'
  /** A length field contradicts itself or the bytes. */
  | 'bad-length'
  | 'bad-version'
  | 'bad-checksum'
  /** A field holds what its specification forbids. */
  | 'bad-value'
  /** Well formed as far as can be told, but of a kind that is not spoken here. */
  | 'unsupported';

/** What a decoder answers. */
export type Decoded<T> =
  | { readonly ok: true; readonly packet: T }
  | { readonly ok: false; readonly flaw: Flaw };

/** A packet that could be read. */
export function decoded<T>(packet: T): Decoded<T> {
  return { ok: true, packet };
}

/** Bytes that could not. */
export function flawed(flaw: Flaw): { readonly ok: false; readonly flaw: Flaw } {
  return { ok: false, flaw };
}
