// netreel tour: the tour over processes, then the same run once more in this one process. Both histories have to be
// equal.

import { join } from 'node:path';
import { EXIT } from '../fault.js';
import { outcomeLines } from '../report/outcome.js';
import { stepPrinter } from '../report/steps.js';
import { runEmbedded } from '../running/embedded.js';
import { readScenarioFile } from '../scenario/read.js';
import type { CommandContext } from './context.js';
import { conductAndRecord, liveAndRecord } from './run.js';

export async function tourCommand(context: CommandContext, mode: 'embedded' | 'processes'): Promise<void> {
  const { scenario, text } = readScenarioFile(join(context.places.root, 'tour.yaml'));
  const { out } = context;
  const hosts = scenario.lab.nodes.filter((node) => node.kind === 'host').map((node) => node.name);
  out(mode === 'processes'
    ? `\nThe tour: ${hosts.join(', ')}, each in its own process; overlay and conductor beside them; ` +
      'NATS between them, Redis keeps the history.\n'
    : `\nThe tour: ${hosts.join(', ')}, all in this one process.\n`);
  const printer = stepPrinter(out, context.colour, scenario.steps.length);
  const outcome = mode === 'processes' ? await conductAndRecord(context, scenario, text, printer)
    : await liveAndRecord(context, scenario, text, printer);
  out(`${outcomeLines(outcome).join('\n')}\n`);

  out('\nThe same run once more, in one process, without any server …\n');
  const startedMs = Date.now();
  const again = await runEmbedded(scenario, outcome.run, undefined, () => undefined);
  const equal = again.history === outcome.history;
  out(`  ${mode === 'processes' ? 'in processes  ' : 'the first time'}  ${outcome.history}\n` +
    `  in one process  ${again.history}\n`);
  out(equal ? `✓ equal, byte for byte (${((Date.now() - startedMs) / 1000).toFixed(1)} s)\n`
    : '✗ the two histories differ\n');
  if (outcome.verdict === 'held' && equal) {
    out(`\nGo on with:\n  ./netreel ls\n  ./netreel events ${outcome.run} | less\n` +
      `  ./netreel at ${outcome.run} 20s -- docker network inspect user-network\n` +
      `  ./netreel verify ${outcome.run}\n`);
  }
  context.exit(outcome.verdict === 'held' && equal ? EXIT.held : EXIT.failed);
}
