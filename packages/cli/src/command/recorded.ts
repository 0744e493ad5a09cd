// Commands on what was recorded: ls, events, verify.

import { describeRecord, historyCodec, recordToJson } from '@netreel/protocol';
import { type LabSpec, NEVER, formatTime } from '@netreel/sim';
import { EXIT } from '../fault.js';
import { momentOf } from '../moment.js';
import { manifestOf } from '../past/open.js';
import { recordsInOrder } from '../past/records.js';
import { refuseOtherCode } from '../relive/recipe.js';
import { readRun } from '../running/histories.js';
import { findLab } from '../live/find.js';
import { type JournalChoice, withJournal, withRun } from '../running/journals.js';
import type { Outcome } from '../running/outcome.js';
import { verifyRun } from '../running/verify.js';
import type { CommandContext } from './context.js';
import { mustBeNode } from './replay.js';

export async function listCommand(context: CommandContext, options: JournalChoice & { json?: boolean }): Promise<void> {
  await withJournal(context.places, options, context.notice, async (journal) => {
    const rows: {
      readonly manifest: Awaited<ReturnType<typeof journal.runs>>[number];
      readonly outcome: Outcome | undefined;
    }[] = [];
    const live = (await findLab(context.places, context.notice))?.run;
    const verdictOf = (run: string, outcome: Outcome | undefined): string =>
      outcome?.verdict ?? (run === live ? 'live' : 'unfinished');
    for (const manifest of await journal.runs()) {
      rows.push({ manifest, outcome: await journal.summary(manifest.run) as unknown as Outcome | undefined });
    }
    if (options.json === true) {
      context.out(`${JSON.stringify(rows.map(({ manifest, outcome }) => ({
        run: manifest.run, name: manifest.name, createdAt: manifest.createdAt, seed: manifest.seed, mode: manifest.mode,
        verdict: verdictOf(manifest.run, outcome), virtualNs: outcome?.virtualNs ?? 0,
        events: outcome?.events ?? 0, history: outcome?.history ?? '' })))}\n`);
      return;
    }
    const table = [
      ['RUN', 'MODE', 'SEED', 'VERDICT', 'LIVED', 'EVENTS', 'HISTORY'],
      ...rows.map(({ manifest, outcome }) => [
        manifest.run, manifest.mode, String(manifest.seed), verdictOf(manifest.run, outcome),
        outcome === undefined ? '-' : formatTime(outcome.virtualNs),
        outcome === undefined ? '-' : String(outcome.events),
        outcome === undefined ? '-' : outcome.history.slice(0, 19)])];
    context.out(columns(table));
  });
}

export async function eventsCommand(context: CommandContext, reference: string,
  options: JournalChoice & { json?: boolean; node?: string; type?: string; from?: string; to?: string },
): Promise<void> {
  const from = momentOf(options.from ?? '0');
  const upTo = options.to === undefined ? NEVER : momentOf(options.to);
  await withRun(context.places, options, reference, context.notice, async (journal, run) => {
    const lab = (await manifestOf(journal, run)).lab as unknown as LabSpec;
    const names = lab.nodes.map((node) => node.name);
    if (options.node !== undefined) mustBeNode(names, options.node);
    for await (const batch of recordsInOrder(journal, run, lab, { from, upTo })) {
      let lines = '';
      for (const { node, record } of batch) {
        if (options.node !== undefined && names[node] !== options.node) continue;
        if (options.type !== undefined && record.body.type !== options.type) continue;
        lines += options.json === true
          ? `${JSON.stringify({ node: names[node], ...recordToJson(record, historyCodec, names) })}\n`
          : `${names[node]!.padEnd(8)} ${describeRecord(record, historyCodec, names)}\n`;
      }
      if (lines !== '') context.out(lines);
    }
  });
}

export async function verifyCommand(context: CommandContext, reference: string,
  options: JournalChoice & { json?: boolean }): Promise<void> {
  await withRun(context.places, options, reference, context.notice, async (journal, run) => {
    const recorded = await readRun(journal, run);
    refuseOtherCode(recorded.manifest);
    const { commits, records, difference } = verifyRun(recorded);
    if (options.json === true) {
      context.out(`${JSON.stringify(
        { run, equal: difference === undefined, commits, records, difference: difference ?? null })}\n`);
    } else if (difference === undefined) {
      context.out(`✓ ${run}: ${records} records in ${commits} commits lived again, every one equal; ` +
        `${recorded.history}\n`);
    } else {
      context.out(`✗ ${run}: the first difference is on ${difference.node} at ${formatTime(difference.at)}, ` +
        `record ${difference.sequence}\n` +
        `  recorded  ${difference.recorded || '(nothing)'}\n  now       ${difference.again || '(nothing)'}\n`);
      const { codeVersion, nodeVersion } = recorded.manifest;
      context.err(`recorded by netreel ${codeVersion} on Node ${nodeVersion}\n`);
    }
    context.exit(difference === undefined ? EXIT.held : EXIT.failed);
  });
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    `${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd()}\n`).join('');
}
