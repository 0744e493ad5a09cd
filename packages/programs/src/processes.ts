// The process table of one node.

import { catalogue, programNamed } from './catalogue.js';
import type { ProcessIo, ProcessRow, ProcessSpec, ProcessTable, Program, Signal, TextSource } from './contract.js';
import { DEFAULT_SEARCH_PATH, programAt } from './loader.js';
import { PidNamespace } from './pid-namespace.js';
import { Pipe } from './pipe.js';
import { CALL, type ProcessPort } from './process-port.js';
import { Process, type ProcessWorld } from './process.js';
import { Terminal } from './terminal.js';
import type { Freezer } from './waiting.js';

/** Below are the numbers of what a real machine starts before anybody logs in. */
const FIRST_PID = 1001;

interface Entry {
  readonly root: Process;
  readonly freezer: Freezer;
  readonly stdin: Pipe | Terminal;
}

export class Processes implements ProcessTable {
  private readonly entries = new Map<number, Entry>();
  private readonly world: ProcessWorld;
  /** Those of containers, by name; they are gone with their last process. */
  private readonly namespaces = new Map<string, PidNamespace>();
  private readonly ownPids = new PidNamespace(FIRST_PID - 1);
  private lastPid = FIRST_PID - 1;

  constructor(private readonly port: ProcessPort, private readonly programs: ReadonlyMap<string, Program> = catalogue) {
    this.world = { port, programOf: (name, place) => programAt(this.programs, name, place) };
  }

  start(spec: ProcessSpec, io: ProcessIo): number | undefined {
    const program = spec.program ?? this.world.programOf(spec.argv[0] ?? '', { files: spec.files,
      path: spec.env.get('PATH') ?? DEFAULT_SEARCH_PATH, cwd: spec.workdir ?? '/', packages: spec.packages ?? [] });
    if (program === undefined) return undefined;
    const pid = ++this.lastPid;
    const pids = this.namespaceOf(spec.pidns);
    // A container is paused as a whole, with what outlived the one that started it.
    const freezer: Freezer = spec.pidns === undefined ? { frozen: false, held: [] } : pids.freezer;
    let over = false;
    const terminal = spec.tty ? new Terminal({ show: (text) => { if (!over) io.write('stdout', text); },
      signal: (signal) => this.entries.get(pid)?.root.fromTerminal(signal) }, spec.window?.rows, spec.window?.columns)
      : undefined;
    const stdin = terminal ?? new Pipe();
    if (typeof spec.stdin === 'object') this.give(stdin, spec.stdin.text);
    if (spec.stdin !== 'open') this.finish(stdin);
    const write: ProcessIo['write'] = (stream, text) => { if (!over) io.write(stream, text); };
    const root = new Process(this.world, {
      program, argv: spec.argv, env: spec.env, cwd: spec.workdir ?? '/', netns: spec.netns, hostname: spec.hostname,
      files: spec.files, init: spec.init, privileged: spec.privileged, stdin: stdin as TextSource,
      terminal, onTerminal: [spec.tty, spec.tty, spec.tty], pids, lasting: false, packages: spec.packages
        ?? [], background: false,
      // A terminal has one way out only.
      stdout: terminal === undefined ? (text) => write('stdout', text) : (text) => terminal.write(text),
      stderr: terminal === undefined ? (text) => write('stderr', text) : (text) => terminal.write(text),
      ended: undefined,
    }, freezer);
    this.entries.set(pid, { root, freezer, stdin });
    root.onExit = (exitCode) => {
      over = true;
      this.entries.delete(pid);
      if (spec.pidns !== undefined && pids.empty) this.namespaces.delete(spec.pidns);
      // What the node does about it may take the namespace away, so nobody may be on the way through it.
      this.port.schedule(this.port.now(), CALL, () => io.ended(exitCode));
    };
    root.begin();
    return pid;
  }

  signal(pid: number, signal: Signal): void {
    this.entries.get(pid)?.root.deliver(signal);
  }

  input(pid: number, text: string): void {
    const entry = this.entries.get(pid);
    if (entry !== undefined) this.give(entry.stdin, text);
  }

  endInput(pid: number): void {
    const stdin = this.entries.get(pid)?.stdin;
    if (stdin instanceof Pipe) stdin.end();
  }

  resize(pid: number, rows: number, columns: number): void {
    const stdin = this.entries.get(pid)?.stdin;
    if (stdin instanceof Terminal) stdin.resize(rows, columns);
  }

  list(pidns: string | undefined): readonly ProcessRow[] {
    return (pidns === undefined ? this.ownPids : this.namespaces.get(pidns))?.rows() ?? [];
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

  has(name: string, packages: readonly string[] = []): boolean {
    return programNamed(this.programs, name, packages) !== undefined;
  }

  private namespaceOf(pidns: string | undefined): PidNamespace {
    if (pidns === undefined) return this.ownPids;
    let pids = this.namespaces.get(pidns);
    if (pids === undefined) this.namespaces.set(pidns, pids = new PidNamespace(0));
    return pids;
  }

  private give(stdin: Pipe | Terminal, text: string): void {
    if (stdin instanceof Terminal) stdin.type(text);
    else stdin.write(text);
  }

  private finish(stdin: Pipe | Terminal): void {
    if (stdin instanceof Pipe) stdin.end();
  }
}
