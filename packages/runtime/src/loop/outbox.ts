// The senders' journals as the bus' memory: everything that was ever sent to one node, in the order of its channels.

import type { Codec } from '@netreel/protocol';
import type { Envelope, LabSpec, SimTime } from '@netreel/sim';
import type { Journal } from '../journal/journal.js';
import type { Channels } from './channel.js';

/**
 * Where reading a sender's journal stopped: the number of its last commit read, and the envelopes for us seen until
 * then.
 */
interface Cursor {
  commit: number;
  envelopes: number;
}

export class JournalOutbox {
  private readonly cursors: Cursor[];

  constructor(private readonly journal: Journal, private readonly run: string, private readonly lab: LabSpec,
    private readonly self: number, private readonly codec: Codec) {
    this.cursors = lab.nodes.map(() => ({ commit: 0, envelopes: 0 }));
  }

  /** Hands on what `source` has sent here since the last time. */
  async fetch(source: number, channels: Channels): Promise<void> {
    const cursor = this.cursors[source]!;
    const { commit: afterNumber, envelopes: before } = cursor;
    const envelopes = await this.sentBy(source, afterNumber, cursor);
    if (envelopes.length > 0) channels.take({ source, target: this.self, window: 0, before, envelopes });
  }

  /** Everything that all others ever sent here, to be taken in as time goes on. */
  async everythingSentHere(): Promise<Inbox> {
    const bySource: Envelope[][] = [];
    for (let source = 0; source < this.lab.nodes.length; source++) {
      bySource.push(source === this.self ? [] : await this.sentBy(source, 0, this.cursors[source]!));
    }
    return new Inbox(bySource, this.self);
  }

  private async sentBy(source: number, afterNumber: number, cursor: Cursor): Promise<Envelope[]> {
    const found: Envelope[] = [];
    const { name } = this.lab.nodes[source]!;
    for await (const stored of this.journal.read(this.run, name, { afterNumber })) {
      const decoded = this.codec.decodeCommit(stored.bytes);
      if (!decoded.ok) throw new Error(`commit ${stored.number} of ${name} cannot be read: ${decoded.flaw}`);
      for (const record of decoded.commit.records) {
        if (record.kind !== 'envelope' || record.target !== this.self) continue;
        found.push(
          { source, target: this.self, sequence: record.sequence, arrivesAt: record.arrivesAt, body: record.body });
      }
      cursor.commit = stored.number;
    }
    cursor.envelopes += found.length;
    return found;
  }
}

/** Recorded envelopes, handed on no earlier than the window before which they arrive. */
export class Inbox {
  private readonly taken: number[];

  constructor(private readonly bySource: readonly (readonly Envelope[])[], private readonly self: number) {
    this.taken = bySource.map(() => 0);
  }

  /** Hands on whatever was sent in time to arrive before `until`: whole prefixes of each channel, as live. */
  takeUntil(until: SimTime, channels: Channels): void {
    this.bySource.forEach((envelopes, source) => {
      const from = this.taken[source]!;
      let to = from;
      // Within a channel a later envelope may arrive earlier (a delayed frame): look as far as anything due reaches.
      for (let index = from; index < envelopes.length; index++) if (envelopes[index]!.arrivesAt < until) to = index + 1;
      if (to === from) return;
      this.taken[source] = to;
      channels.take({ source, target: this.self, window: 0, before: from, envelopes: envelopes.slice(from, to) });
    });
  }
}
