// Windows say how far nodes may run without each other; they are no part of what happens. The same lab with windows cut
// at other places leaves the same records.

import { readScenarioFile, runEmbedded } from '@netreel/cli';
import { NodeMaker } from '@netreel/host';
import { historyCodec, recordToJson } from '@netreel/protocol';
import { type LabSpec, type SimTime, Underlay } from '@netreel/sim';
import { type Operator, RecordedOperator, ScenarioOperator, World } from '@netreel/world';
import { join } from 'node:path';
import { busyLab } from './busy-lab.js';
import { inputsOf } from './recorded.js';

interface Lived {
  readonly windows: number;
  readonly until: SimTime;
  /** By node: each record as text, with its moment. */
  readonly lines: readonly (readonly { readonly at: SimTime; readonly text: string }[])[];
}

function live(lab: LabSpec, operator: Operator, windowNs: number): Lived {
  const maker = new NodeMaker();
  const names = lab.nodes.map((node) => node.name);
  const lines: { at: SimTime; text: string }[][] = lab.nodes.map(() => []);
  const world = new World(lab, { become: (machine) => maker.become(machine), windowNs,
    sink: (commit, node) => {
      for (const record of commit.records) {
        lines[node]!.push({ at: record.at, text: JSON.stringify(recordToJson(record, historyCodec, names)) });
      }
    } });
  world.run(operator);
  return { windows: world.windows, until: world.until, lines };
}

/** Up to where both lives got: the last windows end at different moments. */
function upTo(lived: Lived, until: SimTime): string[][] {
  return lived.lines.map((lines) => lines.filter((line) => line.at < until).map((line) => line.text));
}

function expectSame(one: Lived, other: Lived): void {
  expect(other.windows).toBeGreaterThan(one.windows);
  const until = Math.min(one.until, other.until);
  expect(upTo(other, until)).toEqual(upTo(one, until));
}

describe('windows cut at other places', () => {
  const busy = busyLab(11, 120);
  const spec = busy.lab.lab;
  const { lookaheadNs } = new Underlay(spec);
  const inputs = inputsOf(busy.lab.commits);
  const relive = (windowNs: number): Lived => live(spec, new RecordedOperator(inputs, busy.lab.world.until - 1),
    windowNs);
  const whole = relive(lookaheadNs);

  it('are as long as the shortest delay between two nodes', () => {
    expect(lookaheadNs).toBe(200_000);
    expect(whole.lines.flat().length).toBe(busy.lab.world.recordCount);
  });

  it.each([[2, 100_000], [3, 66_667], [20, 10_007], [400, 500]])('1/%d of the lookahead: the same records',
    (_part, windowNs) => {
    expectSame(whole, relive(windowNs));
  });

  it('change nothing of a scenario, whose steps follow from answers', () => {
    const { scenario } = readScenarioFile(join(__dirname, '..', '..', 'tour.yaml'));
    const lived = (windowNs: number): Lived => live(scenario.lab, new ScenarioOperator(scenario), windowNs);
    expectSame(lived(200_000), lived(73_331));
  });

  it('can not be longer than the lookahead', () => {
    expect(() => relive(lookaheadNs + 1)).toThrow('reaches beyond the lookahead');
  });

  it('do not depend on when the journal takes commits', async () => {
    const { scenario } = readScenarioFile(join(__dirname, '..', '..', 'tour.yaml'));
    const lived = await runEmbedded(scenario, 'tour', undefined, () => undefined);
    expect(lived.windows).toBe(live(scenario.lab, new ScenarioOperator(scenario), 200_000).windows);
  });
});
