// Telling those who watch what no other event of the engine says, and watching.

import type { Operation, SimTime } from '@netreel/sim';
import { suspended } from '@netreel/sim';
import type { EngineCore } from '../core.js';
import type { NoticeRow } from '../tables.js';
import type { Notice } from './derive.js';

/** Posts a notice: a signal, an attach, a prune. */
export function postNotice(core: EngineCore, notice: Notice): void {
  core.emit({ type: 'NoticePosted', kind: notice.kind, action: notice.action, actor: notice.actor,
    attributes: notice.attributes, scope: notice.scope });
}

/** The moments of interest: from `since` on (undefined: from now on), up to `until`. */
export interface NoticeSpan {
  readonly since: SimTime | undefined;
  readonly until: SimTime;
}

/** Notices that the engine remembers of a span, oldest first. */
export function pastNotices(notices: readonly NoticeRow[], { since, until }: NoticeSpan): readonly NoticeRow[] {
  return since === undefined ? [] : notices.filter((row) => row.at >= since && row.at <= until);
}

/** All notices of a span that `wanted` takes; waits until it is over. */
export function* noticesUntil(core: EngineCore, span: NoticeSpan,
  wanted: (row: NoticeRow) => boolean): Operation<readonly NoticeRow[]> {
  const found = pastNotices(core.tables.notices, span).filter(wanted);
  if (span.until <= core.port.now()) return found;
  const stop = watchNotices(core, (row) => { if (wanted(row)) found.push(row); });
  try {
    yield* suspended<undefined>((resume) => {
      core.port.schedule(span.until, { fire: () => resume(undefined) }, undefined);
    });
  } finally {
    stop();
  }
  return found;
}

/** Calls `seen` with every notice from now on, until the answered function is called. */
export function watchNotices(core: EngineCore, seen: (row: NoticeRow) => void): () => void {
  core.watchers.add(seen);
  return () => { core.watchers.delete(seen); };
}
