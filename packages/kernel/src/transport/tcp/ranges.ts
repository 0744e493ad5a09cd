// Pieces of the sequence space: what arrived out of order, or what the other side said it has (RFC 2018, RFC 6675).

import { after, before, distance } from './sequence.js';

/** What a peer may make us remember. */
const RANGES_MAX = 256;

/** Disjoint ranges in ascending order; each from its left edge up to, but without, its right edge. */
export class Ranges {
  readonly left: number[] = [];
  readonly right: number[] = [];

  get count(): number {
    return this.left.length;
  }

  /** False when there is no room for one more range, or it is there already. */
  add(left: number, right: number): boolean {
    let first = 0;
    while (first < this.count && before(this.right[first]!, left)) first++;
    let behind = first;
    let from = left;
    let to = right;
    while (behind < this.count && !after(this.left[behind]!, right)) {
      if (before(this.left[behind]!, from)) from = this.left[behind]!;
      if (after(this.right[behind]!, to)) to = this.right[behind]!;
      behind++;
    }
    if (behind === first && this.count >= RANGES_MAX) return false;
    if (behind === first + 1 && this.left[first] === from && this.right[first] === to) return false;
    this.left.splice(first, behind - first, from);
    this.right.splice(first, behind - first, to);
    return true;
  }

  /** Forgets all below `edge`. */
  dropBelow(edge: number): void {
    while (this.count > 0 && !after(this.right[0]!, edge)) {
      this.left.shift();
      this.right.shift();
    }
    if (this.count > 0 && before(this.left[0]!, edge)) this.left[0] = edge;
  }

  clear(): void {
    this.left.length = 0;
    this.right.length = 0;
  }

  /** How many bytes below `edge` are in ranges. */
  bytesBelow(edge: number): number {
    let bytes = 0;
    for (let i = 0; i < this.count && before(this.left[i]!, edge); i++) {
      bytes += distance(before(this.right[i]!, edge) ? this.right[i]! : edge, this.left[i]!);
    }
    return bytes;
  }

  /** The range that holds `sequence`; -1 for none. */
  indexOf(sequence: number): number {
    for (let i = 0; i < this.count && !after(this.left[i]!, sequence); i++) {
      if (before(sequence, this.right[i]!)) return i;
    }
    return -1;
  }
}
