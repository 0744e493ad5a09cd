// Telling those who watch what no other event of the engine says, and watching.

import { NEVER, suspended, type Operation, type SimTime } from '@netreel/sim';
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

/** Tells the notices of a span, those that are still to come included; lasts until it is over. */
export function* tellNotices(core: EngineCore, span: NoticeSpan, tell: (row: NoticeRow) => void): Operation<void> {
  for (const row of pastNotices(core.tables.notices, span)) tell(row);
  if (span.until <= core.port.now()) return;
  const stop = watchNotices(core, tell);
  try {
    yield* suspended<undefined>((resume) => {
      if (span.until === NEVER) return;
      core.port.schedule(span.until, { fire: () => resume(undefined) }, undefined);
    });
  } finally {
    stop();
  }
}

/** Calls `seen` with every notice from now on, until the answered function is called. */
export function watchNotices(core: EngineCore, seen: (row: NoticeRow) => void): () => void {
  core.watchers.add(seen);
  return () => { core.watchers.delete(seen); };
}
