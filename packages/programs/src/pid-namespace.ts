// Who runs where, by the numbers that the processes see of each other. pid_namespaces(7).

import type { SimTime } from '@netreel/sim';
import type { ProcessRow, Signal } from './contract.js';
import type { Freezer } from './waiting.js';

/** What a namespace knows of one of its processes. */
export interface Numbered {
  readonly pid: number;
  readonly parentPid: number;
  readonly command: readonly string[];
  readonly startedAt: SimTime;
  readonly stopped: boolean;
  deliver(signal: Signal): void;
}

export class PidNamespace {
  readonly freezer: Freezer = { frozen: false, held: [] };
  private readonly members = new Map<number, Numbered>();

  constructor(private last: number) {}

  next(): number {
    return ++this.last;
  }

  enter(process: Numbered): void {
    this.members.set(process.pid, process);
  }

  leave(process: Numbered): void {
    this.members.delete(process.pid);
  }

  get empty(): boolean {
    return this.members.size === 0;
  }

  find(pid: number): Numbered | undefined {
    return this.members.get(pid);
  }

  /** In the order of their numbers. */
  rows(): readonly ProcessRow[] {
    return [...this.members.values()].sort((a, b) => a.pid - b.pid).map((member) => ({ pid: member.pid,
      parentPid: member.parentPid, command: [...member.command], startedAt: member.startedAt,
      state: member.stopped ? 'T' : 'S' }));
  }
}
