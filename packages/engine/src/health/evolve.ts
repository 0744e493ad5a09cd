// What events do to a container's health.

import { unreachable, type SimTime } from '@netreel/sim';
import type { EngineEvent } from '../events.js';
import type { ContainerRow, EngineTables } from '../tables.js';
import { probeOf, RESULTS_KEPT, type HealthStatus } from './spec.js';

type HealthEvent = Extract<EngineEvent, { type: 'HealthChecked' }>;

/** A check has ended. */
export function evolveHealth(tables: EngineTables, event: HealthEvent, at: SimTime): void {
  if (event.type !== 'HealthChecked') return unreachable(event.type);
  const health = tables.containers.get(event.container)?.health;
  if (health === undefined) return;
  const { startedAt, exitCode, output, streak, status } = event;
  if (health.log.length >= RESULTS_KEPT) health.log.shift();
  health.log.push({ startedAt, endedAt: at, exitCode: Number(exitCode), output });
  health.streak = streak;
  health.status = status as HealthStatus;
}

/** Nothing is known of a container that has just started; the results of lives before are kept. */
export function startHealth(row: ContainerRow): void {
  if (probeOf(row.spec.healthcheck) === undefined) return;
  row.health = { status: 'starting', streak: 0, log: row.health?.log ?? [] };
}

/** Nobody looks any more: Docker calls that unhealthy. */
export function stopHealth(row: ContainerRow): void {
  if (row.health !== undefined && row.pid !== 0) row.health.status = 'unhealthy';
}
