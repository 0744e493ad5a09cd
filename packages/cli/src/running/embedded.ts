// A scenario in this one process: no server, no other process, as fast as it goes.

import { NodeMaker } from '@netreel/host';
import type { Journal } from '@netreel/runtime';
import { type CommitSink, type Ending, type Operator, type Scenario, ScenarioOperator, type StepResult,
  World } from '@netreel/world';
import type { LabSpec, SimTime } from '@netreel/sim';
import { Recorder } from './record.js';

export interface Lived {
  readonly ending: Ending;
  readonly results: readonly StepResult[];
  readonly until: SimTime;
  readonly windows: number;
  readonly records: number;
  readonly frames: number;
  readonly history: string;
}

/** Windows between two appends to the journal. */
const WINDOWS_A_BATCH = 256;

/** Lives a lab under an operator, to its end. `watch` sees each commit before it is written down. */
export async function liveEmbedded(lab: LabSpec, operator: Operator, run: string,
  journal: Journal | undefined, watch?: CommitSink): Promise<Omit<Lived, 'results'>> {
  const recorder = await Recorder.open(lab, run, journal);
  const maker = new NodeMaker();
  const sink: CommitSink = watch === undefined ? recorder.sink : (commit, node) => {
    watch(commit, node);
    recorder.sink(commit, node);
  };
  const world = new World(lab, { become: (machine) => maker.become(machine), sink });
  let ending: Ending | undefined;
  while (ending === undefined) {
    for (let window = 0; window < WINDOWS_A_BATCH && ending === undefined; window++) {
      ending = operator.done() ? 'done' : world.step(operator);
    }
    await recorder.flush();
  }
  await recorder.close();
  return { ending, until: world.until, windows: world.windows, records: world.recordCount, frames: world.frameCount,
    history: recorder.history() };
}

/** Lives a scenario; `onResult` hears of each step as it ends. */
export async function runEmbedded(scenario: Scenario, run: string, journal: Journal | undefined,
  onResult: (result: StepResult) => void): Promise<Lived> {
  const operator = new ScenarioOperator(scenario);
  operator.onResult = onResult;
  const lived = await liveEmbedded(scenario.lab, operator, run, journal);
  operator.abandon(lived.until);
  return { ...lived, results: operator.results };
}
