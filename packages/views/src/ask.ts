// Asking a recorded host: docker command lines and shell lines that only look, answered from tables as they stood at
// some moment.

import type { ApiAnswer } from '@netreel/docker-api';
import { runDocker } from '@netreel/docker-cli';
import { type LineResult, type PastHost, REFUSED_BODY } from './past/past-host.js';

/** What the words after `docker` would have printed then. What changes something is refused: the past is not ours. */
export function askDocker(host: PastHost, words: readonly string[]): LineResult {
  const client = runDocker(words, { now: host.at, apiVersion: host.apiVersion });
  const begun = new Map<number, ApiAnswer>();
  let given: ApiAnswer | undefined;
  for (;;) {
    const step = client.next(given);
    if (step.done === true) return withReservations(host, step.value);
    const wanted = step.value;
    // Nothing moves in the past: waiting for it helps nobody.
    if (wanted.kind === 'pause') continue;
    if (wanted.kind === 'answer') {
      given = begun.get(wanted.handle);
      continue;
    }
    const answer = host.answer(wanted.request) ?? { status: 409, body: REFUSED_BODY };
    if (wanted.kind === 'begin') begun.set(wanted.handle, answer);
    given = wanted.kind === 'begin' ? undefined : answer;
  }
}

/** What a line typed on the host itself would have printed then. */
export function askShell(host: PastHost, line: string): LineResult {
  return withReservations(host, host.shell(line));
}

/** An answer that packets would have to bring is none: what was printed on the way to it is not shown. */
function withReservations(host: PastHost, result: LineResult): LineResult {
  const { wouldMove } = host;
  const stderr = host.takeReservations().map((line) => `${line}\n`).join('');
  if (wouldMove) return { exit: result.exit === 0 ? 1 : result.exit, stdout: '', stderr };
  return { exit: result.exit, stdout: result.stdout, stderr: result.stderr + stderr };
}
