import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { findServer, startServer } from '../src/index.js';
import { describeWith, testServer } from './servers-here.js';

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe.each(['redis', 'nats'] as const)('a %s-server', (kind) => {
  describeWith(kind, 'that is there', () => {
    it('answers when it has started, keeps to its folder, and is gone when it was stopped', async () => {
      const dataDir = mkdtempSync(join(tmpdir(), 'netreel-server-'));
      const started = await startServer(kind, { dataDir });
      if (!started.ok) throw new Error(started.message);
      const { server } = started;
      expect(server.url).toBe(`${kind}://127.0.0.1:${server.port}`);
      expect(alive(server.pid)).toBe(true);
      expect(readdirSync(dataDir).length).toBeGreaterThan(0);
      await server.stop();
      expect(alive(server.pid)).toBe(false);
      await server.stop();
      rmSync(dataDir, { recursive: true });
    });

    it('says why it could not start: here the port is taken', async () => {
      const first = await testServer(kind);
      const second = await startServer(kind, { dataDir: join(first.dataDir, 'second'), port: first.server.port });
      if (second.ok) await second.server.stop();
      expect(second).toMatchObject({ ok: false, reason: 'failed',
        message: expect.stringContaining(`${kind}-server`) as string });
      await first.end();
    });
  });

  it('that is missing is told, not thrown', async () => {
    const name = `NETREEL_${kind.toUpperCase()}_SERVER`;
    const before = process.env[name];
    process.env[name] = '/nowhere/at/all';
    try {
      expect(findServer(kind)).toBeUndefined();
      expect(await startServer(kind, { dataDir: tmpdir() })).toMatchObject({ ok: false, reason: 'missing' });
    } finally {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    }
  });
});

describeWith('redis', 'what a redis-server was told', () => {
  it('is there after a kill when it brings everything to the disk at once', async () => {
    const test = await testServer('redis', { fsync: 'always' });
    const before = new Redis(test.server.url);
    await before.set('told', 'yes');
    before.disconnect();
    await test.server.kill();
    await test.again();
    const after = new Redis(test.server.url);
    expect(await after.get('told')).toBe('yes');
    expect(await after.config('GET', 'appendfsync')).toEqual(['appendfsync', 'always']);
    after.disconnect();
    await test.end();
  });
});
