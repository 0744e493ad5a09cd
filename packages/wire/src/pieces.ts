// Parts of something longer, in any order, none over another. RFC 815.

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

/** The parts that are here. */
export class Pieces {
  /** By start; no two overlap. */
  private readonly list: Piece[] = [];
  /** Known once the last part is here. */
  private totalBytes: number | undefined;
  heldBytes = 0;

  /** `overlap` also where two parts disagree about the end. A part that tells nothing new is a `duplicate`. */
  add(start: number, last: boolean, bytes: Uint8Array): 'added' | 'duplicate' | 'overlap' {
    const end = start + bytes.length;
    if (!this.endFits(end, last)) return 'overlap';
    const covered = this.coveredBytes(start, end);
    if (covered === bytes.length) return 'duplicate';
    if (covered > 0) return 'overlap';
    if (last) this.totalBytes = end;
    let at = this.list.length;
    while (at > 0 && this.list[at - 1]!.start > start) at--;
    this.list.splice(at, 0, { start, end, bytes });
    this.heldBytes += bytes.length;
    return 'added';
  }

  /** The bytes from the beginning on that are here in one part; undefined while the first is missing. */
  first(): Uint8Array | undefined {
    const piece = this.list[0];
    return piece === undefined || piece.start > 0 ? undefined : piece.bytes;
  }

  /** Everything, once it is here: the parts lie apart, so they fill the whole when their lengths add up to it. */
  whole(): Uint8Array | undefined {
    if (this.heldBytes !== this.totalBytes) return undefined;
    const bytes = new Uint8Array(this.heldBytes);
    for (const piece of this.list) bytes.set(piece.bytes, piece.start);
    return bytes;
  }

  /** There is one end, and nothing lies beyond it. */
  private endFits(end: number, last: boolean): boolean {
    if (this.totalBytes !== undefined) return last ? end === this.totalBytes : end <= this.totalBytes;
    return !last || end >= (this.list.at(-1)?.end ?? 0);
  }

  private coveredBytes(start: number, end: number): number {
    let covered = 0;
    for (const piece of this.list) {
      const from = Math.max(start, piece.start);
      const until = Math.min(end, piece.end);
      if (from < until) covered += until - from;
    }
    return covered;
  }
}
