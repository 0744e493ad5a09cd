// Runs a scenario over node processes: reads it from the run's manifest, carries its commands out, grants windows.
// Prints a JSON line for every step that ended and one for the end.

import { readScenario } from '@netreel/cli';
import { serveConductor } from '@netreel/runtime';
import { ScenarioOperator } from '@netreel/world';
import { loadConfig } from './config.js';

const print = (line: object): void => { process.stdout.write(`${JSON.stringify(line)}\n`); };

void serveConductor(loadConfig, async (manifest, conduct) => {
  const scenario = readScenario('scenario', manifest.scenario, manifest.seed);
  const operator = new ScenarioOperator(scenario);
  operator.onResult = ({ step: _step, ...result }) => print({ result });
  const conductor = await conduct(scenario.lab);
  print({ gathered: scenario.lab.nodes.map((node) => node.name) });
  const ending = await conductor.conduct(operator);
  operator.abandon(conductor.until);
  print({ ended: { ending, until: conductor.until, windows: conductor.windows, records: conductor.records,
    frames: conductor.frames,
    repeats: conductor.repeats } });
});
