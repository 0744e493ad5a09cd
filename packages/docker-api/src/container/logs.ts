// GET /containers/{id}/logs.

import { NEVER, type Operation, type SimTime } from '@netreel/sim';
import { findContainer, isRefusal, type ContainerRow, type Engine, type EngineTables } from '@netreel/engine';
import { NOTHING_MORE, failure, refused } from '../answer.js';
import { outputHead, type ApiCall } from '../call.js';
import type { ApiAnswer, ApiRequest } from '../http.js';
import { queryFlag, tableOf } from '../json.js';
import { isFlaw, readMoment } from '../notice/moment.js';
import { LogCutter, chosenLines, linesSoFar, logChunk, logLines, type LogLine, type LogWish } from './log-lines.js';

/** What a log that nobody follows holds. */
export function readLogs(tables: EngineTables, request: ApiRequest, reference: string): ApiAnswer {
  const asked = askedLog(tables, request, reference);
  if ('status' in asked) return asked;
  return { status: 200, body: null, output: chosenLines(logLines(asked.row), asked.wish)
    .map((line) => logChunk(line, asked.wish)) };
}

/** The log line by line; one that is followed goes on until the process ends, or to its last moment of interest. */
export function* sendLogs(engine: Engine, request: ApiRequest, reference: string,
  call: ApiCall): Operation<ApiAnswer> {
  const asked = askedLog(engine.tables, request, reference);
  if ('status' in asked) return asked;
  const { row, wish } = asked;
  call.begin(outputHead(row.spec.tty));
  const send = (lines: readonly LogLine[], wanted: LogWish): void => {
    for (const line of chosenLines(lines, wanted)) {
      const { stream, text } = logChunk(line, wish);
      call.write(stream, text);
    }
  };
  const log = new LogCutter();
  send(linesSoFar(log, row), wish);
  if (row.pid === 0 || !queryFlag(request.query, 'follow')) return NOTHING_MORE;
  const later = { ...wish, tail: undefined };
  const stop = engine.watchOutput(row.id, (piece) => send(log.take({ at: engine.port.now(), ...piece }), later));
  try {
    yield* engine.endingUntil(row.id, wish.until ?? NEVER);
  } finally {
    stop();
  }
  if (row.pid === 0) send(log.end(engine.port.now()), later);
  return NOTHING_MORE;
}

/** Whose log is asked for, and what of it; Docker's refusal when that makes no sense. */
export function askedLog(tables: EngineTables, request: ApiRequest,
  reference: string): ApiAnswer | { readonly row: ContainerRow; readonly wish: LogWish } {
  const { query } = request;
  const streams = (['stdout', 'stderr'] as const).filter((stream) => queryFlag(query, stream));
  if (streams.length === 0) return failure(400, 'Bad parameters: you must choose at least one stream');
  const row = findContainer(tables, reference);
  if (isRefusal(row)) return refused(row);
  const driver = logDriver(row);
  if (driver === 'none') return failure(501, 'configured logging driver does not support reading');
  const since = readMoment(query['since']);
  const until = readMoment(query['until'] === '0' ? undefined : query['until']);
  if (isFlaw(since)) return failure(500, since.flaw);
  if (isFlaw(until)) return failure(500, until.flaw);
  const tail = /^\+?\d+$/.test(query['tail'] ?? '') ? Number(query['tail']) : undefined;
  return { row, wish: { streams, since, until: until as SimTime | undefined, tail,
    timestamps: queryFlag(query, 'timestamps'), details: queryFlag(query, 'details') ? detailsOf(row) : undefined } };
}

function logConfig(row: ContainerRow): { readonly [key: string]: unknown } {
  return (row.spec.host.sent['LogConfig'] ?? {}) as { readonly [key: string]: unknown };
}

function logDriver(row: ContainerRow): string {
  const type = logConfig(row)['Type'];
  return typeof type === 'string' ? type : '';
}

/** Labels and variables that `--log-opt labels=…` and `env=…` let into the log, by name. */
function detailsOf(row: ContainerRow): string {
  const options = tableOf({ Config: (logConfig(row)['Config'] ?? {}) as never }, 'Config');
  const named = (option: string): readonly string[] => (options[option] ?? '').split(',').filter((name) => name !== '');
  const pairs = new Map<string, string>();
  for (const label of named('labels')) {
    const value = row.spec.labels[label];
    if (value !== undefined) pairs.set(label, value);
  }
  for (const variable of named('env')) {
    const entry = row.spec.env.find((each) => each.startsWith(`${variable}=`));
    if (entry !== undefined) pairs.set(variable, entry.slice(variable.length + 1));
  }
  const encoded = (text: string): string => encodeURIComponent(text).replace(/%20/g, '+');
  return [...pairs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => `${encoded(key)}=${encoded(value)}`)
    .join(',');
}
