// How a run ended: what `--json` prints and what the journal keeps beside the history.

import type { AlwaysCheck, Ending, Scenario, StepResult } from '@netreel/world';
import type { Commit, SimTime } from '@netreel/sim';
import { type LabCheck, checkHistory, describeViolation, tablesAgree, uniqueAddresses } from '@netreel/views';

export interface CheckOutcome {
  readonly name: string;
  readonly held: boolean;
  readonly detail: string;
}

/** The object on the last line of `--json`. */
export interface Outcome {
  readonly run: string;
  readonly seed: number;
  readonly mode: 'embedded' | 'processes';
  readonly verdict: 'held' | 'failed';
  readonly virtualNs: number;
  readonly wallMs: number;
  readonly events: number;
  readonly frames: number;
  readonly history: string;
  readonly checks: readonly CheckOutcome[];
}

/** One line that names a step: its title, or its command. */
export function nameOf(result: StepResult): string {
  const { step } = result;
  if (step.title !== '') return step.title;
  switch (step.kind) {
    case 'command': return `${step.host}: ${step.command}`;
    case 'fault': return `fault ${step.rules.map((rule) => rule.id).join(', ')}`;
    case 'lift': return `lift ${step.ids.join(', ')}`;
    case 'wait': return 'wait';
  }
}

/** A check for every step that can fail, and one for each check on the whole lab. */
export function judge(scenario: Scenario, results: readonly StepResult[], ending: Ending, endsAt: SimTime,
  histories: readonly (readonly Commit[])[]): CheckOutcome[] {
  const checks: CheckOutcome[] = [];
  for (const result of results) {
    if (result.step.kind !== 'command') continue;
    checks.push(
      { name: `step ${result.index + 1}: ${nameOf(result)}`, held: result.complaints.length === 0,
        detail: result.complaints.join('; ') });
  }
  const missing = scenario.steps.length - results.length;
  if (ending !== 'done' || missing > 0) {
    checks.push({ name: 'every step ended', held: false, detail: ending === 'stuck'
      ? `nothing was left to do, and ${missing} steps had not ended` : `${missing} steps had not ended` });
  }
  const asked = scenario.always.map(checkOf);
  const violations = checkHistory(scenario.lab, histories, asked, endsAt);
  for (const { name } of asked) {
    const violation = violations.get(name);
    checks.push(
      { name, held: violation === undefined,
        detail: violation === undefined ? '' : describeViolation(violation, scenario.lab) });
  }
  return checks;
}

function checkOf(check: AlwaysCheck): LabCheck {
  return check.name === 'unique-addresses' ? uniqueAddresses : tablesAgree(check.withinNs);
}
