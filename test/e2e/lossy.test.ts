// Law 4: the bus is a hint. It may lose, repeat and delay whatever it carries; the history stays the same.

import { type Losses, type LossyBus, lossyBus, memoryBus, memoryJournal, natsBus } from '@netreel/runtime';
import { join } from 'node:path';
import { SCENARIOS, TOUR, temporaryFolder } from './command.js';
import { Cluster, describeWithServers, golden } from './cluster.js';
import { type InProcess, runInProcess } from './in-process.js';

const LOSSES: Omit<Losses, 'seed'> = { dropPercent: 10, duplicatePercent: 10, delayPercent: 10 };

describe('a bus in memory', () => {
  interface Lived {
    readonly lived: InProcess;
    readonly buses: readonly LossyBus[];
  }

  async function live(file: string, losses?: Omit<Losses, 'seed'>): Promise<Lived> {
    const bus = memoryBus();
    const buses: LossyBus[] = [];
    const lived = await runInProcess(file, 'lossy', { journal: memoryJournal(), busOf: () => {
      if (losses === undefined) return bus;
      buses.push(lossyBus(bus, { ...losses, seed: buses.length + 1 }));
      return buses[buses.length - 1]!;
    } });
    return { lived, buses };
  }

  it('that loses nothing needs no repair', async () => {
    const { history, commits } = await golden(TOUR);
    const { lived } = await live(TOUR);
    expect(lived).toMatchObject({ ending: 'done', history, commits, repairs: 0, crashes: 0 });
  });

  it.each([['tour', TOUR], ['partition', join(SCENARIOS, 'partition.yaml')],
    ['rough overlay', join(SCENARIOS, 'rough-overlay.yaml')]])(
    'that loses, repeats and delays: %s is the same, and repairs were needed', async (_name, file) => {
      const { history, commits } = await golden(file);
      const { lived, buses } = await live(file, LOSSES);
      expect(lived).toMatchObject({ ending: 'done', history, commits });
      expect(lived.repairs).toBeGreaterThan(0);
      expect(lived.repeats).toBeGreaterThan(0);
      for (const kind of ['dropped', 'duplicated', 'delayed'] as const) {
        expect(buses.reduce((sum, bus) => sum + bus.counts[kind], 0)).toBeGreaterThan(20);
      }
    });
});

describeWithServers('NATS', () => {
  const folder = temporaryFolder();
  let cluster: Cluster;
  beforeAll(async () => { cluster = await Cluster.start(folder); });
  afterAll(() => cluster.stop());

  it('with losses on the way: the same history, and repairs were needed', async () => {
    const { history, commits } = await golden(TOUR);
    const buses = new Map<string, LossyBus>();
    for (const participant of ['conductor', 'host1', 'host2', 'host3', 'overlay', 'router']) {
      buses.set(participant, lossyBus(await natsBus(cluster.url('nats')), { ...LOSSES, seed: buses.size }));
    }
    const lived = await runInProcess(TOUR, 'lossy', { journal: memoryJournal(), busOf: (participant) =>
      buses.get(participant)! });
    expect(lived).toMatchObject({ ending: 'done', history, commits });
    expect(lived.repairs).toBeGreaterThan(0);
    for (const bus of buses.values()) await bus.close();
  });
});
