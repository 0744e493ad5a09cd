// Lines typed on a node itself: each runs in a shell of its own in the node's namespace, and its end is an event.

import { HOST_NETNS } from './drivers/bridge.js';
import type { FileTree, ProcessTable, Signal } from '@netreel/programs';
import type { AnyRecord, Machine } from '@netreel/sim';

const ENVIRONMENT = new Map([['PATH', '/usr/sbin:/usr/bin:/sbin:/bin'], ['HOME', '/root']]);

export class TypedLines {
  /** Pids by call. */
  private readonly running = new Map<number, number>();

  constructor(private readonly machine: Machine, private readonly processes: ProcessTable,
    private readonly hostname: string, private readonly files: FileTree) {}

  start(call: number, line: string): void {
    let stdout = '';
    let stderr = '';
    const pid = this.processes.start({
      argv: ['sh', '-c', line], env: ENVIRONMENT, netns: HOST_NETNS, hostname: this.hostname, files: this.files,
      init: false, stdin: 'closed', tty: false, privileged: true,
    }, {
      write: (stream, text) => {
        if (stream === 'stdout') stdout += text;
        else stderr += text;
      },
      ended: (exitCode) => {
        this.running.delete(call);
        this.machine.emit({ type: 'HostCommandEnded', call, exitCode, stdout, stderr } as AnyRecord);
      },
    });
    this.running.set(call, pid!);
  }

  interrupt(call: number, signal: string): void {
    const pid = this.running.get(call);
    if (pid !== undefined) this.processes.signal(pid, signal as Signal);
  }
}
