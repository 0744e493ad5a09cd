// A recorded run that goes on differently from a moment on. The past is lived again, and must come out as it was
// recorded; what waits in programs and on wires at that moment comes back with it, which no table could bring.

import { chainHash, genesisHash, historyCodec } from '@netreel/protocol';
import type { RunFork, RunManifest } from '@netreel/runtime';
import { type Commit, type LabSpec, NEVER, formatTime } from '@netreel/sim';
import { ForkedOperator, type Operator, RecordedOperator, type Scenario, ScenarioOperator,
  type StepResult } from '@netreel/world';
import { parse, stringify } from 'yaml';
import { EXIT, UserFault } from '../fault.js';
import type { Recipe } from '../relive/recipe.js';
import { readScenario } from '../scenario/read.js';

/** So many calls no scenario makes: those of each fork are numbered behind it. */
const CALLS_APART = 1_000_000;

export interface Forked {
  readonly operator: Operator;
  /** All steps that are taken, the past's first. */
  readonly results: StepResult[];
  /** Whose checks hold for the fork as well; undefined for a lab that people typed at. */
  readonly scenario: Scenario | undefined;
}

/** Who orders what in a run that has `forks`. `told` hears of each step that ends. */
export function forkedOperator(recipe: Recipe, forks: readonly RunFork[],
  told: (result: StepResult) => void): Forked {
  const { manifest } = recipe;
  const lab = manifest.lab as unknown as LabSpec;
  const results: StepResult[] = [];
  const listen = (operator: ScenarioOperator): ScenarioOperator => {
    operator.onResult = (result) => {
      results.push(result);
      told(result);
    };
    return operator;
  };
  const scenario = scenarioOf(manifest);
  let operator: Operator = scenario === undefined
    ? new RecordedOperator(recipe.inputs, recipe.lastFrom) : listen(new ScenarioOperator(scenario));
  forks.forEach((fork, place) => {
    const added = listen(new ScenarioOperator(addedSteps(manifest, scenario, fork), (place + 1) * CALLS_APART));
    const orders = fork.seed === undefined ? []
      : lab.nodes.map((_, node) => ({ node, at: fork.at, body: { type: 'SeedChanged', seed: fork.seed! } }));
    const alone = fork.alone || scenario === undefined;
    operator = new ForkedOperator(operator, { at: fork.at, orders, alone }, added);
  });
  return { operator, results, scenario };
}

/** Runs of scenarios know the rest of their steps; a lab that people typed at has what they typed, and no more. */
function scenarioOf({ run, scenario, seed, mode }: RunManifest): Scenario | undefined {
  if (scenario === '' || (mode !== 'embedded' && mode !== 'processes')) return undefined;
  return readScenario(run, scenario, seed);
}

/** The steps of `--add`, read as steps of the scenario: they may lift its faults. */
function addedSteps({ lab, scenario: text }: RunManifest, scenario: Scenario | undefined, fork: RunFork): Scenario {
  const { nodes } = lab as unknown as LabSpec;
  const hosts = nodes.filter((node) => node.kind === 'host').map((node) => node.name);
  const file: { steps?: unknown[] } = scenario === undefined
    ? { name: 'added', hosts: Object.fromEntries(hosts.map((name) => [name, {}])) } as object
    : parse(text) as { steps?: unknown[] };
  const before = file.steps?.length ?? 0;
  const typed = fork.add.map(readAdded);
  const read = readScenario('--add', stringify({ ...file, steps: [...file.steps ?? [], ...typed] }));
  const steps = read.steps.slice(before).map((step, place) => (place === 0 ? { ...step, at: fork.at } : step));
  return { ...read, lab: lab as unknown as LabSpec, steps, always: [] };
}

function readAdded(text: string): unknown {
  try {
    const step: unknown = parse(text);
    if (typeof step === 'object' && step !== null) return step;
  } catch {
    // Said below, in one line.
  }
  throw new UserFault(EXIT.wrong, `--add ${JSON.stringify(text)}: expected a step of a scenario, for example ` +
    '"host1: docker ps" or "fault: { loss: 10% }"');
}

/** Compares what is lived before the fork with what was recorded. */
export function sharedPast(recipe: Recipe, fork: RunFork): (commit: Commit, node: number) => void {
  const links = recipe.lab.nodes.map(({ name }) => genesisHash(name));
  return (commit, node) => {
    if (commit.until > fork.at) return;
    links[node] = chainHash(links[node]!, historyCodec.encodeCommit(commit));
    if (recipe.links[node]![commit.number - 1] === links[node]) return;
    const { run, codeVersion, nodeVersion } = recipe.manifest;
    throw new UserFault(EXIT.failed, `the past of ${run} comes out differently on ${commit.node} at ` +
      `${formatTime(commit.from)}: it was recorded by netreel ${codeVersion} on Node ${nodeVersion}`);
  };
}

/** Refuses moments at which there is nothing to fork. */
export function checkForkMoment(recipe: Recipe, at: number): void {
  if (at !== NEVER && at > 0 && at <= recipe.lastFrom) return;
  throw new UserFault(EXIT.wrong, `a fork needs a moment within the run: after 0s, and no later than ` +
    formatTime(recipe.lastFrom));
}
