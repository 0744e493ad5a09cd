// Asking a recorded host: docker command lines that only read, answered from tables as they stood at some moment.

import { readAnswer, type ApiAnswer } from '@netreel/docker-api';
import { type CliResult, runDocker } from '@netreel/docker-cli';
import { overlayPeers, type HostTables } from '@netreel/host';
import type { OverlayNetwork } from '@netreel/engine';
import type { SimTime } from '@netreel/sim';

/** What the line would have printed then. A line that changes something is refused: the past is not ours to change. */
export function askDocker(tables: HostTables, overlays: readonly OverlayNetwork[], hostName: string, now: SimTime,
  words: readonly string[]): CliResult {
  const client = runDocker(words, { now });
  const begun = new Map<number, ApiAnswer>();
  let given: ApiAnswer | undefined;
  for (;;) {
    const step = client.next(given);
    if (step.done === true) return step.value;
    const wanted = step.value;
    if (wanted.kind === 'answer') {
      given = begun.get(wanted.handle);
      continue;
    }
    const answer = readAnswer(tables.engine, wanted.request, { hostName, now, overlays,
      peersOf: (network) => overlayPeers(tables.gossip, network) })
      ?? { status: 409, body: { message: 'this is a recorded moment: only commands that read can be asked of it' } };
    if (wanted.kind === 'begin') begun.set(wanted.handle, answer);
    given = wanted.kind === 'begin' ? undefined : answer;
  }
}
