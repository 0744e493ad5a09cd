// Health checks: while a container runs and is not paused, its check runs again an interval after the last one ended.

import { MILLISECOND, SECOND, startOperation, suspended, type Operation, type SimTime,
  type Ticket } from '@netreel/sim';
import type { EngineCore } from '../core.js';
import { createExec, startExec } from '../exec/exec.js';
import { isRefusal, refuse, type Refusal } from '../refusal.js';
import type { ContainerRow, ExecRow } from '../tables.js';
import { goDuration } from './duration.js';
import { probeOf, type HealthRow, type HealthSpec, type HealthStatus } from './spec.js';

const INTERVAL_NS = 30 * SECOND;
const TIMEOUT_NS = 30 * SECOND;
const RETRIES = 3;
const OUTPUT_MAX = 4096;

/** What Docker refuses of a health check. */
export function checkHealth(spec: HealthSpec | null): Refusal | undefined {
  if (spec === null) return undefined;
  const lengths = [['Interval', spec.intervalNs], ['Timeout', spec.timeoutNs],
    ['StartPeriod', spec.startPeriodNs]] as const;
  const short = lengths.find(([, ns]) => ns !== 0 && ns < MILLISECOND);
  if (short !== undefined) return refuse('InvalidParameter', `${short[0]} in Healthcheck cannot be less than 1ms`);
  return spec.retries < 0 ? refuse('InvalidParameter', 'Retries in Healthcheck cannot be negative') : undefined;
}

/** The checks of one container from one start, or end of a pause, on. */
export interface Checks {
  live: boolean;
  /** Of the sleep until the next one. */
  ticket: Ticket | undefined;
}

/** The container runs from now on: its checks begin. */
export function beginChecks(core: EngineCore, row: ContainerRow): void {
  endChecks(core, row.id);
  const probe = probeOf(row.spec.healthcheck);
  if (probe === undefined || row.status !== 'running') return;
  const checks: Checks = { live: true, ticket: undefined };
  core.healthChecks.set(row.id, checks);
  startOperation(keepChecking(core, row, probe, checks), () => undefined);
}

/** It does not, or is paused. */
export function endChecks(core: EngineCore, container: string): void {
  const checks = core.healthChecks.get(container);
  if (checks === undefined) return;
  core.healthChecks.delete(container);
  checks.live = false;
  if (checks.ticket !== undefined) core.port.cancel(checks.ticket);
}

function* keepChecking(core: EngineCore, row: ContainerRow, probe: readonly string[], checks: Checks): Operation<void> {
  const spec = row.spec.healthcheck!;
  while (checks.live) {
    yield* suspended<undefined>((resume) => {
      checks.ticket = core.port.schedule(core.port.now() + (spec.intervalNs === 0 ? INTERVAL_NS : spec.intervalNs),
        { fire: () => resume(undefined) }, undefined);
    });
    checks.ticket = undefined;
    const startedAt = core.port.now();
    const result = yield* check(core, row, spec, probe);
    if (checks.live) tell(core, row, { startedAt, ...result });
  }
}

interface Outcome {
  readonly exitCode: number;
  readonly output: string;
}

function* check(core: EngineCore, row: ContainerRow, spec: HealthSpec, probe: readonly string[]): Operation<Outcome> {
  const id = createExec(core, row.id, { cmd: probe, env: [], workingDir: '', user: '', tty: false, privileged: false,
    attachStdin: false, attachStdout: true, attachStderr: true });
  if (isRefusal(id)) return { exitCode: -1, output: id.message };
  const exec = core.tables.execs.get(id)!;
  const started = yield* startExec(core, id, undefined);
  const timeoutNs = spec.timeoutNs === 0 ? TIMEOUT_NS : spec.timeoutNs;
  if (!isRefusal(started) && exec.status === 'running') yield* core.endingWithin('exec', id, timeoutNs);
  const late = exec.status === 'running';
  if (late) core.port.signal({ container: row.id, exec: id }, 'SIGKILL');
  if (core.tables.execs.has(id)) core.emit({ type: 'ExecForgotten', id, container: row.id });
  if (isRefusal(started)) return { exitCode: -1, output: started.message };
  return late ? { exitCode: -1, output: `Health check exceeded timeout (${goDuration(timeoutNs)})` }
    : { exitCode: exec.exitCode, output: outputOf(exec) };
}

function outputOf(exec: ExecRow): string {
  const text = exec.output.map((row) => row.text).join('');
  return text.length > OUTPUT_MAX ? `${text.slice(0, OUTPUT_MAX)}...` : text;
}

function tell(core: EngineCore, row: ContainerRow, told: Outcome & { readonly startedAt: SimTime }): void {
  const { startedAt, exitCode, output } = told;
  const health = row.health;
  if (health === undefined || row.status !== 'running') return;
  const streak = streakAfter(row, health, exitCode, startedAt);
  core.emit({ type: 'HealthChecked', container: row.id, startedAt, exitCode: String(exitCode), output, streak,
    status: statusAfter(row, health, exitCode, streak) });
}

/** Failures while a container is still starting up do not count within its start period. */
function streakAfter(row: ContainerRow, health: HealthRow, exitCode: number, startedAt: number): number {
  if (exitCode === 0) return 0;
  const young = startedAt - (row.startedAt ?? 0) < row.spec.healthcheck!.startPeriodNs;
  return health.status === 'starting' && young ? health.streak : health.streak + 1;
}

function statusAfter(row: ContainerRow, health: HealthRow, exitCode: number, streak: number): HealthStatus {
  if (exitCode === 0) return 'healthy';
  const { retries } = row.spec.healthcheck!;
  return streak >= (retries === 0 ? RETRIES : retries) ? 'unhealthy' : health.status;
}
