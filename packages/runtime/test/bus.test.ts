import { lossyBus, matches, memoryBus, natsBus, envelopeSubject, type Bus } from '../src/index.js';
import { busContract, until } from './bus-contract.js';
import { describeWith, testServer, type TestServer } from './servers-here.js';

const number = (index: number): Uint8Array => new TextEncoder().encode(String(index));

describe('the bus in memory', () => {
  busContract(async () => {
    const bus = memoryBus();
    return [bus, bus];
  });

  it('never calls a handler while the sender is still speaking', async () => {
    const bus = memoryBus();
    const said: string[] = [];
    bus.subscribe('a', () => said.push('heard'));
    bus.publish('a', number(1));
    said.push('published');
    await bus.flush();
    expect(said).toEqual(['published', 'heard']);
  });

  it('carries nothing after it was closed', async () => {
    const bus = memoryBus();
    let heard = 0;
    bus.subscribe('a', () => heard++);
    await bus.close();
    bus.publish('a', number(1));
    await bus.flush();
    expect(heard).toBe(0);
  });
});

describe('a lossless lossy bus', () => {
  busContract(async () => {
    const bus = lossyBus(memoryBus(), { seed: 1, dropPercent: 0, duplicatePercent: 0, delayPercent: 0 });
    return [bus, bus];
  });
});

describe('a lossy bus', () => {
  async function heardThrough(seed: number): Promise<{ heard: string[]; counts: object }> {
    const bus = lossyBus(memoryBus(), { seed, dropPercent: 10, duplicatePercent: 10, delayPercent: 20 });
    const heard: string[] = [];
    bus.subscribe('>', (_, message) => heard.push(new TextDecoder().decode(message)));
    for (let index = 0; index < 1_000; index++) bus.publish('a.b', number(index));
    await bus.flush();
    return { heard, counts: bus.counts };
  }

  it('loses, repeats and reorders about as often as it was told', async () => {
    const { heard, counts } = await heardThrough(3);
    const { dropped, duplicated, delayed } = counts as { dropped: number; duplicated: number; delayed: number };
    for (const [count, low, high] of [[dropped, 60, 140], [duplicated, 60, 140], [delayed, 140, 260]] as const) {
      expect(count).toBeGreaterThan(low);
      expect(count).toBeLessThan(high);
    }
    expect(heard).toHaveLength(1_000 - dropped + duplicated);
    expect(new Set(heard).size).toBe(1_000 - dropped);
    expect(heard).not.toEqual([...heard].sort((a, b) => Number(a) - Number(b)));
  });

  it('does the same again with the same seed, and something else with another', async () => {
    const first = await heardThrough(5);
    expect(await heardThrough(5)).toEqual(first);
    expect((await heardThrough(6)).heard).not.toEqual(first.heard);
  });
});

describe('subjects', () => {
  it('match patterns word by word', () => {
    expect(matches('a.*.c', 'a.b.c')).toBe(true);
    expect(matches('a.>', 'a.b.c')).toBe(true);
    expect(matches('a.>', 'a')).toBe(false);
    expect(matches('a.*', 'a.b.c')).toBe(false);
    expect(matches('a.b.c', 'a.b')).toBe(false);
    expect(matches('>', 'a')).toBe(true);
  });

  it('take no name that would reach others', () => {
    for (const name of ['*', '>', 'a.b', '', 'a b']) expect(() =>
      envelopeSubject('r', name, 'host2', 'Kind')).toThrow('not a word');
  });
});

describeWith('nats', 'the bus over NATS', () => {
  let test: TestServer;
  beforeAll(async () => { test = await testServer('nats'); });
  afterAll(() => test.end());

  busContract(async () => [await natsBus(test.server.url), await natsBus(test.server.url)]);

  it('is back after the server was killed again and again, and never gives up', async () => {
    const notices: string[] = [];
    const here = await natsBus(test.server.url);
    const there: Bus = await natsBus(test.server.url, { report: (notice) => notices.push(notice) });
    const heard = new Set<string>();
    there.subscribe('netreel.r.control.>', (_, message) => heard.add(new TextDecoder().decode(message)));
    await there.flush();
    let index = 0;
    for (let kill = 0; kill < 3; kill++) {
      await test.server.kill();
      here.publish('netreel.r.control.a', number(-1 - kill));
      await test.again();
      const word = `after ${++index}`;
      await until(() => {
        here.publish('netreel.r.control.a', new TextEncoder().encode(word));
        return heard.has(word);
      }, 10_000);
    }
    expect(notices.filter((notice) => notice.includes('lost')).length).toBeGreaterThanOrEqual(3);
    await here.close();
    await there.close();
  });

  it('refuses to open where nobody answers, and flushes without hanging while the server is away', async () => {
    await expect(natsBus('nats://127.0.0.1:1', { patienceMs: 300 })).rejects.toThrow();
    const bus = await natsBus(test.server.url);
    await test.server.kill();
    bus.publish('netreel.r.control.a', number(1));
    await bus.flush();
    await bus.close();
    bus.publish('netreel.r.control.a', number(2));
    await test.again();
  });
});
