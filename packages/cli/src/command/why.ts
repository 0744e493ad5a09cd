// netreel why: the chain of causes of one record, back to the typed line, the fault or the boot that began it.

import { type HistoryRecord, type LabSpec, formatTime } from '@netreel/sim';
import { Names, tellRecord } from '@netreel/views';
import { EXIT, UserFault } from '../fault.js';
import { openRun } from '../past/open.js';
import type { Seeker } from '../past/seek.js';
import { type JournalChoice, withRun } from '../running/journals.js';
import type { CommandContext } from './context.js';

export interface Link {
  readonly node: number;
  readonly record: HistoryRecord;
  readonly text: string;
}

export async function whyCommand(context: CommandContext, reference: string, event: string,
  options: JournalChoice & { json?: boolean }): Promise<void> {
  await withRun(context.places, options, reference, context.notice, async (journal, run) => {
    const { lab, seeker } = await openRun(context.places, journal, run);
    const chain = await causesOf(lab, seeker, eventOf(lab, event));
    const names = lab.nodes.map((node) => node.name);
    if (options.json === true) {
      context.out(`${JSON.stringify(chain.map(({ node, record, text }) =>
        ({ node: names[node], sequence: record.sequence, at: record.at, kind: record.kind, text })))}\n`);
      return;
    }
    chain.forEach(({ node, record, text }, depth) => {
      const to = record.kind !== 'envelope' ? ''
        : ` to ${names[record.target]!}, there at ${formatTime(record.arrivesAt)}`;
      context.out(`${depth === 0 ? '' : `${'  '.repeat(depth - 1)}because  `}` +
        `${formatTime(record.at)} ${names[node]!}/${record.sequence} ${text}${to}\n`);
    });
    const { record } = chain[chain.length - 1]!;
    if (record.kind !== 'input') context.out(`${'  '.repeat(chain.length - 1)}because  0s the node was booted\n`);
  });
}

/** The record, what it follows from, what that follows from … */
export async function causesOf(lab: LabSpec, seeker: Seeker,
  place: { readonly node: number; readonly sequence: number }): Promise<readonly Link[]> {
  const chain: Link[] = [];
  let { node, sequence } = place;
  while (sequence > 0) {
    const record = await seeker.record(node, sequence);
    if (record === undefined) throw new UserFault(EXIT.missing,
      `${lab.nodes[node]!.name} has no record ${sequence}; \`netreel events\` shows those there are`);
    const wanted = lab.nodes.flatMap(({ kind }, index) => (index === node || kind === 'overlay' ? [index] : []));
    const { fold } = await seeker.tablesAt(record.at, wanted);
    chain.push({ node, record, text: tellRecord(record, new Names(fold, node)) });
    if (record.kind === 'input') break;
    node = record.causeNode;
    sequence = record.causeSequence;
  }
  return chain;
}

/** `host1/123`, as `events` and `replay` print it. */
export function eventOf(lab: LabSpec, text: string): { readonly node: number; readonly sequence: number } {
  const match = /^([\w-]+)\/(\d+)$/.exec(text);
  const node = lab.nodes.findIndex(({ name }) => name === match?.[1]);
  if (match === null || node < 0) throw new UserFault(EXIT.wrong,
    `${JSON.stringify(text)} is no record; expected NODE/NUMBER, for example ${lab.nodes[0]!.name}/12`);
  return { node, sequence: Number(match[2]) };
}
