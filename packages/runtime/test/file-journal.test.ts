import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyRun, fileJournal, memoryJournal, reelFile, type Journal, type StoredCommit } from '../src/index.js';
import { journalContract } from './journal-contract.js';
import { commit, commits, manifest, numbers, readAll } from './sample-commits.js';

const directory = mkdtempSync(join(tmpdir(), 'netreel-reel-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the journal in files', () => {
  journalContract(async () => fileJournal(join(directory, 'contract')));
});

describe('the journal in files that brings every append to the disk', () => {
  journalContract(async () => fileJournal(join(directory, 'durable'), { durable: true }));
});

/** A file with five commits of host1, and where the last of its entries starts. */
async function recorded(name: string): Promise<{ path: string; folder: string; bytes: Buffer; lastEntry: number }> {
  const folder = join(directory, name);
  const journal = fileJournal(folder);
  await journal.create(manifest('r'));
  const writer = await journal.writer('r', 'host1');
  await writer.append(commits(1, 4));
  const path = join(folder, 'r.reel');
  const lastEntry = readFileSync(path).length;
  await writer.append([commit(5)]);
  await journal.close();
  return { path, folder, bytes: readFileSync(path), lastEntry };
}

describe('a file after a crash', () => {
  it('has its torn end reported on reading and cut before the next append, wherever it was torn', async () => {
    const { path, folder, bytes, lastEntry } = await recorded('torn');
    for (let length = lastEntry + 1; length < bytes.length; length++) {
      writeFileSync(path, bytes.subarray(0, length));
      const notices: string[] = [];
      const journal = fileJournal(folder, { report: (notice) => notices.push(notice) });
      expect(await numbers(journal, 'r', 'host1')).toEqual([1, 2, 3, 4]);
      expect(notices).toEqual([expect.stringMatching(
        new RegExp(`r\\.reel: ${length - lastEntry} bytes from ${lastEntry} on`))]);
      const writer = await journal.writer('r', 'host1');
      expect(writer.last.number).toBe(4);
      expect(notices.some((notice) => notice.includes('cut'))).toBe(true);
      expect(await writer.append([commit(5)])).toEqual({ kind: 'appended', present: 0 });
      expect(await numbers(journal, 'r', 'host1')).toEqual([1, 2, 3, 4, 5]);
      await journal.close();
    }
  });

  it('may end in zeros, or in an entry whose last bytes never reached the disk', async () => {
    const { path, folder, bytes } = await recorded('zeros');
    const unfinished = Buffer.from(bytes);
    unfinished.fill(0, unfinished.length - 3);
    for (const [content, left] of [[Buffer.concat([bytes, Buffer.alloc(100)]), 5], [unfinished, 4]] as const) {
      writeFileSync(path, content);
      const journal = fileJournal(folder);
      expect(await numbers(journal, 'r', 'host1')).toHaveLength(left);
      expect((await journal.writer('r', 'host1')).last.number).toBe(left);
      await journal.close();
    }
  });

  it('keeps its fence: a writer of the process that died stays refused', async () => {
    const { folder } = await recorded('fence');
    const before = fileJournal(folder);
    const zombie = await before.writer('r', 'host1');
    const after = fileJournal(folder);
    const heir = await after.writer('r', 'host1');
    expect(await zombie.append([commit(6)])).toEqual({ kind: 'fenced', epoch: heir.epoch });
    await before.close();
    await after.close();
  });
});

describe('a damaged file', () => {
  it('is a fault with file, offset and expectation, whichever byte before the last entry is hit', async () => {
    const { path, folder, bytes, lastEntry } = await recorded('hit');
    for (let place = 0; place < lastEntry; place++) {
      const hit = Buffer.from(bytes);
      hit[place]! ^= 0x10;
      writeFileSync(path, hit);
      const error: Error & { code?: string } =
        await readAll(fileJournal(folder), 'r', 'host1').then(() => new Error('read'), (found) => found);
      expect([place, error.code]).toEqual([place, place >= 8 && place < 12 ? 'version' : 'damaged']);
      expect(error.message).toMatch(/r\.reel: offset \d+: .*expected/);
      expect(error.message).not.toContain('\n');
    }
  });

  it('is a fault when it is no recording, is empty, or was cut within its manifest', async () => {
    const { path, folder, bytes } = await recorded('none');
    for (const content of [Buffer.alloc(0), Buffer.from('hello, this is a text\n'), bytes.subarray(0, 20)]) {
      writeFileSync(path, content);
      await expect(readAll(fileJournal(folder), 'r', 'host1')).rejects.toMatchObject({ code: 'damaged' });
    }
  });

  it('of another version says which one', async () => {
    const { path, folder, bytes } = await recorded('version');
    bytes.writeUInt32LE(7, 8);
    writeFileSync(path, bytes);
    await expect(fileJournal(folder).writer('r', 'host1')).rejects.toMatchObject({
      code: 'version', message: `${path}: offset 8: format version 7, expected 1`,
    });
  });

  it('is not written to: nothing is cut from it', async () => {
    const { path, folder, bytes } = await recorded('unwritten');
    bytes[60]! ^= 1;
    writeFileSync(path, bytes);
    await expect(fileJournal(folder).writer('r', 'host1')).rejects.toMatchObject({ code: 'damaged' });
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  it('does not hide the other runs of its folder', async () => {
    const { folder } = await recorded('among');
    writeFileSync(join(folder, 'other.reel'), 'rubbish, more than a head');
    const notices: string[] = [];
    const runs = await fileJournal(folder, { report: (notice) => notices.push(notice) }).runs();
    expect(runs.map((found) => found.run)).toEqual(['r']);
    expect(notices).toHaveLength(1);
  });
});

describe('a file whose tail went missing under its writer', () => {
  it('is told as regressed; the commits can be appended again', async () => {
    const { path, folder, lastEntry } = await recorded('regressed');
    const journal = fileJournal(folder);
    const writer = await journal.writer('r', 'host1');
    truncateSync(path, lastEntry);
    expect(await writer.append([commit(6)])).toMatchObject({ kind: 'regressed', last: { number: 4 } });
    expect(await writer.append(commits(5, 6))).toEqual({ kind: 'appended', present: 0 });
    expect(await numbers(journal, 'r', 'host1')).toEqual([1, 2, 3, 4, 5, 6]);
    await journal.close();
  });
});

describe('export and import', () => {
  it('carries a run through one file of any name, link for link', async () => {
    const memory = memoryJournal();
    await memory.create(manifest('a'));
    for (const node of ['host1', 'host2']) await (await memory.writer('a', node)).append(commits(1, 1_200, node));
    await memory.finish('a', { verdict: 'held' });
    const path = join(directory, 'sent.reel');
    const file = reelFile(path);
    await copyRun(memory, file, 'a');
    await file.close();
    appendFileSync(path, 'torn');
    const back = memoryJournal();
    await copyRun(reelFile(path), back, 'a', 'b');
    expect(await back.manifest('b')).toEqual({ ...manifest('a'), run: 'b' });
    expect(await back.summary('b')).toEqual({ verdict: 'held' });
    expect(await back.last('b', 'host2')).toEqual(await memory.last('a', 'host2'));
    await expect(copyRun(memory, reelFile(path), 'a')).rejects.toMatchObject({ code: 'exists' });
    await expect(readAll(reelFile(path), 'other', 'host1')).rejects.toMatchObject({ code: 'missing' });
  });
});

describe('a packed file', () => {
  const packed = async (name: string): Promise<{ path: string; memory: Journal }> => {
    const memory = memoryJournal();
    await memory.create(manifest('a'));
    for (const node of ['host1', 'host2']) await (await memory.writer('a', node)).append(commits(1, 1_700, node));
    const path = join(directory, `${name}.reel`);
    const file = reelFile(path, { packed: true });
    await copyRun(memory, file, 'a');
    await file.close();
    return { path, memory };
  };
  const plain = (stored: readonly StoredCommit[]) =>
    stored.map(({ number, from, chain, bytes }) => ({ number, from, chain, bytes: Buffer.from(bytes).toString() }));

  it('holds the same, in less', async () => {
    const { path, memory } = await packed('packed');
    for (const node of ['host1', 'host2']) {
      expect(plain(await readAll(reelFile(path), 'a', node))).toEqual(plain(await readAll(memory, 'a', node)));
      expect(plain(await readAll(reelFile(path), 'a', node, { afterNumber: 777 })))
        .toEqual(plain(await readAll(memory, 'a', node, { afterNumber: 777 })));
    }
    const open = join(directory, 'open.reel');
    await copyRun(memory, reelFile(open), 'a');
    // Links are a third of these bytes, and nobody can make a link smaller.
    expect(readFileSync(path).length).toBeLessThan(0.6 * readFileSync(open).length);
  });

  it('is read as it lies, from wherever a reader has been', async () => {
    const { path } = await packed('lies');
    const all = [...reelFile(path).scan!('a', 0, Number.MAX_SAFE_INTEGER, () => true)]
      .map(({ node, number, end }) => ({ node, number, end }));
    expect(all).toHaveLength(3_400);
    for (const place of [3, 777, 2_600]) {
      const { end } = all[place]!;
      const rest = [...reelFile(path).scan!('a', end, Number.MAX_SAFE_INTEGER, (node) => node === 'host2')];
      const last = all.slice(0, place + 1).filter(({ node }) => node === 'host2').pop()?.number ?? 0;
      expect(rest.map(({ number }) => number).filter((number) => number > last))
        .toEqual(Array.from({ length: 1_700 - last }, (_, index) => last + 1 + index));
    }
  });
});

describe('a damaged file whose good parts are wanted', () => {
  it.each([['open', false], ['packed', true]])('%s: keeps what comes before the damage, and of others what follows',
    async (name, packed) => {
      const path = join(directory, `salvage-${name}.reel`);
      const file = reelFile(path, { packed });
      await file.create(manifest('r'));
      const writers = [await file.writer('r', 'host1'), await file.writer('r', 'host2')];
      const ends: number[] = [];
      for (let first = 1; first <= 9; first += 3) {
        for (const writer of writers) {
          await writer.append(commits(first, first + 2));
          ends.push(readFileSync(path).length);
        }
      }
      await file.close();
      const bytes = readFileSync(path);
      // In the second call of host1, which are its commits 4 to 6.
      bytes[ends[1]! + 20]! ^= 1;
      writeFileSync(path, bytes);
      const damages: string[] = [];
      const kept = reelFile(path, { salvage: (damage) => damages.push(damage) });
      expect(await numbers(kept, 'r', 'host1')).toEqual([1, 2, 3]);
      expect(await numbers(kept, 'r', 'host2')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(damages[0]).toMatch(/offset \d+: expected .* bytes with check sum/);
    });
});
