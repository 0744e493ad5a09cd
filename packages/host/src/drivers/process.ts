// Containers' processes: what the engine starts runs in the container's namespace with its files and environment.

import type { Engine, EngineEvent, EngineTables } from '@netreel/engine';
import type { ProcessIo, ProcessTable, Signal } from '@netreel/programs';
import { assert } from '@netreel/sim';

type Of<T extends EngineEvent['type']> = Extract<EngineEvent, { type: T }>;

export class ProcessDriver {
  /** Pid by `CONTAINER/EXEC`; the exec is empty for the container's own process. */
  private readonly pids = new Map<string, number>();

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
  }

  signal(container: string, exec: string, signal: string): void {
    const pid = this.pids.get(`${container}/${exec}`);
    if (pid !== undefined) this.processes.signal(pid, signal as Signal);
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
  }
}

function variables(entries: readonly string[]): ReadonlyMap<string, string> {
  return new Map(entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]));
}
