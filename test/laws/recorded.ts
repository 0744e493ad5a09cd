// What a recorded history is driven with when it is lived again.

import type { Commit, HistoryRecord } from '@netreel/sim';
import type { Order } from '@netreel/world';

/** All inputs, each node's in their recorded order. */
export function inputsOf(histories: readonly (readonly Commit[])[]): Order[] {
  return histories.flatMap((commits, node) => recordsOf(commits)
    .filter((record) => record.kind === 'input').map((record) => ({ node, at: record.at, body: record.body })));
}

/** The records of one node without the commits around them. */
export function recordsOf(commits: readonly Commit[]): HistoryRecord[] {
  return commits.flatMap((commit) => commit.records);
}
