// netreel replay: a recorded run, or one that is being recorded, told line by line. netreel tail: the same as JSON.

import { historyCodec, recordToJson } from '@netreel/protocol';
import { wallClock } from '@netreel/runtime';
import { NEVER, type SimTime, formatTime } from '@netreel/sim';
import { QUIET_KINDS, RECORD_KINDS, Timeline, type TimelineLine } from '@netreel/views';
import { EXIT, UserFault } from '../fault.js';
import { momentOf } from '../moment.js';
import { followRecords } from '../past/follow.js';
import { openRun } from '../past/open.js';
import { recordsInOrder } from '../past/records.js';
import { type JournalChoice, withRun } from '../running/journals.js';
import { Roots } from '../story/roots.js';
import type { CommandContext } from './context.js';

export interface ReplayOptions extends JournalChoice {
  readonly from?: string;
  readonly to?: string;
  /** Virtual seconds a second; as fast as it goes if not given. */
  readonly speed?: number;
  readonly follow?: boolean;
  readonly host?: readonly string[];
  readonly kind?: readonly string[];
}

const ROOT_SHOWN = 60;
const GREY = '\u001b[90m';
const PLAIN = '\u001b[0m';

export async function replayCommand(context: CommandContext, reference: string,
  options: ReplayOptions): Promise<void> {
  const from = momentOf(options.from ?? '0');
  const upTo = options.to === undefined ? NEVER : momentOf(options.to);
  const kinds = kindsOf(options.kind);
  await withRun(context.places, options, reference, context.notice, async (journal, run) => {
    const { lab, seeker } = await openRun(context.places, journal, run);
    const names = lab.nodes.map((node) => node.name);
    for (const host of options.host ?? []) mustBeNode(names, host);
    const start = from > 0 ? await seeker.tablesAt(from - 1, names.map((_, node) => node)) : undefined;
    const timeline = new Timeline(lab, start?.fold);
    const roots = new Roots(names.length);
    const numbers = start?.numbers ?? names.map(() => 0);
    const batches = options.follow === true ? followRecords(journal, run, lab, { offset: 0, numbers })
      : recordsInOrder(journal, run, lab, { from, upTo, numbers });
    let said: TimelineLine | undefined;
    const pace = new Pace(options.speed, from);
    for await (const batch of batches) {
      for (const placed of batch) {
        if (placed.record.at < from) continue;
        if (placed.record.at > upTo) return;
        const line = timeline.tell(placed);
        roots.note(placed, line.text);
        if (!kinds.has(line.kind) || options.host?.includes(names[line.node]!) === false) continue;
        await pace.until(line.at);
        context.out(printed(line, said, names, roots, context.colour));
        said = line;
      }
    }
  });
}

function printed(line: TimelineLine, before: TimelineLine | undefined, names: readonly string[], roots: Roots,
  colour: boolean): string {
  const to = line.target === undefined ? '' : ` to ${names[line.target]!}`;
  const { cause } = line;
  let from = '';
  // What the line above says already is not said again.
  if (cause !== undefined && !isSame(cause, before?.cause) && !isSame(cause, before)) {
    const root = roots.of(cause.node, cause.sequence);
    from = `  <- ${names[cause.node]!}/${cause.sequence}${root === undefined ? '' : ` ${shortened(root)}`}`;
    if (colour) from = `${GREY}${from}${PLAIN}`;
  }
  const place = `${names[line.node]!}/${line.sequence}`;
  return `${formatTime(line.at).padStart(14)}  ${place.padEnd(12)}  ${line.text}${to}${from}\n`;
}

function isSame(cause: { readonly node: number; readonly sequence: number },
  other: { readonly node: number; readonly sequence: number } | undefined): boolean {
  return cause.node === other?.node && cause.sequence === other.sequence;
}

function shortened(text: string): string {
  return text.length > ROOT_SHOWN ? `${text.slice(0, ROOT_SHOWN)}…` : text;
}

function kindsOf(asked: readonly string[] | undefined): ReadonlySet<string> {
  if (asked === undefined) return new Set(RECORD_KINDS.filter((kind) => !QUIET_KINDS.includes(kind)));
  const wanted = asked.flatMap((word) => word.split(','));
  const unknown = wanted.find((kind) => kind !== 'all' && !RECORD_KINDS.includes(kind));
  if (unknown !== undefined) throw new UserFault(EXIT.wrong,
    `no kind ${unknown}; there are all, ${RECORD_KINDS.join(', ')}`);
  return new Set(wanted.includes('all') ? RECORD_KINDS : wanted);
}

export function mustBeNode(names: readonly string[], name: string): void {
  if (!names.includes(name)) throw new UserFault(EXIT.missing,
    `no node ${name} in this run; there are ${names.join(', ')}`);
}

/** Lets virtual time pass no faster than so many seconds a second. */
class Pace {
  private readonly startMs = wallClock.nowMs();

  constructor(private readonly speed: number | undefined, private readonly from: SimTime) {}

  async until(at: SimTime): Promise<void> {
    if (this.speed === undefined) return;
    const dueMs = this.startMs + (at - this.from) / 1_000_000 / this.speed;
    const waitMs = dueMs - wallClock.nowMs();
    if (waitMs > 1) await wallClock.sleep(waitMs);
  }
}

/** Every record of a run that is being recorded, an object a line, until the run is over. */
export async function tailCommand(context: CommandContext, reference: string,
  options: JournalChoice): Promise<void> {
  await withRun(context.places, options, reference, context.notice, async (journal, run) => {
    const { lab } = await openRun(context.places, journal, run);
    const names = lab.nodes.map((node) => node.name);
    for await (const batch of followRecords(journal, run, lab, { offset: 0, numbers: names.map(() => 0) })) {
      for (const { node, record } of batch) {
        context.out(`${JSON.stringify({ node: names[node], ...recordToJson(record, historyCodec, names) })}\n`);
      }
    }
  });
}
