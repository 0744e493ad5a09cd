import { ANSWERS_KEPT, evolveStore } from './evolve.js';
import { emptyStoreTables } from './tables.js';
import { StoreBench, specOf, subnetOf } from '../../test/store-bench.js';

describe('requests to the store', () => {
  it('answers a repeated request as before and does nothing twice', () => {
    const bench = new StoreBench();
    bench.create('ov');
    const body = { network: 'ov', owner: 'c1', wanted: null };
    const first = bench.ask(1, 'TakeAddress', body, 500);
    const before = bench.events.length;
    bench.ask(1, 'ReleaseAddress', { network: 'ov', address: 0x0a000102 }, 501);
    expect(bench.ask(1, 'TakeAddress', body, 500)).toEqual(first);
    expect(bench.events.slice(before).map((event) => event.type)).toEqual(['StoreAddressReleased',
      'StoreRequestDecided']);
  });

  it('tells the requests of two hosts apart', () => {
    const bench = new StoreBench();
    expect(bench.ask(0, 'CreateNetwork', specOf('a'), 9)).toMatchObject({ ok: true });
    expect(bench.ask(1, 'CreateNetwork', specOf('b'), 9)).toMatchObject({ ok: true, value: { name: 'b' } });
  });

  it('remembers refusals too', () => {
    const bench = new StoreBench();
    const refused = bench.ask(0, 'TakeAddress', { network: 'ov', owner: 'c1', wanted: null }, 50);
    bench.create('ov');
    expect(bench.ask(0, 'TakeAddress', { network: 'ov', owner: 'c1', wanted: null }, 50)).toEqual(refused);
  });

  it('decides a request that was overtaken by others', () => {
    const bench = new StoreBench();
    bench.ask(0, 'CreateNetwork', specOf('late'), 20);
    expect(bench.ask(0, 'CreateNetwork', specOf('early'), 19)).toMatchObject({ ok: true });
  });

  it('keeps a bounded memory, and leaves requests older than that undecided', () => {
    const bench = new StoreBench();
    for (let request = 1; request <= ANSWERS_KEPT + 10; request++) {
      bench.ask(2, 'ReleaseAddress', { network: 'nosuch', address: 1 }, request);
    }
    expect(bench.tables.answered.get(2)!.answers.size).toBe(ANSWERS_KEPT);
    const { length } = bench.sent;
    bench.store.onMessage(2, { type: 'StoreAsked', request: 5, operation: 'CreateNetwork', body: specOf('ghost') });
    expect(bench.sent).toHaveLength(length);
    expect(bench.store.outdated).toBe(1);
    expect(bench.networks()).toHaveLength(1);
  });

  it('reads without leaving an event', () => {
    const bench = new StoreBench();
    const before = bench.events.length;
    bench.networks();
    expect(bench.events).toHaveLength(before);
  });
});

describe('tables of the store', () => {
  it('fold to what they were live', () => {
    const bench = new StoreBench();
    const ov = bench.create('ov');
    bench.create('ov2', { subnets: [subnetOf('10.0.1.0/24')] });
    bench.create('two', { subnets: [subnetOf('10.50.0.0/24', '10.50.0.9'), subnetOf('10.51.0.0/24')] });
    for (const owner of ['a', 'b', 'c']) bench.take('two', owner, 1);
    bench.take('two', 'fixed', 0, 0x0a330042);
    bench.value(1, 'ReleaseAddress', { network: 'two', address: 0x0a320002 });
    bench.value(0, 'RemoveNetwork', { network: ov.id });
    const folded = emptyStoreTables();
    // As read back from a journal: the live tables share no value with the folded ones.
    for (const event of bench.events) evolveStore(folded, structuredClone(event));
    expect(folded).toEqual(bench.tables);
    expect([...folded.networks.keys()]).toEqual([...bench.tables.networks.keys()]);
  });
});
