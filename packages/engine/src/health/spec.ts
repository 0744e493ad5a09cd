// Health checks as they are asked for, and what a container's checks came to.

import type { SimTime } from '@netreel/sim';

/** HealthConfig: 0 stands for Docker's own value. */
export type HealthSpec = {
  /** `CMD`, `CMD-SHELL` or `NONE` first; empty for what the image says. */
  readonly test: readonly string[];
  readonly intervalNs: number;
  readonly timeoutNs: number;
  readonly startPeriodNs: number;
  readonly retries: number;
};

export type HealthStatus = 'starting' | 'healthy' | 'unhealthy';

/** One check that has ended. */
export interface HealthResult {
  readonly startedAt: SimTime;
  readonly endedAt: SimTime;
  /** -1 when it took too long or could not run. */
  readonly exitCode: number;
  readonly output: string;
}

export interface HealthRow {
  status: HealthStatus;
  /** Failures in a row. */
  streak: number;
  /** The last few, oldest first. */
  readonly log: HealthResult[];
}

/** How many results are kept. */
export const RESULTS_KEPT = 5;

/** The command line of a check; undefined when there is none to run. */
export function probeOf(spec: HealthSpec | null): readonly string[] | undefined {
  const [kind, ...words] = spec?.test ?? [];
  if (kind === 'CMD') return words;
  return kind === 'CMD-SHELL' ? ['/bin/sh', '-c', ...words] : undefined;
}
