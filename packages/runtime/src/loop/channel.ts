// What one node receives from the others, over a bus that may lose, repeat and reorder. Every batch says how many
// envelopes went before it on its channel (source to target), so that a gap shows; gaps are filled from the sender's
// journal, which holds everything that was ever sent.

import type { EnvelopeBatch } from '@netreel/protocol';
import type { Envelope } from '@netreel/sim';

export class Channels {
  /** Envelopes taken in so far, by source. */
  readonly received: number[];
  /** Batches that wait for those before them, by source. */
  private readonly early: Map<number, EnvelopeBatch>[];

  constructor(nodeCount: number, private readonly accept: (envelope: Envelope) => void) {
    this.received = new Array<number>(nodeCount).fill(0);
    this.early = Array.from({ length: nodeCount }, () => new Map());
  }

  /** Takes in what is new in a batch; true when something was. */
  take(batch: EnvelopeBatch): boolean {
    const { source, before, envelopes } = batch;
    const have = this.received[source]!;
    if (before > have) {
      this.early[source]!.set(before, batch);
      return false;
    }
    if (before + envelopes.length <= have) return false;
    for (let index = have - before; index < envelopes.length; index++) this.accept(envelopes[index]!);
    this.received[source] = before + envelopes.length;
    this.takeEarly(source);
    return true;
  }

  /** Whether everything the others had sent by then is here; `expected` counts by source. */
  complete(expected: readonly number[]): boolean {
    return this.missing(expected) === -1;
  }

  /** A source that something is missing from; -1 for none. */
  missing(expected: readonly number[]): number {
    return expected.findIndex((count, source) => this.received[source]! < count);
  }

  private takeEarly(source: number): void {
    const waiting = this.early[source]!;
    for (const [before, batch] of [...waiting].sort(([a], [b]) => a - b)) {
      if (before > this.received[source]!) return;
      waiting.delete(before);
      this.take(batch);
    }
  }
}
