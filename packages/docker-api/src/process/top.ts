// GET /containers/{id}/top.

import type { Operation, SimTime } from '@netreel/sim';
import { containerNotice, findContainer, isRefusal, isRunning, usageOf, type ContainerRow, type ContainerUsage,
  type Engine, type EngineTables } from '@netreel/engine';
import { answer, failure, refused } from '../answer.js';
import type { ApiAnswer, ApiRequest } from '../http.js';
import { psColumns, type HostProcess } from './columns.js';

/** What runs now; those who watch are told that somebody looked. */
export function* top(engine: Engine, request: ApiRequest, reference: string): Operation<ApiAnswer> {
  const row = running(engine.tables, reference);
  if ('body' in row) return row;
  const shown = processes(request, row, engine.port.usage(row.id), engine.port.now());
  if (shown.status === 200) engine.postNotice(containerNotice(row, 'top'));
  return shown;
}

/** The same from tables alone. */
export function readTop(tables: EngineTables, request: ApiRequest, now: SimTime, reference: string): ApiAnswer {
  const row = running(tables, reference);
  return 'body' in row ? row : processes(request, row, usageOf(tables, row), now);
}

function running(tables: EngineTables, reference: string): ContainerRow | ApiAnswer {
  const row = findContainer(tables, reference);
  if (isRefusal(row)) return refused(row);
  if (row.status === 'restarting') {
    return failure(409, `Container ${row.id} is restarting, wait until the container is running`);
  }
  return isRunning(row) ? row : failure(409, `Container ${row.id} is not running`);
}

function processes(request: ApiRequest, row: ContainerRow, usage: ContainerUsage, now: SimTime): ApiAnswer {
  const columns = psColumns(request.query['ps_args'] ?? '-ef');
  if ('flaw' in columns) return failure(500, `ps: ${columns.flaw}`);
  if (!columns.some(({ title }) => title === 'PID')) return failure(500, "Couldn't find PID field in ps output");
  const rows = usage.processes.map((process): HostProcess => ({ ...process, pid: hostPid(row, process.pid),
    parentPid: process.parentPid === 0 ? 1 : hostPid(row, process.parentPid), user: row.spec.user,
    terminal: row.spec.tty, now }));
  return answer(200, { Titles: columns.map(({ title }) => title),
    Processes: rows.map((process) => columns.map(({ cell }) => cell(process))) });
}

/** The host's number of a process: that of the container's own is its pid, the others are made from it. */
function hostPid(row: ContainerRow, pid: number): number {
  return pid === 1 ? row.pid : row.pid * 100 + pid;
}
