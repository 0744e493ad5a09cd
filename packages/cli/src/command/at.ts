// netreel at: a host of a recorded run is asked what it would have answered at some moment.

import { askDocker, askShell } from '@netreel/views';
import { EXIT, UserFault } from '../fault.js';
import { momentOf } from '../moment.js';
import { openRun, pastHost } from '../past/open.js';
import { type JournalChoice, withRun } from '../running/journals.js';
import type { CommandContext } from './context.js';

/** `docker …` asks the engine; any other line is one that is typed on the host. */
export async function atCommand(context: CommandContext, reference: string, time: string, words: readonly string[],
  options: JournalChoice & { host?: string }): Promise<void> {
  const at = momentOf(time);
  if (words.length === 0) throw new UserFault(EXIT.wrong,
    `expected \`-- docker …\`, for example: netreel at ${reference} ${time} -- docker network ls`);
  await withRun(context.places, options, reference, context.notice, async (journal, run) => {
    const host = await pastHost(await openRun(context.places, journal, run), at, options.host);
    const result = words[0] === 'docker' ? askDocker(host, words.slice(1)) : askShell(host, shellLine(words));
    context.out(result.stdout);
    context.err(result.stderr);
    context.exit(result.exit);
  });
}

/** One word is a line as typed; several are words that the shell here has taken apart already. */
function shellLine(words: readonly string[]): string {
  if (words.length === 1) return words[0]!;
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`)).join(' ');
}
