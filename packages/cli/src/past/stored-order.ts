// All commits of a run in an order in which a walk through them may stop anywhere: as they lie in a journal of one
// sequence, else by the time at which their windows start.

import { historyCodec } from '@netreel/protocol';
import { type Journal, JournalFault, type PlacedCommit, type StoredCommit } from '@netreel/runtime';
import type { Commit } from '@netreel/sim';

/** Where a walk starts: a place in the sequence, and how many commits of each node were seen. */
export interface WalkStart {
  readonly offset: number;
  readonly numbers: readonly number[];
}

/** A stretch of a journal: the commits of the nodes in `wanted`, from a start until a place (or the end). */
export async function* commitsFrom(journal: Journal, run: string, names: readonly string[], wanted: readonly number[],
  start: WalkStart, untilOffset: number): AsyncGenerator<PlacedCommit> {
  if (journal.scan !== undefined) {
    const chosen = new Set(wanted.map((node) => names[node]!));
    yield* journal.scan(run, start.offset, untilOffset, (node) => chosen.has(node));
    return;
  }
  const cursors: { readonly node: string; readonly rest: AsyncIterator<StoredCommit>; next: StoredCommit }[] = [];
  for (const node of wanted) {
    const rest = journal.read(run, names[node]!, { afterNumber: start.numbers[node]! })[Symbol.asyncIterator]();
    const first = await rest.next();
    if (first.done !== true) cursors.push({ node: names[node]!, rest, next: first.value });
  }
  while (cursors.length > 0) {
    let place = 0;
    for (let each = 1; each < cursors.length; each++) {
      if (cursors[each]!.next.from < cursors[place]!.next.from) place = each;
    }
    const cursor = cursors[place]!;
    yield { ...cursor.next, node: cursor.node, end: 0 };
    const after = await cursor.rest.next();
    if (after.done === true) cursors.splice(place, 1);
    else cursor.next = after.value;
  }
}

/** The commit in stored bytes; a fault that names it when they hold none. */
export function decodeStored(run: string, node: string, stored: StoredCommit): Commit {
  const decoded = historyCodec.decodeCommit(stored.bytes);
  if (decoded.ok) return decoded.commit;
  throw new JournalFault('damaged', `run ${run}, ${node}, commit ${stored.number}: ${decoded.flaw}`);
}
