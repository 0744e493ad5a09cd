// docker stop, kill, restart, pause and unpause.

import { SECOND, type Operation } from '@netreel/sim';
import type { EngineCore } from '../core.js';
import { beginChecks, endChecks } from '../health/monitor.js';
import { isRefusal, refuse, type Refusal } from '../refusal.js';
import { isRunning, type ContainerRow } from '../tables.js';
import { containerNotice } from '../notice/derive.js';
import { postNotice } from '../notice/post.js';
import { cancelRestart, startLocked, type Changed } from './start.js';
import { findContainer } from './lookup.js';

const DEFAULT_TIMEOUT_SECONDS = 10;

const SIGNALS: ReadonlyMap<number, string> = new Map([[1, 'SIGHUP'], [2, 'SIGINT'], [3, 'SIGQUIT'], [9, 'SIGKILL'],
  [10, 'SIGUSR1'], [12, 'SIGUSR2'], [15, 'SIGTERM'], [28, 'SIGWINCH']]);

/** A signal's full name, from its name or number in any case; undefined when there is none such. */
export function signalName(text: string): string | undefined {
  if (/^\d+$/.test(text)) return SIGNALS.get(Number(text));
  const name = text.toUpperCase().startsWith('SIG') ? text.toUpperCase() : `SIG${text.toUpperCase()}`;
  return [...SIGNALS.values()].includes(name) ? name : undefined;
}

/** Asks the process to end, and makes it after `timeoutSeconds` (undefined: the container's own, or 10; negative:
 * never). */
export function* stopContainer(core: EngineCore, reference: string,
  timeoutSeconds: number | undefined): Operation<Changed | Refusal> {
  const row = findContainer(core.tables, reference);
  if (isRefusal(row)) return row;
  return { changed: yield* stopRow(core, row, timeoutSeconds) };
}

function* stopRow(core: EngineCore, row: ContainerRow, timeoutSeconds: number | undefined): Operation<boolean> {
  const stopped = yield* stopSilently(core, row, timeoutSeconds);
  if (stopped && core.tables.containers.get(row.id) === row) postNotice(core, containerNotice(row, 'stop'));
  return stopped;
}

function* stopSilently(core: EngineCore, row: ContainerRow, timeoutSeconds: number | undefined): Operation<boolean> {
  if (row.status === 'restarting') {
    abandonRestart(core, row);
    return true;
  }
  if (!isRunning(row)) return false;
  core.stoppedByHand.add(row.id);
  const own = row.spec.stopTimeout < 0 ? DEFAULT_TIMEOUT_SECONDS : row.spec.stopTimeout;
  const graceSeconds = timeoutSeconds ?? own;
  // Listening before the signal: a process may end within it.
  const { startedAt } = row;
  sendSignal(core, row, signalName(row.spec.stopSignal) ?? 'SIGTERM');
  const runs = (): boolean => isRunning(row) && row.startedAt === startedAt;
  if (!runs()) return true;
  if (graceSeconds < 0) {
    yield* core.ending('exit', row.id);
  } else {
    if (graceSeconds > 0) yield* core.endingWithin('exit', row.id, graceSeconds * SECOND);
    if (runs()) yield* killAndWait(core, row);
  }
  return true;
}

/** Ends the process at once and waits until it is gone. */
export function* killAndWait(core: EngineCore, row: ContainerRow): Operation<void> {
  const { startedAt } = row;
  core.stoppedByHand.add(row.id);
  sendSignal(core, row, 'SIGKILL');
  if (isRunning(row) && row.startedAt === startedAt) yield* core.ending('exit', row.id);
}

function sendSignal(core: EngineCore, row: ContainerRow, signal: string): void {
  const number = [...SIGNALS].find(([, name]) => name === signal)?.[0] ?? 0;
  // Told first: the process may end within the signal.
  postNotice(core, containerNotice(row, 'kill', { signal: String(number) }));
  core.port.signal({ container: row.id, exec: '' }, signal);
  if (row.status === 'paused') core.emit({ type: 'ContainerUnpaused', id: row.id });
}

/** Sends a signal; SIGKILL also waits for the end. */
export function* killContainer(core: EngineCore, reference: string, signal: string): Operation<undefined | Refusal> {
  const prefix = `Cannot kill container: ${reference}: `;
  const name = signal === '' || signal === '0' ? 'SIGKILL' : signalName(signal);
  if (name === undefined) return refuse('InvalidParameter', `Invalid signal: ${signal}`);
  const row = findContainer(core.tables, reference);
  if (isRefusal(row)) return { ...row, message: prefix + row.message };
  if (row.status === 'restarting') {
    abandonRestart(core, row);
    return undefined;
  }
  if (!isRunning(row)) return refuse('Conflict', `${prefix}Container ${row.id} is not running`);
  if (name === 'SIGKILL') {
    yield* killAndWait(core, row);
  } else {
    core.stoppedByHand.add(row.id);
    sendSignal(core, row, name);
  }
  return undefined;
}

/** A container between two starts stays down. */
export function abandonRestart(core: EngineCore, row: ContainerRow): void {
  cancelRestart(core, row);
  core.emit({ type: 'ContainerDied', id: row.id, exitCode: row.exitCode, error: '', diedAt: core.port.now(),
    restarting: false });
}

/** Stops what runs, and starts. */
export function* restartContainer(core: EngineCore, reference: string,
  timeoutSeconds: number | undefined): Operation<undefined | Refusal> {
  const row = findContainer(core.tables, reference);
  if (isRefusal(row)) return row;
  yield* stopRow(core, row, timeoutSeconds);
  const started = yield* core.locked(row.id, () => startLocked(core, row));
  if (isRefusal(started)) return { ...started, message: `Cannot restart container ${reference}: ${started.message}` };
  if (core.tables.containers.get(row.id) === row) postNotice(core, containerNotice(row, 'restart'));
  return undefined;
}

/** Freezes the processes; kernel and addresses go on. */
export function pauseContainer(core: EngineCore, reference: string): undefined | Refusal {
  const row = findContainer(core.tables, reference);
  if (isRefusal(row)) return row;
  if (!isRunning(row)) return refuse('Conflict', `Container ${row.id} is not running`);
  if (row.status === 'paused') return refuse('Conflict', `Container ${row.id} is already paused`);
  endChecks(core, row.id);
  core.emit({ type: 'ContainerPaused', id: row.id });
  return undefined;
}

/** Lets frozen processes go on. */
export function unpauseContainer(core: EngineCore, reference: string): undefined | Refusal {
  const row = findContainer(core.tables, reference);
  if (isRefusal(row)) return row;
  if (row.status !== 'paused') return refuse('System', `Container ${row.id} is not paused`);
  core.emit({ type: 'ContainerUnpaused', id: row.id });
  beginChecks(core, row);
  return undefined;
}
