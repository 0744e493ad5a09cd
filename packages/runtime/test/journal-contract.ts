// What every journal does, whatever it is made of. Called by the tests of each of them.

import { chainHash, genesisHash } from '@netreel/protocol';
import type { Journal } from '../src/index.js';
import { commit, commits, manifest, numbers, readAll, startOf } from './sample-commits.js';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

export function journalContract(open: () => Promise<Journal>): void {
  let journal: Journal;
  let counter = 0;
  let run = '';

  beforeAll(async () => { journal = await open(); });
  afterAll(() => journal.close());
  beforeEach(async () => {
    run = `run-${++counter}`;
    await journal.create(manifest(run));
  });

  describe('runs', () => {
    it('keeps what a run is made of, and its result', async () => {
      expect(await journal.manifest(run)).toEqual(manifest(run));
      expect(await journal.summary(run)).toBeUndefined();
      await journal.finish(run, { verdict: 'held', events: 12 });
      expect(await journal.summary(run)).toEqual({ verdict: 'held', events: 12 });
    });

    it('lists them oldest first', async () => {
      await journal.create(manifest(`${run}-old`, '1999-01-01T00:00:00.000Z'));
      const names = (await journal.runs()).map((found) => found.run);
      expect(names[0]).toBe(`${run}-old`);
      expect(names).toContain(run);
      await journal.remove(`${run}-old`);
    });

    it('refuses a run that is there, one that is not, and names that are none', async () => {
      await expect(journal.create({ ...manifest(run), seed: 8 })).rejects.toMatchObject({ code: 'exists' });
      await expect(journal.writer('nowhere', 'host1')).rejects.toMatchObject({ code: 'missing' });
      await expect(readAll(journal, 'nowhere', 'host1')).rejects.toMatchObject({ code: 'missing' });
      await expect(journal.create(manifest('../etc'))).rejects.toMatchObject({ code: 'bad-name' });
      await expect(journal.writer(run, 'a/b')).rejects.toMatchObject({ code: 'bad-name' });
      expect(await journal.manifest('nowhere')).toBeUndefined();
    });

    it('removes a run with all that belongs to it', async () => {
      await (await journal.writer(run, 'host1')).append(commits(1, 3));
      await journal.remove(run);
      expect(await journal.manifest(run)).toBeUndefined();
      await journal.create(manifest(run));
      expect(await journal.nodes(run)).toEqual([]);
      expect(await numbers(journal, run, 'host1')).toEqual([]);
    });
  });

  describe('appending and reading', () => {
    it('gives back what it was given, linked to a chain from the genesis link of the node', async () => {
      const writer = await journal.writer(run, 'host1');
      expect(writer.last).toEqual({ number: 0, id: '0-0', chain: genesisHash('host1') });
      expect(await writer.append(commits(1, 3))).toEqual({ kind: 'appended', present: 0 });
      expect(await writer.append([commit(4)])).toEqual({ kind: 'appended', present: 0 });
      const stored = await readAll(journal, run, 'host1');
      let chain = genesisHash('host1');
      const wanted = commits(1, 4).map((each) => ({ ...each, chain: chain = chainHash(chain, each.bytes) }));
      expect(stored.map((each) => ({ ...each, bytes: Buffer.from(each.bytes) }))).toEqual(wanted);
      expect(writer.last).toEqual({ number: 4, id: `${startOf(4)}-4`, chain });
      expect(await journal.last(run, 'host1')).toEqual(writer.last);
    });

    it('keeps nodes apart and lists those with a history', async () => {
      const one = await journal.writer(run, 'host1');
      const two = await journal.writer(run, 'host2');
      await journal.writer(run, 'silent');
      await two.append(commits(1, 2, 'two'));
      await one.append(commits(1, 3, 'one'));
      await two.append(commits(3, 3, 'two'));
      expect(await journal.nodes(run)).toEqual(['host1', 'host2']);
      expect(text((await readAll(journal, run, 'host2'))[2]!.bytes)).toContain('two 3');
      expect(await numbers(journal, run, 'silent')).toEqual([]);
    });

    it('does not keep the buffers it was given, nor those it hands out', async () => {
      const writer = await journal.writer(run, 'host1');
      const mine = commit(1);
      const before = text(mine.bytes);
      await writer.append([mine]);
      mine.bytes.fill(0);
      const [stored] = await readAll(journal, run, 'host1');
      expect(text(stored!.bytes)).toBe(before);
      stored!.bytes.fill(0);
      expect(text((await readAll(journal, run, 'host1'))[0]!.bytes)).toBe(before);
    });

    it('takes many commits, and large ones, in one call', async () => {
      const writer = await journal.writer(run, 'host1');
      const large = { ...commit(3_001), bytes: Buffer.alloc(5_000_000, 7) };
      expect(await writer.append([...commits(1, 3_000), large, commit(3_002)])).toEqual({ kind: 'appended',
        present: 0 });
      const stored = await readAll(journal, run, 'host1');
      expect(stored).toHaveLength(3_002);
      expect(stored[3_000]!.bytes).toHaveLength(5_000_000);
    });

    it('goes on where an earlier writer ended', async () => {
      await (await journal.writer(run, 'host1')).append(commits(1, 5));
      const next = await journal.writer(run, 'host1');
      expect(next.last.number).toBe(5);
      expect(await next.append(commits(6, 7))).toEqual({ kind: 'appended', present: 0 });
      expect(await numbers(journal, run, 'host1')).toEqual([1, 2, 3, 4, 5, 6, 7]);
    });

    it('reads up to a moment, behind a number, and both', async () => {
      await (await journal.writer(run, 'host1')).append(commits(1, 9));
      expect(await numbers(journal, run, 'host1', { upTo: startOf(4) })).toEqual([1, 2, 3, 4, 5]);
      expect(await numbers(journal, run, 'host1', { upTo: startOf(4) - 1 })).toEqual([1, 2, 3]);
      expect(await numbers(journal, run, 'host1', { afterNumber: 6 })).toEqual([7, 8, 9]);
      expect(await numbers(journal, run, 'host1', { afterNumber: 3, upTo: startOf(4) })).toEqual([4, 5]);
      expect(await numbers(journal, run, 'host1', { afterNumber: 9 })).toEqual([]);
      expect(await numbers(journal, run, 'host1', { afterNumber: 40 })).toEqual([]);
      expect(await numbers(journal, run, 'host1', { afterNumber: 7, upTo: 0 })).toEqual([]);
    });

    it('finds every commit by its number, also where several start at one moment and where time leaps', async () => {
      const leaps = [0, 0, 0, 5, 5, 6, 1_000_000, 1_000_000, 2 ** 52, 2 ** 53 - 1];
      await (await journal.writer(run, 'host1')).append(leaps.map((from, index) => ({ ...commit(index + 1), from })));
      for (let after = 0; after < leaps.length; after++) {
        expect((await numbers(journal, run, 'host1', { afterNumber: after }))[0]).toBe(after + 1);
      }
    });
  });

  describe('appending again', () => {
    it('recognises what is stored, from any number on', async () => {
      const writer = await journal.writer(run, 'host1');
      await writer.append(commits(1, 5));
      expect(await writer.append(commits(1, 5))).toEqual({ kind: 'identical' });
      expect(await writer.append(commits(3, 4))).toEqual({ kind: 'identical' });
      expect(await writer.append(commits(4, 8))).toEqual({ kind: 'appended', present: 2 });
      expect(await writer.append([])).toEqual({ kind: 'identical' });
      expect(await numbers(journal, run, 'host1')).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    });

    it('lets a node that re-executes its history from the start pass over what is stored', async () => {
      await (await journal.writer(run, 'host1')).append(commits(1, 3));
      const again = await journal.writer(run, 'host1');
      for (const number of [1, 2, 3]) expect(await again.append([commit(number)])).toEqual({ kind: 'identical' });
      expect(await again.append([commit(4)])).toEqual({ kind: 'appended', present: 0 });
    });

    it('reports the first commit whose bytes differ, and stores nothing', async () => {
      const writer = await journal.writer(run, 'host1');
      await writer.append(commits(1, 5));
      const [, stored] = await readAll(journal, run, 'host1', { afterNumber: 2 });
      const result = await writer.append([commit(3), commit(4, 'other'), commit(5), commit(6)]);
      expect(result).toMatchObject({ kind: 'diverged', number: 4, stored: stored!.chain });
      expect(await numbers(journal, run, 'host1')).toEqual([1, 2, 3, 4, 5]);
    });

    it('reports equal bytes at another moment', async () => {
      const writer = await journal.writer(run, 'host1');
      await writer.append(commits(1, 4));
      expect(await writer.append([{ ...commit(4), from: startOf(4) + 1 }])).toMatchObject({ kind: 'diverged',
        number: 4 });
    });

    it('refuses a hole', async () => {
      const writer = await journal.writer(run, 'host1');
      await writer.append(commits(1, 3));
      expect(await writer.append([commit(5)])).toMatchObject({ kind: 'hole', last: { number: 3 } });
      expect(await writer.append([commit(4)])).toEqual({ kind: 'appended', present: 0 });
    });

    it('asserts that numbers and moments do not go back within a call', async () => {
      const writer = await journal.writer(run, 'host1');
      await expect(writer.append([commit(1), commit(3)])).rejects.toThrow('is due');
      await expect(writer.append([{ ...commit(1), from: 5 },
        { ...commit(2), from: 4 }])).rejects.toThrow('before its predecessor');
    });
  });

  describe('two writers', () => {
    it('refuses the older one, whatever it appends', async () => {
      const zombie = await journal.writer(run, 'host1');
      await zombie.append(commits(1, 2));
      const heir = await journal.writer(run, 'host1');
      expect(heir.epoch).toBeGreaterThan(zombie.epoch);
      expect(await zombie.append([commit(3)])).toEqual({ kind: 'fenced', epoch: heir.epoch });
      expect(await heir.append([commit(3)])).toEqual({ kind: 'appended', present: 0 });
      expect(await zombie.append([commit(4)])).toEqual({ kind: 'fenced', epoch: heir.epoch });
      expect(await numbers(journal, run, 'host1')).toEqual([1, 2, 3]);
    });

    it('fences one node, not its neighbours', async () => {
      const neighbour = await journal.writer(run, 'host2');
      await journal.writer(run, 'host1');
      expect(await neighbour.append([commit(1)])).toEqual({ kind: 'appended', present: 0 });
    });
  });
}
