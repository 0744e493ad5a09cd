// A container's process has ended: its networks go, its waiters wake, and its restart policy has its say.

import { MILLISECOND, MINUTE, SECOND, startOperation } from '@netreel/sim';
import type { EngineCore } from '../core.js';
import { endChecks } from '../health/monitor.js';
import { isRunning, type ContainerRow } from '../tables.js';
import { removeContainerNow } from './remove.js';
import { startLocked, takeDown } from './start.js';

const FIRST_DELAY_NS = 100 * MILLISECOND;
/** A run that lasted this long starts the delays over. */
const STEADY_NS = 10 * SECOND;

/** What follows from the end of a container's own process. */
export function mainProcessEnded(core: EngineCore, row: ContainerRow, exitCode: number): void {
  if (!isRunning(row)) return;
  // The first process takes all others of its container along.
  for (const exec of [...core.tables.execs.values()]) {
    if (exec.container === row.id && exec.status === 'running') core.port.signal({ container: row.id, exec: exec.id },
      'SIGKILL');
  }
  endChecks(core, row.id);
  const diedAt = core.port.now();
  const restarting = shouldRestart(core, row, exitCode);
  core.emit({ type: 'ContainerDied', id: row.id, exitCode, error: '', diedAt, restarting });
  takeDown(core, row);
  core.stoppedByHand.delete(row.id);
  if (restarting) scheduleRestart(core, row, diedAt);
  core.ended('exit', row.id, { exitCode, error: '' });
  if (row.spec.host.autoRemove && core.tables.containers.get(row.id) === row &&
    !isRunning(row)) removeContainerNow(core, row);
}

function shouldRestart(core: EngineCore, row: ContainerRow, exitCode: number): boolean {
  if (core.stoppedByHand.has(row.id)) return false;
  const { name, maximumRetryCount } = row.spec.host.restartPolicy;
  switch (name) {
    case 'always': case 'unless-stopped': return true;
    case 'on-failure': return exitCode !== 0 && (maximumRetryCount === 0 || row.restartCount < maximumRetryCount);
    default: return false;
  }
}

/** 100 ms, doubled with every short run in a row, at most a minute. */
function scheduleRestart(core: EngineCore, row: ContainerRow, diedAt: number): void {
  const steady = diedAt - (row.startedAt ?? 0) >= STEADY_NS;
  const before = steady ? 0 : core.restartWaits.get(row.id) ?? 0;
  const delayNs = before === 0 ? FIRST_DELAY_NS : before * 2 < MINUTE ? before * 2 : MINUTE;
  core.restartWaits.set(row.id, delayNs);
  const start = (): void => {
    core.restartDelays.delete(row.id);
    if (core.tables.containers.get(row.id) !== row || row.status !== 'restarting') return;
    startOperation(core.locked(row.id, () => startLocked(core, row)), () => undefined);
  };
  core.restartDelays.set(row.id, core.port.schedule(diedAt + delayNs, { fire: start }, undefined));
}
