import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { chainHash, genesisHash } from '@netreel/protocol';
import { redisJournal, type Journal } from '../src/index.js';
import { journalContract } from './journal-contract.js';
import { commit, commits, manifest, numbers, readAll, startOf } from './sample-commits.js';
import { describeWith, testServer, type TestServer } from './servers-here.js';

const lastChain = (to: number): string =>
  commits(1, to).reduce((chain, each) => chainHash(chain, each.bytes), genesisHash('host1'));
const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

describeWith('redis', 'the journal in Redis', () => {
  let shared: TestServer;
  beforeAll(async () => { shared = await testServer('redis'); });
  afterAll(() => shared.end());

  journalContract(async () => redisJournal(shared.server.url));

  it('keeps a commit as one entry whose id is its moment, so that a range of ids is the history up to a moment',
    async () => {
    const journal = redisJournal(shared.server.url);
    await journal.create(manifest('ids'));
    await (await journal.writer('ids', 'host1')).append(commits(1, 5));
    const redis = new Redis(shared.server.url);
    const entries = await redis.xrange('netreel:{ids/host1}:commits', '-', startOf(4));
    expect(entries.map(([id]) => id)).toEqual([1, 2, 3, 4, 5].map((number) => `${startOf(number)}-${number}`));
    redis.disconnect();
    await journal.close();
  });

  it('notices a commit that somebody changed or took out', async () => {
    const journal = redisJournal(shared.server.url);
    const redis = new Redis(shared.server.url);
    await journal.create(manifest('changed'));
    const writer = await journal.writer('changed', 'host1');
    await writer.append(commits(1, 5));
    await redis.xdel('netreel:{changed/host1}:commits', `${startOf(3)}-3`);
    await expect(readAll(journal, 'changed', 'host1')).rejects.toMatchObject({ code: 'damaged',
      message: expect.stringContaining('commit 3 is missing') as string });
    await redis.xadd('netreel:{changed/host1}:commits', `${startOf(6)}-6`, 'link', Buffer.alloc(32), 'commit',
      'forged');
    await expect(readAll(journal, 'changed', 'host1', { afterNumber: 5 })).rejects.toMatchObject({ code: 'damaged' });
    redis.disconnect();
    await journal.close();
  });
});

describeWith('redis', 'the journal while its Redis fails', () => {
  let test: TestServer;
  let journal: Journal;
  let troubles: string[];

  beforeEach(async () => {
    test = await testServer('redis', { fsync: 'always' });
    troubles = [];
    journal = redisJournal(test.server.url,
      { patienceMs: 15_000, callMs: 2_000, report: (trouble) => troubles.push(trouble) });
    await journal.create(manifest('r'));
  });
  afterEach(async () => {
    await journal.close();
    await test.end();
  });

  it('is complete and exact after many kills in the middle of appends', async () => {
    const writer = await journal.writer('r', 'host1');
    const total = 1_500;
    let number = 0;
    let appending = true;
    const append = (async () => {
      while (number < total) {
        const result = await writer.append(commits(number + 1, number + 5));
        expect(['appended', 'identical']).toContain(result.kind);
        number += 5;
      }
      appending = false;
    })();
    for (let kill = 0; kill < 6 && appending; kill++) {
      await pause(15 + kill * 11);
      await test.server.kill();
      await test.again();
    }
    await append;
    expect(troubles.length).toBeGreaterThan(0);
    expect(await numbers(journal, 'r', 'host1')).toEqual(Array.from({ length: total }, (_, index) => index + 1));
    expect((await journal.last('r', 'host1')).chain).toBe(lastChain(total));
  });

  it('recognises its own append when only the answer was lost', async () => {
    const writer = await journal.writer('r', 'host1');
    await writer.append(commits(1, 3));
    // The server carries out what it was sent while it stood still; the answer comes after the call was given up.
    const admin = new Redis(test.server.url);
    process.kill(test.server.pid, 'SIGSTOP');
    const appended = writer.append(commits(4, 6));
    await pause(2_300);
    process.kill(test.server.pid, 'SIGCONT');
    expect(['identical', 'appended']).toContain((await appended).kind);
    expect(await admin.xlen('netreel:{r/host1}:commits')).toBe(6);
    expect(troubles.some((trouble) => trouble.includes('longer than 2000 ms'))).toBe(true);
    admin.disconnect();
  });

  it('reads through a restart', async () => {
    await (await journal.writer('r', 'host1')).append(commits(1, 5_000));
    const found: number[] = [];
    let back: Promise<void> | undefined;
    for await (const stored of journal.read('r', 'host1')) {
      found.push(stored.number);
      if (found.length === 1_500) {
        await test.server.kill();
        back = test.again();
      }
    }
    // Also when everything was read before it was back: a server that nobody knows would be left behind.
    await back;
    expect(found).toHaveLength(5_000);
  });

  it('is told as regressed when the store lost its tail, and takes the tail again', async () => {
    const writer = await journal.writer('r', 'host1');
    await writer.append(commits(1, 40));
    for (const number of [41, 42, 43]) await writer.append([commit(number)]);
    await test.server.kill();
    const folder = join(test.dataDir, 'appendonlydir');
    const log = join(folder, readdirSync(folder).find((name) => name.endsWith('.incr.aof'))!);
    truncateSync(log, statSync(log).size - 10);
    await test.again();
    const result = await writer.append([commit(44)]);
    expect(result).toMatchObject({ kind: 'regressed', last: { number: 42, chain: lastChain(42) } });
    expect(await writer.append(commits(43, 44))).toEqual({ kind: 'appended', present: 0 });
    expect((await journal.last('r', 'host1')).chain).toBe(lastChain(44));
  });

  it('leaves no hole when memory is full, says so, and goes on when there is room', async () => {
    const writer = await journal.writer('r', 'host1');
    const admin = new Redis(test.server.url);
    await admin.config('SET', 'maxmemory', '1');
    const appended = writer.append(commits(1, 100));
    await pause(100);
    expect(troubles.some((trouble) => trouble.includes('OOM'))).toBe(true);
    await admin.config('SET', 'maxmemory', '0');
    expect(await appended).toEqual({ kind: 'appended', present: 0 });
    expect(await numbers(journal, 'r', 'host1')).toHaveLength(100);
    admin.disconnect();
  });

  it('gives up after its patience, in one line without the password', async () => {
    await test.server.stop();
    const impatient = redisJournal(`redis://user:secret@127.0.0.1:${test.server.port}`,
      { patienceMs: 200, callMs: 100 });
    const error = await impatient.runs().then(() => new Error('answered'), (found: Error) => found);
    expect(error).toMatchObject({ code: 'unavailable' });
    expect(error.message).not.toMatch(/secret|\n/);
    await impatient.close();
  });
});
