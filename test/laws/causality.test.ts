// Nothing comes before its cause, and nothing that is sent within a window arrives in it.

import { type Commit, type HistoryRecord, Underlay } from '@netreel/sim';
import { busyLab } from './busy-lab.js';
import { recordsOf } from './recorded.js';

/** The total order of a run: a cause is earlier, or at the same moment with a smaller sequence on its own node. */
function causeOf(histories: readonly (readonly HistoryRecord[])[], record: HistoryRecord): HistoryRecord | undefined {
  return record.causeSequence === 0 ? undefined : histories[record.causeNode]![record.causeSequence - 1];
}

describe.each([21, 22, 23, 24])('a busy lab, seed %d', (seed) => {
  const { lab } = busyLab(seed, 120);
  const commits: readonly (readonly Commit[])[] = lab.commits;
  const histories = commits.map(recordsOf);
  const underlay = new Underlay(lab.lab);

  it('numbers the records of each node from 1 without gaps, never back in time', () => {
    for (const records of histories) {
      records.forEach((record, place) => {
        expect(record.sequence).toBe(place + 1);
        if (place > 0) expect(record.at).toBeGreaterThanOrEqual(records[place - 1]!.at);
      });
    }
  });

  it('keeps every record within the window of its commit', () => {
    for (const { from, until, records } of commits.flat()) {
      expect(records.length).toBeGreaterThan(0);
      for (const { at } of records) expect(at >= from && at < until).toBe(true);
    }
  });

  it('delivers no envelope before the end of the window in which it was sent', () => {
    let envelopes = 0;
    commits.forEach((list, node) => {
      for (const { until, records } of list) {
        for (const record of records) {
          if (record.kind !== 'envelope') continue;
          envelopes++;
          expect(record.arrivesAt).toBeGreaterThanOrEqual(until);
          expect(record.arrivesAt - record.at).toBeGreaterThanOrEqual(underlay.delayNs(node, record.target));
        }
      }
    });
    expect(envelopes).toBeGreaterThan(100);
  });

  it('has a cause for every record that is not later than what it caused', () => {
    let across = 0;
    histories.forEach((records, node) => {
      for (const record of records) {
        const cause = causeOf(histories, record);
        if (cause === undefined) {
          // What a node does of its own accord since it booted: no record made it.
          expect([record.causeNode, record.causeSequence, record.kind === 'input']).toEqual([node, 0, false]);
          continue;
        }
        expect(cause.at).toBeLessThanOrEqual(record.at);
        if (record.causeNode === node) {
          expect(record.kind === 'input' ? cause.sequence === record.sequence : cause.sequence < record.sequence)
            .toBe(true);
        } else {
          // Only an envelope to this node carries a cause from another one, and only from its arrival on.
          across++;
          expect([cause.kind, cause.kind === 'envelope' && cause.target === node && cause.arrivesAt <= record.at])
            .toEqual(['envelope', true]);
        }
      }
    });
    expect(across).toBeGreaterThan(50);
  });
});
