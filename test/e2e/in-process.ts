// Conductor and node processes as they are over the bus, but all in this one process: for everything that may go wrong
// between them, without waiting for processes to start.

import { readScenarioFile } from '@netreel/cli';
import { NodeMaker } from '@netreel/host';
import { type Codec, controlCodec, historyCodec, historyHash } from '@netreel/protocol';
import { type Bus, Conductor, type Journal, type RunManifest, runNodes } from '@netreel/runtime';
import type { Json } from '@netreel/sim';
import { ScenarioOperator } from '@netreel/world';

export interface InProcess {
  readonly history: string;
  /** By node. */
  readonly commits: readonly number[];
  readonly ending: string;
  /** How often a node fetched from a journal what the bus had lost. */
  readonly repairs: number;
  /** How often the conductor said a grant again. */
  readonly repeats: number;
  /** How often a node crashed and came back. */
  readonly crashes: number;
}

export interface Surroundings {
  readonly journal: Journal;
  /** The bus as one of the participants has it. */
  readonly busOf: (participant: string) => Bus;
  /** The journal as one node has it in its nth life, from 0. */
  readonly journalOf?: (node: string, life: number) => Journal;
  /** Whether a node that rejects was meant to, and comes back. */
  readonly revives?: (error: unknown) => boolean;
}

/** Lives a scenario with a node process for each node. */
export async function runInProcess(file: string, run: string, surroundings: Surroundings): Promise<InProcess> {
  const { scenario, text } = readScenarioFile(file);
  const { journal, busOf, journalOf = () => journal, revives = () => false } = surroundings;
  const { lab } = scenario;
  await journal.create({ run, name: scenario.name, createdAt: '2026-01-01T00:00:00Z', codeVersion: '',
    schemaVersion: '',
    nodeVersion: '', lab: lab as unknown as Json, scenario: text, seed: lab.seed,
      mode: 'processes' } satisfies RunManifest);
  let crashes = 0;
  const live = async (node: string): Promise<number> => {
    for (let life = 0; ; life++) {
      const maker = new NodeMaker();
      try {
        const { repairs } = await runNodes({ run, lab, nodes: [node], name: node, bus: busOf(node),
          codec: historyCodec as Codec,
          journal: journalOf(node, life), factory: { become: (machine) => { maker.become(machine); },
            release: (envelope) => maker.release(envelope) } });
        return repairs;
      } catch (error) {
        if (!revives(error)) throw error;
        crashes++;
      }
    }
  };
  const conductor = new Conductor({ run, lab, bus: busOf('conductor'), codec: controlCodec, repeatMs: 20 });
  const operator = new ScenarioOperator(scenario);
  const gathered = conductor.gather();
  const lives = lab.nodes.map((node) => live(node.name));
  const conducted = gathered.then(() => conductor.conduct(operator));
  const ending = await Promise.race([conducted, Promise.all(lives).then(() => 'nodes ended first')]);
  // A lost farewell is said again until everybody has heard it.
  const farewell = setInterval(() => { void conductor.stop('the run is over'); }, 20);
  await conductor.stop('the run is over');
  const repairs = (await Promise.all(lives)).reduce((sum, count) => sum + count, 0);
  clearInterval(farewell);
  const chains = new Map<string, string>();
  const commits: number[] = [];
  for (const { name } of lab.nodes) {
    const last = await journal.last(run, name);
    chains.set(name, last.chain);
    commits.push(last.number);
  }
  return { history: historyHash(chains), commits, ending, repairs, repeats: conductor.repeats, crashes };
}
