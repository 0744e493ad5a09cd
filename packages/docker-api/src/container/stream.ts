// Requests that hand on what a container's process writes, as it writes it: attach and logs.

import type { Operation } from '@netreel/sim';
import { containerNotice, isRefusal, type ContainerRow, type Engine, type OutputPiece } from '@netreel/engine';
import type { Actor } from '../actor.js';
import { NOTHING_MORE, answer, failure, refused } from '../answer.js';
import { streamsHead, type ApiCall } from '../call.js';
import type { ApiAnswer, ApiRequest } from '../http.js';
import { queryFlag } from '../json.js';
import type { Route } from '../route.js';
import { sendLogs } from './logs.js';

/** Routes of attach, logs and the size of a terminal. */
export const STREAM_ACTIONS: readonly Route<Actor>[] = [
  { method: 'POST', path: '/containers/{id}/attach', answer: attach },
  { method: 'GET', path: '/containers/{id}/logs', answer: sendLogs },
  { method: 'POST', path: '/containers/{id}/resize', answer: resize },
];

/** Writes those streams of a process that the request asked for. */
export function writerOf(request: ApiRequest, call: ApiCall): (row: OutputPiece) => void {
  const wanted = { stdout: queryFlag(request.query, 'stdout'), stderr: queryFlag(request.query, 'stderr') };
  return ({ stream, text }) => { if (wanted[stream]) call.write(stream, text); };
}

function* attach(engine: Engine, request: ApiRequest, reference: string, call: ApiCall): Operation<ApiAnswer> {
  const row = engine.findContainer(reference);
  if (isRefusal(row)) return refused(row);
  if (row.status === 'paused') return failure(409,
    `container ${reference} is paused, unpause the container before attach`);
  engine.postNotice(containerNotice(row, 'attach'));
  call.begin(streamsHead(row.spec.tty, takesInput(request, row)));
  yield* engine.attachContainer(row.id, { history: queryFlag(request.query, 'logs'),
    stream: queryFlag(request.query, 'stream') }, {
    write: writerOf(request, call),
    ...(takesInput(request, row) ? { listen: (input) => call.listen(input) } : {}),
  });
  return NOTHING_MORE;
}

function takesInput(request: ApiRequest, row: ContainerRow): boolean {
  return queryFlag(request.query, 'stdin') && row.spec.openStdin;
}

function* resize(engine: Engine, request: ApiRequest, reference: string): Operation<ApiAnswer> {
  const size = sizeOf(request);
  if (typeof size === 'string') return failure(400, size);
  const row = engine.findContainer(reference);
  if (isRefusal(row)) return refused(row);
  if (row.pid === 0) return failure(409, `Container ${row.id} is not running`);
  engine.resize({ container: row.id, exec: '' }, size.rows, size.columns);
  engine.postNotice(containerNotice(row, 'resize', { height: String(size.rows), width: String(size.columns) }));
  return answer(200, null);
}

/** Rows and columns of a terminal, or what Go says of a number that is none. */
export function sizeOf({ query }: ApiRequest): { readonly rows: number; readonly columns: number } | string {
  for (const name of ['h', 'w']) {
    const text = query[name] ?? '';
    if (!/^[+-]?\d+$/.test(text)) return `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
  }
  return { rows: Number(query['h']), columns: Number(query['w']) };
}
