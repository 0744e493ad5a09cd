// netreel fork: a new run that shares the past of a recorded one up to a moment, and goes on differently.

import { type RunFork, fileJournal } from '@netreel/runtime';
import { formatTime } from '@netreel/sim';
import { EXIT, UserFault } from '../fault.js';
import { momentOf } from '../moment.js';
import { readRecipe } from '../relive/recipe.js';
import { outcomeLines } from '../report/outcome.js';
import { stepPrinter } from '../report/steps.js';
import { liveEmbedded } from '../running/embedded.js';
import { checkForkMoment, forkedOperator, sharedPast } from '../running/fork.js';
import { readRun } from '../running/histories.js';
import { type JournalChoice, withRun } from '../running/journals.js';
import { createRun } from '../running/manifest.js';
import { judge } from '../running/outcome.js';
import type { CommandContext } from './context.js';
import { outcomeOf } from './run.js';

export interface ForkOptions extends JournalChoice {
  readonly at: string;
  readonly seed?: number;
  readonly add?: readonly string[];
  /** Only what is added follows, not the rest of the scenario. */
  readonly alone?: boolean;
  readonly json?: boolean;
}

export async function forkCommand(context: CommandContext, reference: string, options: ForkOptions): Promise<void> {
  const at = momentOf(options.at);
  const { add = [], alone = false, seed } = options;
  if (seed === undefined && add.length === 0 && !alone) throw new UserFault(EXIT.wrong,
    'nothing would be different: give --seed, --add or --alone');
  await withRun(context.places, options, reference, context.notice, async (journal, run) => {
    const recipe = await readRecipe(journal, run);
    checkForkMoment(recipe, at);
    const fork: RunFork = { from: run, at, add, alone, ...(seed === undefined ? {} : { seed }) };
    const forks = [...recipe.manifest.forks ?? [], fork];
    const write = options.json === true ? context.err : context.out;
    const { operator, results, scenario } = forkedOperator(recipe, forks,
      (result) => { if (result.endedAt >= at) printer.result(result); });
    const steps = (scenario?.steps.length ?? 0) + forks.reduce((sum, each) => sum + each.add.length, 0);
    const printer = stepPrinter(write, context.colour, steps);
    const startedMs = Date.now();
    const files = fileJournal(context.places.runs, { report: context.notice });
    try {
      const { name, lab, manifest } = { ...recipe, name: recipe.manifest.name };
      const made = await createRun(files, { name, lab }, manifest.scenario, 'embedded', new Date(), forks);
      const lived = await liveEmbedded(lab, operator, made.run, files, sharedPast(recipe, fork));
      const { histories } = await readRun(files, made.run);
      const checks = scenario === undefined ? [] : judge(alone ? { ...scenario, steps: [] } : scenario, results,
        lived.ending, lived.until, histories);
      const outcome = outcomeOf(made, 'embedded', checks, { ...lived, wallMs: Date.now() - startedMs });
      await files.finish(made.run, outcome as never);
      write(`${outcomeLines(outcome).join('\n')}\nforked   from ${run} at ${formatTime(at)}\n`);
      if (options.json === true) context.out(`${JSON.stringify(outcome)}\n`);
      context.exit(outcome.verdict === 'held' ? EXIT.held : EXIT.failed);
    } finally {
      await files.close();
    }
  });
}
