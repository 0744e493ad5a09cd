// Swarm's ids: 128 bits in 25 digits of base 36.

const DIGITS = 25;
const HEX_DIGITS = 32;

/** An id of one kind of swarm object from the node's own source of hexadecimal ids. */
export function swarmId(newId: (kind: string, digits?: number) => string, kind: string): string {
  return BigInt(`0x${newId(kind, HEX_DIGITS)}`).toString(36).padStart(DIGITS, '0');
}
