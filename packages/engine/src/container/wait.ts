// docker wait and attach: both last until a container's process has ended.

import type { Operation } from '@netreel/sim';
import type { EngineCore, Ending } from '../core.js';
import { isRefusal, type Refusal } from '../refusal.js';
import { isRunning, type OutputRow } from '../tables.js';
import { findContainer } from './lookup.js';

/** What a wait waits for. */
export type WaitCondition = 'not-running' | 'next-exit' | 'removed';

/** Waits for the condition; a container that does not run meets `not-running` at once. */
export function* waitContainer(core: EngineCore, reference: string,
  condition: WaitCondition): Operation<Ending | Refusal> {
  const row = findContainer(core.tables, reference);
  if (isRefusal(row)) return row;
  if (condition === 'removed') return yield* core.ending('removed', row.id);
  if (condition === 'not-running' && !isRunning(row)) return { exitCode: row.exitCode, error: row.error };
  return yield* core.ending('exit', row.id);
}

/**
 * All that a container's process writes from now on until it ends; `history` adds what it wrote before. Without
 * `stream` only that. On a container that was not started yet it waits for the start.
 */
export function* attachContainer(core: EngineCore, reference: string, history: boolean, stream: boolean):
  Operation<readonly OutputRow[] | Refusal> {
  const row = findContainer(core.tables, reference);
  if (isRefusal(row)) return row;
  const from = history ? 0 : row.output.length;
  // Only one that never started is waited for; an ended one has nothing more to say.
  if (stream && (isRunning(row) || row.status === 'created' || row.status === 'restarting')) yield* core.ending('exit',
    row.id);
  return row.output.slice(from);
}
