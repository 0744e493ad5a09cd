// netreel diff: where two recorded runs part, node by node; the earliest place of all, why, and what follows from it.

import { describeRecord, historyCodec, historyHash } from '@netreel/protocol';
import type { Journal, StoredCommit } from '@netreel/runtime';
import { type Commit, type HistoryRecord, type LabSpec, formatTime } from '@netreel/sim';
import { Consequences, type Parting, earliest } from '@netreel/views';
import { EXIT, UserFault } from '../fault.js';
import { type OpenedRun, openRun } from '../past/open.js';
import { recordsInOrder } from '../past/records.js';
import { decodeStored } from '../past/stored-order.js';
import { type JournalChoice, withRun } from '../running/journals.js';
import type { CommandContext } from './context.js';
import { causesOf } from './why.js';

interface Side extends OpenedRun {
  readonly journal: Journal;
  readonly run: string;
}

export async function diffCommand(context: CommandContext, first: string, second: string,
  options: JournalChoice): Promise<void> {
  const opened = <T>(reference: string, work: (side: Side) => Promise<T>): Promise<T> =>
    withRun(context.places, options, reference, context.notice, async (journal, run) =>
      work({ journal, run, ...await openRun(context.places, journal, run) }));
  await opened(first, (a) => opened(second, async (b) => {
    const names = namesOf(a.lab);
    if (namesOf(b.lab).join() !== names.join()) throw new UserFault(EXIT.failed,
      `${a.run} and ${b.run} are of different labs: ${names.join(', ')} and ${namesOf(b.lab).join(', ')}`);
    const chains = new Map<string, string>();
    const partings: (Parting | undefined)[] = [];
    for (const node of names.keys()) partings.push(await partingOf(a, b, node, chains));
    const parting = earliest(partings.filter((each) => each !== undefined));
    if (parting === undefined) {
      context.out(`✓ equal: ${historyHash(chains)}\n`);
      return;
    }
    context.out(`✗ ${a.run} and ${b.run} part at ${formatTime(parting.at)} on ${names[parting.node]!}\n`);
    await tell(context, a, names, parting, parting.first);
    await tell(context, b, names, parting, parting.second);
    context.out(`node by node:\n${partings.map((each, node) => nodeLine(names[node]!, each)).join('')}`);
    context.exit(EXIT.failed);
  }));
}

const namesOf = (lab: LabSpec): string[] => lab.nodes.map((node) => node.name);

function nodeLine(name: string, parting: Parting | undefined): string {
  if (parting === undefined) return `  ${name.padEnd(10)} equal\n`;
  const { first, second, at } = parting;
  const place = first === undefined || second === undefined ? 'one history ends' : 'differs';
  return `  ${name.padEnd(10)} ${place} at ${formatTime(at)}, record ${(first ?? second)!.sequence}\n`;
}

/** The first difference of one node. Commits with equal links are equal: only the first two that differ are read. */
async function partingOf(a: Side, b: Side, node: number, chains: Map<string, string>): Promise<Parting | undefined> {
  const { name } = a.lab.nodes[node]!;
  const [left, right] = [a, b].map(({ journal, run }) => journal.read(run, name)[Symbol.asyncIterator]());
  for (;;) {
    const [one, two] = await Promise.all([left!.next(), right!.next()]) as IteratorResult<StoredCommit, undefined>[];
    if (one!.done === true && two!.done === true) return undefined;
    if (one!.value?.chain === two!.value?.chain) {
      chains.set(name, one!.value!.chain);
      continue;
    }
    const commit = (side: Side, stored: StoredCommit | undefined): Commit | undefined =>
      (stored === undefined ? undefined : decodeStored(side.run, name, stored));
    return firstDifference(node, commit(a, one!.value), commit(b, two!.value));
  }
}

function firstDifference(node: number, first: Commit | undefined, second: Commit | undefined): Parting {
  const length = Math.max(first?.records.length ?? 0, second?.records.length ?? 0);
  const line = (record: HistoryRecord | undefined): string => (record === undefined ? ''
    : `${describeRecord(record, historyCodec)} ${Buffer.from(historyCodec.encodeRecord(record.body)).toString('hex')}`);
  for (let index = 0; index < length; index++) {
    const [was, is] = [first?.records[index], second?.records[index]];
    if (line(was) === line(is)) continue;
    return { node, at: Math.min(was?.at ?? is!.at, is?.at ?? was!.at), first: was, second: is };
  }
  // The records are equal, the windows around them are not.
  return { node, at: Math.min((first ?? second)!.from, (second ?? first)!.from), first: first?.records[0],
    second: second?.records[0] };
}

/** What one run has at the parting, why, and what follows from it. */
async function tell(context: CommandContext, side: Side, names: readonly string[], { node, at }: Parting,
  record: HistoryRecord | undefined): Promise<void> {
  if (record === undefined || record.at > at) {
    context.out(`${side.run}\n  has nothing there${record === undefined ? ' any more'
      : `; next on ${names[node]!} is record ${record.sequence}, at ${formatTime(record.at)}`}\n`);
    return;
  }
  const chain = await causesOf(side.lab, side.seeker, { node, sequence: record.sequence });
  context.out(`${side.run}\n  ${formatTime(record.at)} ${names[node]!}/${record.sequence} ${chain[0]!.text}\n`);
  for (const { node: other, record: cause, text } of chain.slice(1)) {
    context.out(`    because ${formatTime(cause.at)} ${names[other]!}/${cause.sequence} ${text}\n`);
  }
  const consequences = new Consequences(node, record);
  for await (const batch of recordsInOrder(side.journal, side.run, side.lab, { from: record.at })) {
    for (const placed of batch) consequences.take(placed);
  }
  const reached = [...consequences.reached].map(([other, { records, first }]) =>
    `${names[other]!} (${records}, from ${formatTime(first.record.at)})`);
  context.out(`  from it follow ${consequences.total - 1} records: ${reached.join(', ')}\n`);
}
