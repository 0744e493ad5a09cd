// Randomness by key: what one host draws shifts nothing on another, and identities are never given twice.

import { NodeMaker } from '@netreel/host';
import { type AnyRecord, type Machine, RandomStream } from '@netreel/sim';
import { RecordedOperator, World } from '@netreel/world';
import { busyLab } from './busy-lab.js';
import { inputsOf, recordsOf } from './recorded.js';
import { TestLab, labOf } from '@netreel/testkit';

type Ids = { readonly id?: string; readonly mac?: number; readonly name?: string };

function bodies(lab: TestLab, host: string, type: string): readonly (AnyRecord & Ids)[] {
  return recordsOf(lab.commits[lab.lab.nodes.findIndex((node) => node.name === host)]!)
    .map((record) => record.body as AnyRecord & Ids).filter((body) => body.type === type);
}

/** The same few containers on host2, whatever came before on host1. */
function labWith(onHost1: (lab: TestLab) => void): TestLab {
  const lab = new TestLab(labOf(2));
  onHost1(lab);
  lab.api('host2', 'POST', '/networks/create', { Name: 'mine', CheckDuplicate: true });
  lab.run('host2', 'box1', 'mine');
  lab.run('host2', 'box2', 'bridge');
  return lab;
}

describe('what host1 does', () => {
  const alone = labWith(() => undefined);
  const crowded = labWith((lab) => {
    lab.api('host1', 'POST', '/networks/create', { Name: 'other', CheckDuplicate: true });
    for (const name of ['other1', 'other2', 'other3']) lab.run('host1', name, 'other');
  });

  it.each(['NetworkCreated', 'ContainerCreated', 'LinkAdded'])('leaves every identity in %s of host2 as it was',
    (type) => {
    const identities = (lab: TestLab): readonly unknown[] => bodies(lab, 'host2', type)
      .map(({ id, mac, name }) => ({ id, mac, name }));
    expect(identities(alone).length).toBeGreaterThan(1);
    expect(identities(crowded)).toEqual(identities(alone));
    expect(bodies(crowded, 'host1', type).length).toBeGreaterThan(bodies(alone, 'host1', type).length);
  });
});

describe('one more draw', () => {
  const busy = busyLab(31, 120);
  const { lab: spec } = busy.lab;
  const host1 = spec.nodes.findIndex((node) => node.name === 'host1');

  /** Lives the busy lab again; host1 draws from a stream and a counter that nobody else uses before everything else. */
  function relive(disturb: (machine: Machine) => void): string[][] {
    const maker = new NodeMaker();
    const texts: string[][] = spec.nodes.map(() => []);
    const world = new World(spec, {
      become: (machine) => {
        if (machine.index === host1) disturb(machine);
        maker.become(machine);
      },
      sink: (commit, node) => {
        for (const { kind, at, body } of commit.records) texts[node]!.push(`${kind} ${at} ${body.type}`);
      },
    });
    world.run(new RecordedOperator(inputsOf(busy.lab.commits), busy.lab.world.until));
    return texts;
  }

  it('for another purpose on host1 changes nothing anywhere', () => {
    expect(relive((machine) => {
      for (let count = 0; count < 1_000; count++) machine.random('a new feature').word();
      for (let count = 0; count < 10; count++) machine.newId('new-feature');
    })).toEqual(relive(() => undefined));
  });

  it('in a stream says nothing about any other stream', () => {
    const a = new RandomStream(7, 'host1/arp');
    const b = new RandomStream(7, 'host2/arp');
    a.word();
    const firstOfB = b.word();
    expect(new RandomStream(7, 'host2/arp').word()).toBe(firstOfB);
    expect(firstOfB).not.toBe(new RandomStream(7, 'host1/arp').word());
  });
});

describe('identities of a busy lab', () => {
  const { lab } = busyLab(32, 200);
  const hosts = ['host1', 'host2', 'host3'];
  const all = (type: string): readonly (AnyRecord & Ids)[] => hosts.flatMap((host) => bodies(lab, host, type));

  it('name one container each, over all hosts', () => {
    const ids = all('ContainerCreated').map((body) => String(body.id));
    expect(ids.length).toBeGreaterThan(10);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^[0-9a-f]{64}$/.test(id))).toBe(true);
  });

  it('name one local network each, over all hosts', () => {
    const ids = all('NetworkCreated').map((body) => body as unknown as { id: string; scope?: string })
      .filter((body) => body.scope !== 'swarm').map((body) => body.id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
