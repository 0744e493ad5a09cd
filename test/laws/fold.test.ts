// Law 1: tables change only through events. So the events alone, read back from what was stored, give every table.

import { NodeMaker } from '@netreel/host';
import { historyCodec } from '@netreel/protocol';
import { type Commit, RandomStream } from '@netreel/sim';
import { type LabFold, foldLab } from '@netreel/views';
import { RecordedOperator, World } from '@netreel/world';
import { type BusyLab, busyLab } from './busy-lab.js';
import { plain } from './plain.js';
import { inputsOf } from './recorded.js';

function decoded(bytes: BusyLab['bytes']): Commit[][] {
  return bytes.map((commits) => commits.map((each) => {
    const result = historyCodec.decodeCommit(each);
    if (!result.ok) throw new Error(result.flaw);
    return result.commit;
  }));
}

function expectEqual(fold: LabFold, live: NodeMaker): void {
  fold.nodes.forEach((folded, node) => {
    const { tables } = live.nodes.get(node)!;
    for (const room of Object.keys(tables) as (keyof typeof tables)[]) {
      expect([fold.lab.nodes[node]!.name, room, plain(folded.tables[room as never])])
        .toEqual([fold.lab.nodes[node]!.name, room, plain(tables[room])]);
    }
  });
}

describe.each([1, 2, 3])('a busy lab, seed %d', (seed) => {
  const busy = busyLab(seed, 200);
  const histories = decoded(busy.bytes);
  const until = busy.lab.world.until;

  it('was busy', () => {
    expect(busy.acts.size).toBe(16);
    const types = new Set(histories.flat().flatMap((commit) => commit.records.map((record) => record.body.type)));
    expect([...types]).toEqual(expect.arrayContaining(['FdbLearned', 'NeighbourChanged', 'ContainerStarted',
      'LinkDeleted',
      'PeerEndpointLearned', 'StoreAddressReleased', 'FaultRemoved', 'FrameCrossed']));
  });

  it('has the tables that its decoded history folds to', () => {
    expectEqual(foldLab(busy.lab.lab, histories), busy.lab.maker);
  });

  it('had them at any moment before', () => {
    const draws = new RandomStream(seed, 'moments');
    for (let count = 0; count < 5; count++) {
      const moment = draws.below(Math.floor(until / 1_000)) * 1_000;
      const maker = new NodeMaker();
      const world = new World(busy.lab.lab, { become: (machine) => maker.become(machine) });
      const operator = new RecordedOperator(inputsOf(histories), until);
      while (world.until <= moment) expect(world.step(operator)).toBeUndefined();
      // A window is lived as a whole: the tables are those at its last nanosecond.
      expectEqual(foldLab(busy.lab.lab, histories, world.until - 1), maker);
    }
  });
});
