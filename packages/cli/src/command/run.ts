// netreel run FILE: a scenario to its end, recorded, judged.

import { copyRun, fileJournal, type RunManifest } from '@netreel/runtime';
import type { Scenario, StepResult } from '@netreel/world';
import { EXIT } from '../fault.js';
import { outcomeLines } from '../report/outcome.js';
import { type StepPrinter, stepPrinter } from '../report/steps.js';
import { runEmbedded } from '../running/embedded.js';
import { readRun } from '../running/histories.js';
import { createRun } from '../running/manifest.js';
import { type Outcome, judge } from '../running/outcome.js';
import { type LabProcesses, RunServers, conductProcesses, journalOf } from '../running/processes.js';
import { readScenario, readScenarioFile } from '../scenario/read.js';
import type { CommandContext } from './context.js';

export interface RunOptions {
  readonly mode: 'embedded' | 'processes';
  readonly seed?: number;
  readonly json?: boolean;
  /** Over processes: another one stands by for each. */
  readonly standby?: boolean;
}

export async function runCommand(context: CommandContext, file: string, options: RunOptions): Promise<void> {
  const { text } = readScenarioFile(file);
  const scenario = readScenario(file, text, options.seed);
  // For programs standard output is one object; what people read goes beside it.
  const write = options.json === true ? context.err : context.out;
  const printer = stepPrinter(write, context.colour, scenario.steps.length);
  const outcome = options.mode === 'embedded' ? await liveAndRecord(context, scenario, text, printer)
    : await conductAndRecord(context, scenario, text, printer, undefined, options.standby === true);
  write(`${outcomeLines(outcome).join('\n')}\n`);
  if (options.json === true) context.out(`${JSON.stringify(outcome)}\n`);
  context.exit(outcome.verdict === 'held' ? EXIT.held : EXIT.failed);
}

/** In this process, into the file journal. */
export async function liveAndRecord(context: CommandContext, scenario: Scenario, text: string,
  printer: StepPrinter): Promise<Outcome> {
  const startedMs = Date.now();
  const journal = fileJournal(context.places.runs, { report: context.notice });
  try {
    const manifest = await createRun(journal, scenario, text, 'embedded', new Date());
    const lived = await runEmbedded(scenario, manifest.run, journal, (result) => printer.result(result));
    const { histories } = await readRun(journal, manifest.run);
    const checks = judge(scenario, lived.results, lived.ending, lived.until, histories);
    const outcome = outcomeOf(manifest, 'embedded', checks, { ...lived, wallMs: Date.now() - startedMs });
    await journal.finish(manifest.run, outcome as never);
    return outcome;
  } finally {
    await journal.close();
  }
}

/** Over processes, into Redis; a copy goes to the file journal. */
export async function conductAndRecord(context: CommandContext, scenario: Scenario, text: string, printer: StepPrinter,
  watch?: (lab: LabProcesses) => void, standby = false): Promise<Outcome> {
  const startedMs = Date.now();
  const servers = await RunServers.start(context.places);
  const journal = journalOf(servers);
  try {
    const manifest = await createRun(journal, scenario, text, 'processes', new Date());
    const results: StepResult[] = [];
    const onResult = (result: StepResult): void => {
      results.push(result);
      printer.result(result);
    };
    const conducted = await conductProcesses({ scenario, manifest, standby, places: context.places, onResult,
      redisUrl: servers.redis.url, natsUrl: servers.nats.url, onNotice: (notice) => printer.notice(notice) }, watch);
    const wallMs = Date.now() - startedMs;
    const { histories, history } = await readRun(journal, manifest.run);
    const checks = judge(scenario, results, conducted.ending, conducted.until, histories);
    const outcome = outcomeOf(manifest, 'processes', checks, { ...conducted, history, wallMs });
    await journal.finish(manifest.run, outcome as never);
    const files = fileJournal(context.places.runs, { report: context.notice });
    await copyRun(journal, files, manifest.run);
    await files.close();
    return outcome;
  } finally {
    await journal.close();
    await servers.stop();
  }
}

/** How a run ended, from what its checks came to. */
export function outcomeOf(manifest: RunManifest, mode: Outcome['mode'], checks: Outcome['checks'],
  lived: { until: number; wallMs: number; records: number; frames: number; history: string }): Outcome {
  return { run: manifest.run, seed: manifest.seed, mode,
    verdict: checks.every((check) => check.held) ? 'held' : 'failed',
    virtualNs: lived.until, wallMs: lived.wallMs, events: lived.records, frames: lived.frames, history: lived.history,
      checks };
}
