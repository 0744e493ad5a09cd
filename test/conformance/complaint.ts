// What is to be said of a step that came out otherwise than recorded.

import type { CaseStep } from './case-file.js';
import { difference } from './difference.js';
import { isSame } from './normalise.js';

/** What came out, with what may differ replaced. */
export interface Outcome {
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  readonly exit: number;
}

/** A paragraph, or nothing when it came out as recorded. */
export function complaint(step: CaseStep, outcome: Outcome): string[] {
  const expected = step.unordered ? inOrder(step) : step;
  const actual = step.unordered ? inOrder(outcome) : outcome;
  const texts = step.exitOnly || (isSame(expected.stdout, actual.stdout) && isSame(expected.stderr, actual.stderr));
  if (texts && step.exit === outcome.exit) return [];
  const at = step.host === 'host1' ? '' : `@${step.host} `;
  return [`line ${step.line}: $ ${at}${step.command}\n${difference(marked(expected), marked(actual)).join('\n')}`];
}

const inOrder = ({ stdout, stderr, exit }: Outcome): Outcome =>
  ({ stdout: [...stdout].sort(), stderr: [...stderr].sort(), exit });

const marked = ({ stdout, stderr, exit }: Outcome): string[] =>
  [...stdout.map((line) => `> ${line}`), ...stderr.map((line) => `! ${line}`), ...(exit === 0 ? [] : [`? ${exit}`])];
