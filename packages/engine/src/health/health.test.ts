import { SECOND } from '@netreel/sim';
import { containerRequest, TestHost } from '../testing.js';
import { goDuration } from './duration.js';
import type { HealthSpec } from './spec.js';

const check = (program: string, more: Partial<HealthSpec> = {}): { healthcheck: HealthSpec } => ({ healthcheck: {
  test: ['CMD', program], intervalNs: SECOND, timeoutNs: SECOND, startPeriodNs: 0, retries: 2, ...more } });

const told = (host: TestHost): readonly string[] => host.tables.notices.map(({ action }) => action)
  .filter((action) => action.startsWith('health_status'));

describe('a health check', () => {
  it('is starting until it first succeeded, an interval after the start', () => {
    const host = new TestHost();
    host.run('box', check('true'));
    expect(host.row('box').health).toMatchObject({ status: 'starting', streak: 0, log: [] });
    host.pass(SECOND + 2000);
    expect(host.row('box').health).toMatchObject({ status: 'healthy', log: [{ startedAt: SECOND, exitCode: 0 }] });
    expect(told(host)).toEqual(['health_status: healthy']);
  });

  it('is unhealthy after as many failures in a row as it may retry, and keeps the last five', () => {
    const host = new TestHost();
    host.run('box', check('false'));
    host.pass(SECOND + 2000);
    expect(host.row('box').health).toMatchObject({ status: 'starting', streak: 1 });
    host.pass(9 * SECOND);
    expect(host.row('box').health).toMatchObject({ status: 'unhealthy' });
    expect(host.row('box').health!.log).toHaveLength(5);
    expect(told(host)).toEqual(['health_status: unhealthy']);
    expect(host.folded().containers.get(host.row('box').id)!.health).toEqual(host.row('box').health);
  });

  it('does not count failures while the container is still starting up', () => {
    const host = new TestHost();
    host.run('box', check('false', { startPeriodNs: 60 * SECOND, retries: 1 }));
    host.pass(30 * SECOND);
    expect(host.row('box').health).toMatchObject({ status: 'starting', streak: 0 });
  });

  it('that takes too long has failed, and is ended', () => {
    const host = new TestHost();
    host.run('box', check('sleep', { retries: 1 }));
    host.pass(2 * SECOND + 1);
    expect(host.row('box').health).toMatchObject({ status: 'unhealthy',
      log: [{ exitCode: -1, output: 'Health check exceeded timeout (1s)' }] });
    expect(host.signals).toContain('SIGKILL box exec');
  });

  it('rests while the container is paused or down, which Docker calls unhealthy, and starts over with it', () => {
    const host = new TestHost();
    host.run('box', check('true'));
    host.pass(SECOND + 2000);
    host.must(host.engine.pauseContainer('box'));
    const results = host.row('box').health!.log.length;
    host.pass(10 * SECOND);
    expect(host.row('box').health).toMatchObject({ status: 'unhealthy' });
    expect(host.row('box').health!.log).toHaveLength(results);
    host.must(host.engine.unpauseContainer('box'));
    host.pass(SECOND + 2000);
    expect(host.row('box').health!.status).toBe('healthy');
    host.must(host.engine.killContainer('box'));
    host.must(host.engine.startContainer('box'));
    expect(host.row('box').health!.status).toBe('starting');
  });

  it('leaves no exec behind', () => {
    const host = new TestHost();
    host.run('box', check('true'));
    host.pass(10 * SECOND);
    expect(host.tables.execs.size).toBe(0);
  });

  it.each([[{ intervalNs: 1 }, 'Interval in Healthcheck cannot be less than 1ms'],
    [{ timeoutNs: 999_999 }, 'Timeout in Healthcheck cannot be less than 1ms'],
    [{ retries: -1 }, 'Retries in Healthcheck cannot be negative']])('is refused with %j', (odd, text) => {
    const host = new TestHost();
    const refusal = host.refusal(host.engine.createContainer(containerRequest('box', check('true', odd))));
    expect(refusal).toBe(text);
  });
});

it.each([[0, '0s'], [1, '1ns'], [1500, '1.5µs'], [2_000_000, '2ms'], [SECOND, '1s'], [90 * SECOND, '1m30s'],
  [3600 * SECOND, '1h0m0s'], [1_500_000_000, '1.5s']])('%d ns are %s', (ns, text) => {
  expect(goDuration(ns)).toBe(text);
});
