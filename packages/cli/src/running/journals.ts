// Which journal a command reads or writes: files in the project's folder, one file, or Redis.

import { statSync } from 'node:fs';
import { type Journal, fileJournal, redisJournal, reelFile, startServer } from '@netreel/runtime';
import { EXIT, UserFault } from '../fault.js';
import type { Places } from '../places.js';

export interface JournalChoice {
  /** `true`: the Redis data of the project, on a server started for the occasion; a text: a server that runs. */
  readonly redis?: string | true;
}

/** Opens the chosen journal, gives it to `work`, and closes what was opened, whatever happens. */
export async function withJournal<T>(places: Places, choice: JournalChoice, notice: (text: string) => void,
  work: (journal: Journal) => Promise<T>): Promise<T> {
  if (choice.redis === undefined) {
    const journal = fileJournal(places.runs, { report: notice });
    try {
      return await work(journal);
    } finally {
      await journal.close();
    }
  }
  const started = choice.redis === true ? await startServer('redis', { dataDir: places.redis }) : undefined;
  if (started?.ok === false) throw new UserFault(EXIT.unreachable, started.message);
  const journal =
    redisJournal(started === undefined ? choice.redis as string : started.server.url, { patienceMs: 5_000 });
  try {
    return await work(journal);
  } finally {
    await journal.close();
    await started?.server.stop();
  }
}

/** A run by its name, an unambiguous beginning of it, `last`, or the path of a reel. */
export async function withRun<T>(places: Places, choice: JournalChoice, reference: string,
  notice: (text: string) => void,
  work: (journal: Journal, run: string) => Promise<T>): Promise<T> {
  if (reference.endsWith('.reel')) {
    if (!isFile(reference)) throw new UserFault(EXIT.missing, `${reference}: no such file`);
    // What is wrong with the file is the answer, if it cannot be read; else it is said beside the work.
    const troubles: string[] = [];
    let report = (trouble: string): void => { troubles.push(trouble); };
    const journal = reelFile(reference, { report: (trouble) => report(trouble) });
    try {
      const [manifest] = await journal.runs();
      if (manifest === undefined) {
        throw new UserFault(EXIT.damaged, troubles.pop() ?? `${reference}: holds no run that can be read`);
      }
      report = notice;
      troubles.forEach(notice);
      return await work(journal, manifest.run);
    } finally {
      await journal.close();
    }
  }
  return withJournal(places, choice, notice, async (journal) => work(journal, await runNamed(journal, reference)));
}

async function runNamed(journal: Journal, reference: string): Promise<string> {
  const runs = (await journal.runs()).map((manifest) => manifest.run);
  const last = runs[runs.length - 1];
  if (reference === 'last' && last !== undefined) return last;
  if (runs.includes(reference)) return reference;
  const matching = runs.filter((run) => run.startsWith(reference));
  if (matching.length === 1) return matching[0]!;
  if (matching.length > 1) throw new UserFault(EXIT.missing,
    `${reference} is the beginning of ${matching.length} runs: ${matching.join(', ')}`);
  throw new UserFault(EXIT.missing, runs.length === 0 ? `no run ${reference}: nothing is recorded yet`
    : `no run ${reference}; \`netreel ls\` shows those there are`);
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
