import { type Behaviour, Machine } from './machine.js';
import { defineLab, type LabSpec } from './lab.js';
import type { AnyRecord } from './schema.js';
import type { Envelope } from './record.js';

const lab = (pairs: LabSpec['underlay']['pairs'] = []): LabSpec => defineLab({
  name: 'two', seed: 1,
  nodes: ['b', 'a'].map((name, i) => ({ name, kind: 'host' as const, address: i + 1, mac: i + 1 })),
  underlay: { latencyNs: 1000, bitsPerSecond: 0, mtu: 1500, subnet: 0, prefix: 24, gateway: 1, pairs },
});

class Echo implements Behaviour {
  readonly log: string[] = [];
  readonly evolved: AnyRecord[] = [];
  constructor(readonly machine: Machine) {}
  boot(): void { this.log.push(`boot@${this.machine.now()}`); }
  onInput(body: AnyRecord): void {
    this.log.push(`${body.type}@${this.machine.now()}`);
    this.machine.emit({ type: 'Noted' });
    this.machine.send(1 - this.machine.index, { type: 'Told' });
  }
  onEnvelope(envelope: Envelope): void {
    this.log.push(`${envelope.body.type}@${this.machine.now()} from ${envelope.source}`);
    this.machine.schedule(this.machine.now() + 5, { fire: () => this.machine.emit({ type: 'Later' }) }, undefined);
  }
  evolve(event: AnyRecord): void { this.evolved.push(event); }
}

const node = (index: number): Echo => {
  const machine = new Machine(lab(), index);
  const echo = new Echo(machine);
  machine.become(echo);
  return echo;
};

describe('a node as a machine', () => {
  it('has the index of its name in the sorted list, whoever came first', () => {
    expect(lab().nodes.map((each) => each.name)).toEqual(['a', 'b']);
  });

  it('records input, events and envelopes under one sequence, each with its cause', () => {
    const a = node(0);
    a.machine.admit(50, { type: 'Asked' });
    a.machine.run(100);
    const commit = a.machine.takeCommit(0, 100)!;
    expect(commit.records.map(({ kind, sequence, at, causeNode, causeSequence }) =>
      [kind, sequence, at, causeNode, causeSequence]))
      .toEqual([['input', 1, 50, 0, 1], ['event', 2, 50, 0, 1], ['envelope', 3, 50, 0, 1]]);
    expect(a.evolved).toEqual([{ type: 'Noted' }]);
    expect(a.machine.takeCommit(100, 200)).toBeUndefined();
  });

  it('carries the cause through an envelope and a timer', () => {
    const a = node(0);
    const b = node(1);
    a.machine.admit(50, { type: 'Asked' });
    a.machine.run(1000);
    for (const envelope of a.machine.takeEnvelopes()) b.machine.accept(envelope);
    b.machine.run(2000);
    expect(b.log).toEqual(['boot@0', 'Told@1050 from 0']);
    expect(b.machine.takeCommit(0, 2000)!.records)
      .toMatchObject([{ kind: 'event', at: 1055, causeNode: 0, causeSequence: 3 }]);
  });

  it('refuses what would change a window that was lived already', () => {
    const a = node(0);
    a.machine.run(100);
    expect(() => a.machine.admit(99, { type: 'Late' })).toThrow('behind its window');
    expect(() => a.machine.accept({ source: 1, target: 0, sequence: 1, arrivesAt: 99, body: { type: 'Late' } }))
      .toThrow('behind its window');
    expect(() => a.machine.schedule(0, { fire: () => undefined }, undefined)).not.toThrow();
  });

  it('names a loop at one moment instead of hanging', () => {
    const a = node(0);
    const again = { fire: () => { a.machine.schedule(a.machine.now(), again, undefined); } };
    a.machine.schedule(0, again, undefined);
    expect(() => a.machine.run(1)).toThrow('does not get past 0 ns');
  });

  it('refuses an underlay without delay: there would be no room between nodes', () => {
    expect(() => lab([{ between: ['a', 'b'], latencyNs: 0 }])).toThrow('without delay');
  });

  it('gives ids and draws that do not depend on what other nodes do', () => {
    const ids = (warm: number) => {
      const other = node(1);
      for (let i = 0; i < warm; i++) other.machine.newId('container');
      const a = node(0);
      return [a.machine.newId('container'), a.machine.newId('container'), String(a.machine.random('x').word())];
    };
    expect(ids(0)).toEqual(ids(9));
  });
});
