// Containers' processes: what the engine starts runs in the container's namespace with its files and environment.

import type { Engine, EngineEvent, EngineTables, ProcessTarget } from '@netreel/engine';
import type { ProcessIo, ProcessTable, Signal } from '@netreel/programs';
import { assert } from '@netreel/sim';

type Of<T extends EngineEvent['type']> = Extract<EngineEvent, { type: T }>;

export class ProcessDriver {
  /** Pid by `CONTAINER/EXEC`; the exec is empty for the container's own process. */
  private readonly pids = new Map<string, number>();
  /** Sent to processes that have not started yet. */
  private readonly early = new Map<string, EarlyInput>();

  constructor(private readonly processes: ProcessTable, private readonly engine: Engine,
    private readonly tables: EngineTables) {}

  containerStarted({ id }: Of<'ContainerStarted'>): void {
    this.start(id, '');
  }

  execStarted({ id, container }: Of<'ExecStarted'>): void {
    this.start(container, id);
  }

  containerRemoved(container: string): void {
    this.engine.files.forget(container);
    this.early.delete(`${container}/`);
  }

  signal(target: ProcessTarget, signal: string): void {
    const pid = this.pids.get(keyOf(target));
    if (pid !== undefined) this.processes.signal(pid, signal as Signal);
  }

  /** Goes into the standard input of a process; one that is yet to start finds it there. */
  input(target: ProcessTarget, text: string): void {
    const pid = this.pids.get(keyOf(target));
    if (pid !== undefined) this.processes.input(pid, text);
    else if (this.tables.containers.has(target.container)) this.earlyInput(target).text += text;
  }

  endInput(target: ProcessTarget): void {
    const pid = this.pids.get(keyOf(target));
    if (pid !== undefined) this.processes.endInput(pid);
    else if (this.tables.containers.has(target.container)) this.earlyInput(target).ended = true;
  }

  resize(target: ProcessTarget, rows: number, columns: number): void {
    const pid = this.pids.get(keyOf(target));
    if (pid !== undefined) this.processes.resize(pid, rows, columns);
  }

  /** Every process of the container, its execs included. */
  pause(container: string): void {
    for (const pid of this.pidsOf(container)) this.processes.pause(pid);
  }

  unpause(container: string): void {
    for (const pid of this.pidsOf(container)) this.processes.resume(pid);
  }

  /** What is left running when the container's own process has ended dies with it. */
  sandboxEnds(container: string): void {
    for (const pid of this.pidsOf(container)) this.processes.signal(pid, 'SIGKILL');
  }

  private pidsOf(container: string): number[] {
    return [...this.pids].filter(([key]) => key.startsWith(`${container}/`)).map(([, pid]) => pid);
  }

  private start(container: string, exec: string): void {
    const settings = this.engine.processSettings(container, exec);
    const row = this.tables.containers.get(container);
    assert(settings !== undefined && row !== undefined && row.netns !== '',
      `container ${container} has no sandbox to run in`);
    const key = `${container}/${exec}`;
    const io: ProcessIo = {
      write: (stream, text) => this.engine.outputWritten(container, exec, stream, text),
      ended: (exitCode) => {
        this.pids.delete(key);
        this.engine.processEnded(container, exec, exitCode);
      },
    };
    const files = this.engine.files.of(container)!;
    const { argv, env, workingDir, hostname, tty, openStdin } = settings;
    const pid = this.processes.start({ argv, env: variables(env), netns: row.netns, hostname, files, init: exec === '',
      stdin: openStdin ? 'open' : 'closed', tty, pidns: container, privileged: row.spec.host.privileged,
      ...(workingDir === '' ? {} : { workdir: workingDir }) }, io);
    assert(pid !== undefined, `the engine started ${argv[0] ?? ''} without asking whether it exists`);
    this.pids.set(key, pid);
    const early = this.early.get(key);
    if (early === undefined) return;
    this.early.delete(key);
    if (early.text !== '') this.processes.input(pid, early.text);
    if (early.ended) this.processes.endInput(pid);
  }

  private earlyInput(target: ProcessTarget): EarlyInput {
    const key = keyOf(target);
    let early = this.early.get(key);
    if (early === undefined) this.early.set(key, early = { text: '', ended: false });
    return early;
  }
}

const keyOf = ({ container, exec }: ProcessTarget): string => `${container}/${exec}`;

interface EarlyInput {
  text: string;
  ended: boolean;
}

function variables(entries: readonly string[]): ReadonlyMap<string, string> {
  return new Map(entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]));
}
