// GET /events: what the engine remembers of a span of time, and what comes until it is over.

import { NEVER, type Operation, type SimTime } from '@netreel/sim';
import { pastNotices, type Engine, type EngineTables, type NoticeRow, type NoticeSpan } from '@netreel/engine';
import type { Actor } from '../actor.js';
import { NOTHING_MORE, failure } from '../answer.js';
import { DOCUMENTS_HEAD, type ApiCall } from '../call.js';
import { Filters } from '../filters.js';
import type { ApiAnswer, ApiRequest } from '../http.js';
import type { Route } from '../route.js';
import { isWanted } from './filter.js';
import { isFlaw, readMoment } from './moment.js';
import { noticeLine } from './shape.js';

/** Routes of notices. */
export const NOTICE_ACTIONS: readonly Route<Actor>[] = [{ method: 'GET', path: '/events', answer: watch }];

interface Wish {
  readonly span: NoticeSpan;
  readonly wanted: (row: NoticeRow) => boolean;
}

/** Tells what is remembered, then what comes, as it comes. Without an end it goes on until the client goes away. */
function* watch(engine: Engine, request: ApiRequest, _reference: string, call: ApiCall): Operation<ApiAnswer> {
  const wish = readWish(request);
  if ('status' in wish) return wish;
  call.begin(DOCUMENTS_HEAD);
  yield* engine.tellNotices(wish.span, (row) => { if (wish.wanted(row)) call.write('stdout', noticeLine(row)); });
  return NOTHING_MORE;
}

/** The same of a moment of the past: what was remembered then. */
export function readNotices(tables: EngineTables, request: ApiRequest, now: SimTime): ApiAnswer {
  const wish = readWish(request);
  if ('status' in wish) return wish;
  const until = wish.span.until > now ? now : wish.span.until;
  return told(pastNotices(tables.notices, { ...wish.span, until }).filter(wish.wanted));
}

function told(rows: readonly NoticeRow[]): ApiAnswer {
  return { status: 200, body: null, output: rows.map((row) => ({ stream: 'stdout', text: noticeLine(row) })) };
}

/** What a request asks for; Docker's refusal when it cannot be read. */
export function readWish(request: ApiRequest): Wish | ApiAnswer {
  const { query } = request;
  const since = readMoment(query['since']);
  if (isFlaw(since)) return failure(500, since.flaw);
  const until = readMoment(query['until']);
  if (isFlaw(until)) return failure(500, until.flaw);
  if (since !== undefined && until !== undefined && since > until) {
    return failure(400, `\`since\` time (${query['since']}) cannot be after \`until\` time (${query['until']})`);
  }
  const filters = Filters.parse(query['filters']);
  if (typeof filters === 'string') return failure(500, filters);
  // With an end alone, all that is remembered is told first.
  const from = since ?? (until === undefined ? undefined : 0);
  return { span: { since: from, until: until ?? NEVER }, wanted: (row) => isWanted(filters, row) };
}
