// Living a recorded run again and comparing it, commit by commit and then record by record, with what was recorded.

import { NodeMaker } from '@netreel/host';
import { describeRecord, historyCodec } from '@netreel/protocol';
import type { Commit, HistoryRecord, SimTime } from '@netreel/sim';
import { RecordedOperator, World } from '@netreel/world';
import { type RecordedRun, inputsOf, lastWindow } from './histories.js';

/** The first place at which the two lives differ. */
export interface Difference {
  readonly node: string;
  readonly at: SimTime;
  readonly sequence: number;
  /** As lines; empty where one life has nothing. */
  readonly recorded: string;
  readonly again: string;
}

export interface Verified {
  readonly commits: number;
  readonly records: number;
  readonly difference: Difference | undefined;
}

/** Re-executes the inputs of `run` and stops at the first window in which something differs. */
export function verifyRun(run: RecordedRun): Verified {
  const { lab, histories, finished } = run;
  const endsAt = lastWindow(histories);
  const names = lab.nodes.map((node) => node.name);
  const maker = new NodeMaker();
  const next = histories.map(() => 0);
  const differences: Difference[] = [];
  let commits = 0;
  let records = 0;
  const world = new World(lab, {
    become: (machine) => maker.become(machine),
    sink: (again, node) => {
      const recorded = histories[node]![next[node]!++];
      // A process that was killed had perhaps not written down all of its last window.
      if (recorded === undefined && !finished && again.from >= endsAt) return;
      commits++;
      records += again.records.length;
      if (recorded === undefined
        || !equalBytes(historyCodec.encodeCommit(again), historyCodec.encodeCommit(recorded))) {
        differences.push(firstDifference(names, node, recorded, again));
      }
    },
  });
  const operator = new RecordedOperator(inputsOf(histories), endsAt);
  while (!operator.done() && differences.length === 0) if (world.step(operator) !== undefined) break;
  if (differences.length === 0) {
    histories.forEach((recorded, node) => {
      const missing = recorded[next[node]!];
      if (missing !== undefined) differences.push(firstDifference(names, node, missing, undefined));
    });
  }
  differences.sort((a, b) => a.at - b.at || (a.node < b.node ? -1 : 1));
  return { commits, records, difference: differences[0] };
}

function firstDifference(names: readonly string[], node: number, recorded: Commit | undefined,
  again: Commit | undefined): Difference {
  const line = (record: HistoryRecord | undefined): string =>
    (record === undefined ? '' : describeRecord(record, historyCodec, names));
  const length = Math.max(recorded?.records.length ?? 0, again?.records.length ?? 0);
  for (let index = 0; index < length; index++) {
    const was = recorded?.records[index];
    const is = again?.records[index];
    if (line(was) === line(is) && index < length - 1) continue;
    return { node: names[node]!, at: (was ?? is)!.at, sequence: (was ?? is)!.sequence, recorded: line(was),
      again: line(is) };
  }
  return { node: names[node]!, at: (recorded ?? again)!.from, sequence: 0, recorded: '', again: '' };
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
