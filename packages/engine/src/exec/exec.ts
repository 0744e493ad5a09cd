// docker exec: a further process in a running container.

import type { Operation } from '@netreel/sim';
import { linkedContainers, missingLink } from '../container/link.js';
import { findContainer } from '../container/lookup.js';
import { missingProgram } from '../container/environment.js';
import { stayWith, type StreamsClient } from '../container/streams.js';
import type { EngineCore } from '../core.js';
import { isRefusal, refuse, type Refusal } from '../refusal.js';
import { isRunning, type ContainerRow, type ExecRow } from '../tables.js';
import type { ExecSpec } from './spec.js';

/** Notes down an exec; answers its id. */
export function createExec(core: EngineCore, reference: string, spec: ExecSpec): string | Refusal {
  const row = findContainer(core.tables, reference);
  if (isRefusal(row)) return row;
  const refusal = notReady(row, reference);
  if (refusal !== undefined) return refusal;
  if (spec.cmd.length === 0) return refuse('InvalidParameter', 'No exec command specified');
  const missing = linkedContainers(core.tables, row).length > 0 ? missingLink(core.tables, row) : undefined;
  if (missing !== undefined) return missing;
  const id = core.port.newId('exec');
  core.emit({ type: 'ExecCreated', id, container: row.id, spec });
  return id;
}

function notReady(row: ContainerRow, reference: string): Refusal | undefined {
  if (row.status === 'restarting') {
    return refuse('Conflict', `Container ${row.id} is restarting, wait until the container is running`);
  }
  if (!isRunning(row)) return refuse('Conflict', `Container ${row.id} is not running`);
  if (row.status !== 'paused') return undefined;
  return refuse('Conflict', `Container ${reference} is paused, unpause the container before exec`);
}

/** Why an exec cannot be started; undefined when it can. */
export function execRefusal(core: EngineCore, id: string): Refusal | undefined {
  const exec = findExec(core, id);
  if (isRefusal(exec)) return exec;
  const row = core.tables.containers.get(exec.container);
  if (row === undefined) return refuse('NotFound', `No such exec instance: ${id}`);
  if (exec.status === 'running') return refuse('Conflict', `Error: Exec command ${exec.id} is already running`);
  if (exec.status === 'ended') return refuse('Conflict', `Error: Exec command ${exec.id} has already run`);
  return notReady(row, row.id);
}

/** Starts an exec. With a `client` it lasts until the process has ended, or the client is done with it. */
export function* startExec(core: EngineCore, id: string, client: StreamsClient | undefined):
  Operation<undefined | Refusal> {
  const refusal = execRefusal(core, id);
  if (refusal !== undefined) return refusal;
  const exec = core.tables.execs.get(id)!;
  const { container, spec } = exec;
  const missing = missingProgram(core, core.tables.containers.get(container)!, exec, spec.cmd[0]!);
  if (missing !== undefined) {
    const text = `OCI runtime exec failed: exec failed: unable to start container process: ${missing}\r\n`;
    core.wrote(container, id, 'stdout', text);
    client?.write({ stream: 'stdout', text });
    core.emit({ type: 'ExecEnded', id, container, exitCode: 126 });
    return undefined;
  }
  const start = (): void => core.emit({ type: 'ExecStarted', id, container, pid: core.tables.lastPid + 1 });
  if (client === undefined) start();
  else yield* stayWith(core, client, { target: { container, exec: id }, terminal: spec.tty, closesInput: true, start });
  return undefined;
}

/** The exec of this id. */
export function findExec(core: EngineCore, id: string): ExecRow | Refusal {
  return core.tables.execs.get(id) ?? refuse('NotFound', `No such exec instance: ${id}`);
}

/** What follows from the end of an exec's process. */
export function execProcessEnded(core: EngineCore, id: string, exitCode: number): void {
  const exec = core.tables.execs.get(id);
  if (exec === undefined || exec.status !== 'running') return;
  core.emit({ type: 'ExecEnded', id, container: exec.container, exitCode });
  core.ended('exec', id, { exitCode, error: '' });
}
