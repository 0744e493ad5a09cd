// Containers' processes: what the engine starts runs in the container's namespace with its files and environment.

import type { ContainerRow, ContainerSpec, Engine, EngineEvent, EngineTables } from '@netreel/engine';
import type { ProcessIo, ProcessTable, Signal } from '@netreel/programs';
import { assert } from '@netreel/sim';
import { HOST_NETNS } from './bridge.js';
import { ContainerFiles } from './files.js';

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

type Of<T extends EngineEvent['type']> = Extract<EngineEvent, { type: T }>;

export class ProcessDriver {
  /** Pid by `CONTAINER/EXEC`; the exec is empty for the container's own process. */
  private readonly pids = new Map<string, number>();
  private readonly files = new Map<string, ContainerFiles>();

  constructor(private readonly processes: ProcessTable, private readonly engine: Engine, private readonly tables: EngineTables,
    private readonly hostName: string) {}

  containerStarted({ id }: Of<'ContainerStarted'>): void {
    const { spec } = this.rowOf(id);
    this.start(id, '', [...(spec.entrypoint ?? []), ...spec.cmd], this.environmentOf(spec, []), spec.tty, spec.openStdin);
  }

  execStarted({ id, container }: Of<'ExecStarted'>): void {
    const exec = this.tables.execs.get(id);
    assert(exec !== undefined, `no exec ${id}`);
    this.start(container, id, exec.spec.cmd, this.environmentOf(this.rowOf(container).spec, exec.spec.env), exec.spec.tty,
      exec.spec.attachStdin);
  }

  containerRemoved(container: string): void {
    this.files.delete(container);
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

  private start(container: string, exec: string, argv: readonly string[], env: ReadonlyMap<string, string>, tty: boolean,
    stdinOpen: boolean): void {
    const row = this.rowOf(container);
    assert(row.netns !== '', `container ${container} has no sandbox to run in`);
    const key = `${container}/${exec}`;
    const io: ProcessIo = {
      write: (stream, text) => this.engine.outputWritten(container, exec, stream, text),
      ended: (exitCode) => {
        this.pids.delete(key);
        this.engine.processEnded(container, exec, exitCode);
      },
    };
    let files = this.files.get(container);
    if (files === undefined) {
      files = new ContainerFiles(this.tables, container);
      this.files.set(container, files);
    }
    const pid = this.processes.start({ argv, env, netns: row.netns, hostname: this.hostNameOf(row), files,
      init: exec === '', stdin: stdinOpen ? 'open' : 'closed', tty, privileged: row.spec.host.privileged }, io);
    assert(pid !== undefined, `the engine started ${argv[0] ?? ''} without asking whether it exists`);
    this.pids.set(key, pid);
  }

  private rowOf(container: string): ContainerRow {
    const row = this.tables.containers.get(container);
    assert(row !== undefined, `no container ${container}`);
    return row;
  }

  /** A container that shares another one's namespace has that one's name too; one in the host's namespace the host's. */
  private hostNameOf(row: ContainerRow): string {
    if (row.spec.hostname !== '') return row.spec.hostname;
    if (row.netns === HOST_NETNS) return this.hostName;
    const owner = [...this.tables.containers.values()].find((other) => other.netns === row.netns && !other.sharesNetns);
    return owner?.spec.hostname ?? row.id.slice(0, 12);
  }

  /** As runc sets it: what Docker always sets, then the specification's own; the last one of a name holds. */
  private environmentOf(spec: ContainerSpec, more: readonly string[]): ReadonlyMap<string, string> {
    const env = new Map([['PATH', DEFAULT_PATH], ['HOSTNAME', spec.hostname]]);
    if (spec.tty) env.set('TERM', 'xterm');
    for (const setting of [...spec.env, ...more]) {
      const cut = setting.indexOf('=');
      if (cut > 0) env.set(setting.slice(0, cut), setting.slice(cut + 1));
      else env.delete(setting);
    }
    env.set('HOME', '/root');
    return env;
  }
}
