// The process table of one node.

import { catalogue, programNamed } from './catalogue.js';
import type { ProcessIo, ProcessSpec, ProcessTable, Program, Signal } from './contract.js';
import { Pipe } from './pipe.js';
import { CALL, type ProcessPort } from './process-port.js';
import { Process, type ProcessWorld } from './process.js';

/** Below are the numbers of what a real machine starts before anybody logs in. */
const FIRST_PID = 1001;

interface Entry {
  readonly root: Process;
  readonly freezer: { frozen: boolean; readonly held: (() => void)[] };
  readonly stdin: Pipe;
}

export class Processes implements ProcessTable {
  private readonly entries = new Map<number, Entry>();
  private readonly world: ProcessWorld;
  private lastPid = FIRST_PID - 1;

  constructor(private readonly port: ProcessPort, private readonly programs: ReadonlyMap<string, Program> = catalogue) {
    this.world = {
      port,
      programOf: (name) => programNamed(this.programs, name),
      nextPid: () => ++this.lastPid,
    };
  }

  start(spec: ProcessSpec, io: ProcessIo): number | undefined {
    const program = this.world.programOf(spec.argv[0] ?? '');
    if (program === undefined) return undefined;
    const freezer = { frozen: false, held: [] };
    const stdin = new Pipe();
    if (typeof spec.stdin === 'object') stdin.write(spec.stdin.text);
    if (spec.stdin !== 'open') stdin.end();
    const root = new Process(this.world, {
      program, argv: spec.argv, env: spec.env, cwd: spec.workdir ?? '/', netns: spec.netns, hostname: spec.hostname,
      files: spec.files, init: spec.init, privileged: spec.privileged, tty: spec.tty, stdin,
      // A terminal has one way out only.
      stdout: (text) => io.write('stdout', text),
      stderr: (text) => io.write(spec.tty ? 'stdout' : 'stderr', text),
      ended: undefined,
    }, freezer);
    const pid = root.hostPid;
    this.entries.set(pid, { root, freezer, stdin });
    root.onExit = (exitCode) => {
      this.entries.delete(pid);
      // What the node does about it may take the namespace away, so nobody may be on the way through it.
      this.port.schedule(this.port.now(), CALL, () => io.ended(exitCode));
    };
    root.begin();
    return pid;
  }

  signal(pid: number, signal: Signal): void {
    this.entries.get(pid)?.root.deliver(signal);
  }

  pause(pid: number): void {
    const entry = this.entries.get(pid);
    if (entry !== undefined) entry.freezer.frozen = true;
  }

  resume(pid: number): void {
    const entry = this.entries.get(pid);
    if (entry === undefined || !entry.freezer.frozen) return;
    entry.freezer.frozen = false;
    for (const held of entry.freezer.held.splice(0)) this.port.schedule(this.port.now(), CALL, held);
  }

  has(name: string): boolean {
    return this.world.programOf(name) !== undefined;
  }

  /** Somebody types at an open standard input. */
  type(pid: number, text: string): void {
    this.entries.get(pid)?.stdin.write(text);
  }

  /** Whoever typed at an open standard input has gone. */
  hangUp(pid: number): void {
    this.entries.get(pid)?.stdin.end();
  }
}
