// From what each record of a run springs: the typed line or the fault at the beginning of its chain of causes.

import type { Placed } from '@netreel/views';

/** More messages than are on their way, or have timers waiting, at any time in most labs. */
const REMEMBERED = 200_000;

export class Roots {
  private readonly texts = new Map<number, string>();

  constructor(private readonly nodeCount: number) {}

  /** Notes a record that others may follow from: an input, or a message. */
  note({ node, record }: Placed, told: string): void {
    if (record.kind === 'event') return;
    const text = record.kind === 'input' ? told : this.of(record.causeNode, record.causeSequence);
    if (text === undefined) return;
    this.texts.set(this.key(node, record.sequence), text);
    if (this.texts.size > REMEMBERED) this.texts.delete(this.texts.keys().next().value!);
  }

  /** What the cause of a record springs from; undefined for what booting does, and for what is long past. */
  of(node: number, sequence: number): string | undefined {
    return this.texts.get(this.key(node, sequence));
  }

  private key(node: number, sequence: number): number {
    return sequence * this.nodeCount + node;
  }
}
