// The last lines of a run: what held, what did not, how much happened, the hash of it all.

import { formatTime } from '@netreel/sim';
import type { Outcome } from '../running/outcome.js';

export function outcomeLines(outcome: Outcome): string[] {
  const failed = outcome.checks.filter((check) => !check.held);
  const held = outcome.checks.length - failed.length;
  return [
    '',
    ...failed.map((check) => `✗ ${check.name}: ${check.detail}`),
    `${outcome.verdict === 'held' ? '✓' : '✗'} ${held} checks held, ${failed.length} failed`,
    `run      ${outcome.run}`,
    `lived    ${formatTime(outcome.virtualNs)} of virtual time in ${(outcome.wallMs / 1000).toFixed(1)} s ` +
      `(${outcome.mode})`,
    `events   ${outcome.events} records, ${outcome.frames} frames over the underlay`,
    `history  ${outcome.history}`,
  ];
}
