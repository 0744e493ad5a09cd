// What was recorded is lived again and compared. Proved from both sides: what is the same passes, and a build with one
// leak, or a history with one changed event, is found out and named.

import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync,
  writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyCodec, historyHash } from '@netreel/protocol';
import { copyRun, fileJournal, memoryJournal, reelFile } from '@netreel/runtime';
import type { AnyRecord } from '@netreel/sim';
import { ROOT, SCENARIOS, TOUR, lastObject, netreel, scenarioNames, temporaryFolder } from '../e2e/command.js';

jest.setTimeout(120_000);

const folder = temporaryFolder();
const home = join(folder, 'home');

/** A copy of the compiled product in which one place of one file reads otherwise. */
function patchedProduct(name: string, file: string, was: string, is: string): string {
  const root = join(folder, name);
  for (const room of readdirSync(join(ROOT, 'packages'))) {
    for (const part of ['dist', 'package.json', 'node_modules']) {
      const from = join(ROOT, 'packages', room, part);
      // A room that leans on no other has no node_modules.
      if (existsSync(from)) cpSync(from, join(root, 'packages', room, part),
        { recursive: true, verbatimSymlinks: true });
    }
  }
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  copyFileSync(join(ROOT, 'netreel'), join(root, 'netreel'));
  // The command compiles when sources are newer than this; there are none here.
  for (const name of ['.netreel', 'services']) mkdirSync(join(root, name));
  writeFileSync(join(root, '.netreel', 'compiled.stamp'), '');
  const path = join(root, 'packages', file);
  const text = readFileSync(path, 'utf8');
  expect(text.split(was).length).toBe(2);
  writeFileSync(path, text.replace(was, () => is));
  return root;
}

let run = '';
/** A run that lives on long enough for what its hosts learned to go stale. */
let longRun = '';
beforeAll(async () => {
  run = lastObject<{ run: string }>(await netreel(['run', TOUR, '--json'], { home })).run;
  const file = join(folder, 'long.yaml');
  writeFileSync(file,
    'name: long\nhosts: { host1: {}, host2: {} }\nsteps:\n  - host1: ping -c 1 192.168.65.12\n  - wait: 2m\n');
  longRun = lastObject<{ run: string }>(await netreel(['run', file, '--json'], { home })).run;
});

describe('a recorded run', () => {
  it('verifies', async () => {
    const ended = await netreel(['verify', run], { home });
    expect([ended.status, ended.stderr]).toEqual([0, '']);
    expect(ended.stdout).toMatch(/^✓ tour-\S+: \d+ records in \d+ commits lived again, every one equal; sha256:\w+\n$/);
  });

  it.each(scenarioNames())('of %s verifies', async (name) => {
    await netreel(['run', join(SCENARIOS, name)], { home });
    expect((await netreel(['verify', 'last'], { home })).status).toBe(0);
  });

  it('verifies as a file on its own, in another place', async () => {
    const file = join(folder, 'sent.reel');
    await netreel(['export', run, '--reel', file], { home });
    expect((await netreel(['verify', file], { home: join(folder, 'elsewhere') })).status).toBe(0);
  });
});

describe('a build with one leak', () => {
  it.each([
    ['a draw of its own in the names of veths', 'host/dist/drivers/bridge.js', "this.machine.newId('veth', 7)",
      'Math.random().toString(16).slice(2, 9)',
      () => run, /difference is on host1 at \d.*\n.*LinkAdded .*name=veth.*\n.*LinkAdded .*name=veth/],
    ['the wall clock in the life of neighbours', 'kernel/dist/network/neighbour.js',
      'this.random.below(REACHABLE_BASE_MS)',
      'Math.floor(performance.now() * 1e6) % REACHABLE_BASE_MS',
      () => longRun, /difference is on [^]*NeighbourChanged/],
    ['a message that is lost now and then', 'sim/dist/machine.js',
      'const { source, sequence, target, arrivesAt } = envelope;',
      'if (Math.random() < 0.1) return; const { source, sequence, target, arrivesAt } = envelope;',
      () => run, /difference is on \w+ at \d/],
  ])('%s is found out', async (name, file, from, to, recorded, names) => {
    const ended =
      await netreel(['verify', recorded()], { home, root: patchedProduct(name.replace(/ /g, '-'), file, from,
      to) });
    expect(ended.status).toBe(1);
    expect(ended.stdout + ended.stderr).toMatch(names);
    expect(ended.stdout + ended.stderr).not.toMatch(/\n\s+at /);
  });

  it('would not be found out if it were none', async () => {
    const leave = 'if (this.sent.length === 0)';
    const root = patchedProduct('no-leak', 'sim/dist/machine.js', leave, `Math.random(); ${leave}`);
    expect((await netreel(['verify', run], { home, root })).status).toBe(0);
  });
});

describe('a history with one changed event', () => {
  /** The recorded run with every chain whole again behind the change: only living it again tells. */
  async function tampered(file: string, change: (body: AnyRecord) => AnyRecord | undefined): Promise<string> {
    const source = reelFile(join(home, 'runs', `${run}.reel`));
    const changed = memoryJournal();
    const manifest = (await source.manifest(run))!;
    await changed.create(manifest);
    let done = '';
    for (const node of await source.nodes(run)) {
      const writer = await changed.writer(run, node);
      for await (const stored of source.read(run, node)) {
        const decoded = historyCodec.decodeCommit(stored.bytes);
        if (!decoded.ok) throw new Error(decoded.flaw);
        const records = decoded.commit.records.map((record) => {
          const body = done === '' ? change(record.body) : undefined;
          if (body === undefined) return record;
          done = `${node} ${record.sequence}`;
          return { ...record, body };
        });
        const bytes = historyCodec.encodeCommit({ ...decoded.commit, records });
        expect((await writer.append([{ number: stored.number, from: stored.from, bytes }])).kind).toBe('appended');
      }
    }
    const target = reelFile(file);
    await copyRun(changed, target, run);
    await Promise.all([source.close(), target.close()]);
    return done;
  }

  it('is found out, and the event is named', async () => {
    const file = join(folder, 'event.reel');
    const [node, sequence] = (await tampered(file, (body) => (body.type === 'NeighbourChanged'
      ? { ...body, mac: 0x02_42_ac_11_00_63 } as AnyRecord : undefined))).split(' ');
    const ended = await netreel(['verify', file, '--json'], { home });
    expect(ended.status).toBe(1);
    expect(lastObject(ended)).toMatchObject({ difference: { node, sequence: Number(sequence) } });
    expect(ended.stdout).toMatch(/02:42:ac:11:00:63/);
  });

  it('is found out when an input was changed, by what follows from it', async () => {
    const file = join(folder, 'input.reel');
    await tampered(file, (body) => (body.type === 'HostCommanded'
      ? { ...body, line: 'ifconfig docker0 down' } as AnyRecord : undefined));
    const ended = await netreel(['verify', file], { home });
    expect(ended.status).toBe(1);
    expect(ended.stdout).toMatch(/host1/);
  });

  it('has another hash', async () => {
    const journal = fileJournal(join(home, 'runs'));
    const ends = new Map<string, string>();
    for (const node of await journal.nodes(run)) ends.set(node, (await journal.last(run, node)).chain);
    const other = new Map([...ends].map(([node, chain], place) =>
      [node, place === 0 ? chain.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) : chain]));
    expect(historyHash(other)).not.toBe(historyHash(ends));
    await journal.close();
  });
});
