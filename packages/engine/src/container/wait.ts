// docker wait and attach: both last until a container's process has ended.

import type { Operation } from '@netreel/sim';
import type { EngineCore, Ending } from '../core.js';
import { isRefusal, type Refusal } from '../refusal.js';
import { isRunning } from '../tables.js';
import { findContainer } from './lookup.js';
import { stayWith, type StreamsClient } from './streams.js';

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
 * Tells `client` all that a container's process writes from now on until it ends; `history` puts before it what it
 * wrote already. Without `stream` only that. With a container that was not started yet it waits for the start.
 */
export function* attachContainer(core: EngineCore, reference: string, { history, stream }: AttachOptions,
  client: StreamsClient): Operation<undefined | Refusal> {
  const row = findContainer(core.tables, reference);
  if (isRefusal(row)) return row;
  if (history) for (const written of row.output) client.write(written);
  // Only one that never started is waited for; an ended one has nothing more to say.
  if (stream && (isRunning(row) || row.status === 'created' || row.status === 'restarting')) {
    yield* stayWith(core, client, { target: { container: row.id, exec: '' }, terminal: row.spec.tty,
      closesInput: row.spec.stdinOnce });
  }
  return undefined;
}

export interface AttachOptions {
  readonly history: boolean;
  readonly stream: boolean;
}
