// Comparing how a command ended with what the scenario expects of it.

import type { CommandResult } from './session.js';
import type { Expectation, TextMatch } from './spec.js';

/** What did not hold, a line each; nothing when all did. A command without an expectation has to end with 0. */
export function complaintsAbout(expect: Expectation | undefined, result: CommandResult): readonly string[] {
  const complaints: string[] = [];
  const exit = expect?.exit ?? 0;
  if (result.exit !== exit) complaints.push(`exit ${exit} expected, was ${result.exit}${firstLineOf(result.stderr)}`);
  compare('stdout', expect?.stdout, result.stdout, complaints);
  compare('stderr', expect?.stderr, result.stderr, complaints);
  if (expect?.not?.matches(result.stdout) === true) complaints.push(
    `stdout must not match ${expect.not.source}, but does`);
  return complaints;
}

function compare(name: string, match: TextMatch | undefined, text: string, complaints: string[]): void {
  if (match === undefined || match.matches(text)) return;
  complaints.push(
    `${name} should match ${match.source}, was ${text === '' ? 'empty' : JSON.stringify(shortened(text))}`);
}

function firstLineOf(text: string): string {
  const line = text.trim().split('\n')[0]!;
  return line === '' ? '' : `: ${shortened(line)}`;
}

function shortened(text: string): string {
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
