// One process: a program's generator, its wait, its signals, its sockets and its children. Every wake-up goes through
// the
// agenda, never straight from a packet into a program, so that no program runs inside the kernel's receive path.

import { type Operation, type RandomStream, type SimTime, type Ticket, NEVER, startOperation,
  suspended } from '@netreel/sim';
import type { IcmpSocket, PacketSocket, UdpSocket } from '@netreel/kernel';
import type { Child, FileTree, NetView, Program, RunOptions, Signal, Sys, TextSource } from './contract.js';
import { SystemFiles } from './files.js';
import { Pipe } from './pipe.js';
import { CALL, type ProcessPort } from './process-port.js';
import { fromKeyboard, ignoredByDefault, signalNumber } from './signals.js';

/** What a process has in common with all others of its node. */
export interface ProcessWorld {
  readonly port: ProcessPort;
  programOf(name: string): Program | undefined;
  nextPid(): number;
}

/** What a process got from whoever started it. */
export interface ProcessStart {
  readonly program: Program;
  readonly argv: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly netns: string;
  readonly hostname: string;
  readonly files: FileTree;
  readonly init: boolean;
  readonly privileged: boolean;
  readonly tty: boolean;
  readonly stdin: TextSource;
  readonly stdout: (text: string) => void | boolean;
  readonly stderr: (text: string) => void | boolean;
  /** Called first when it has ended. */
  readonly ended: (() => void) | undefined;
}

/** The freezer that a started process shares with everything that it starts. */
interface Freezer { frozen: boolean; readonly held: (() => void)[] }

interface Closable { close(): void }
type Waitable = Parameters<Sys['waitReadable']>[0][number];

export class Process implements Sys, Child {
  /** As it sees itself: the first process of a container is number 1 there. */
  readonly pid: number;
  /** As the node counts it. */
  readonly hostPid: number;
  readonly env: Map<string, string>;
  readonly hostname: string;
  readonly files: FileTree;
  readonly net: NetView;
  readonly random: RandomStream;
  cwd: string;
  exitCode: number | undefined = undefined;
  endedBy: Signal | undefined = undefined;
  /** Called once, when the process has ended. */
  onExit: ((exitCode: number) => void) | undefined = undefined;
  /** Both come with the first one: many processes only sleep. */
  private catches: Map<Signal, () => void> | undefined = undefined;
  private sockets: Set<Closable> | undefined = undefined;
  private readonly children: Process[] = [];
  /** Ends the present wait's expectations. */
  private disarm: (() => void) | undefined = undefined;
  /** Ends the present wait because a caught signal arrived. */
  private interrupt: (() => void) | undefined = undefined;
  private signalled = false;
  /** Arrived from the keyboard while children run; acts when they have ended. */
  private deferred: Signal | undefined = undefined;
  private abandon: (() => void) | undefined = undefined;
  private running = false;
  private doom: number | undefined = undefined;

  constructor(private readonly world: ProcessWorld, private readonly start: ProcessStart,
    private readonly freezer: Freezer) {
    this.hostPid = world.nextPid();
    this.pid = start.init ? 1 : this.hostPid;
    this.env = new Map(start.env);
    this.cwd = start.cwd;
    this.hostname = start.hostname;
    this.net = world.port.netView(start.netns, start.privileged);
    this.files = start.files instanceof SystemFiles ? start.files : new SystemFiles(start.files, this.net);
    this.random = world.port.random('programs');
  }

  // --- seen from the table ---

  /** The program's first step comes when the agenda gets to it, not in this call. */
  begin(): void {
    this.soon(() => this.step(() => {
      this.abandon = startOperation(this.start.program(this, this.start.argv),
        (exitCode) => { this.doom ??= exitCode & 255; });
    }));
  }

  deliver(signal: Signal): void {
    if (this.exitCode !== undefined) return;
    if (signal === 'SIGKILL') return this.endBy(signal);
    if (this.freezer.frozen) {
      this.freezer.held.push(() => this.deliver(signal));
      return;
    }
    if (this.start.tty && fromKeyboard(signal) && this.children.length > 0) {
      for (const child of [...this.children]) child.deliver(signal);
      if (this.catches?.has(signal) !== true) {
        // As a shell does: it waits for the command that was interrupted, and only then ends itself.
        this.deferred = signal;
        return;
      }
    }
    const handler = this.catches?.get(signal);
    if (handler !== undefined) {
      handler();
      this.signalled = true;
      this.interrupt?.();
      return;
    }
    // The kernel shields the first process of a namespace from what it does not catch (pid_namespaces(7)).
    if (this.start.init || ignoredByDefault(signal)) return;
    this.endBy(signal);
  }

  // --- Sys ---

  readonly now = (): SimTime => this.world.port.now();

  stdout(text: string): void {
    if (this.start.stdout(text) === false) this.brokenPipe();
  }

  stderr(text: string): void {
    if (this.start.stderr(text) === false) this.brokenPipe();
  }

  *readLine(from: TextSource = this.start.stdin): Operation<string | undefined> {
    for (;;) {
      const taken = from.takeLine();
      if (taken !== 'wait') return taken?.line;
      yield* this.textFrom(from);
    }
  }

  *readAll(from: TextSource = this.start.stdin): Operation<string> {
    for (;;) {
      const taken = from.takeAll();
      if (taken !== 'wait') return taken;
      yield* this.textFrom(from);
    }
  }

  *readSome(from: TextSource = this.start.stdin): Operation<string | undefined> {
    for (;;) {
      const taken = from.takeSome();
      if (taken !== 'wait') return taken;
      yield* this.textFrom(from);
    }
  }

  *sleep(ns: number): Operation<void> {
    const until = this.now() + ns;
    yield* this.park<void>((wake) => this.alarm(until, () => wake()));
  }

  *waitReadable(sockets: readonly Waitable[], until: SimTime): Operation<boolean> {
    const ready = (): boolean => sockets.some((socket) => socket.readable());
    if (ready()) return true;
    if (!this.signalled && until > this.now()) {
      yield* this.park<void>((wake) => {
        const stopAlarm = this.alarm(until, () => wake());
        const wakeSoon = this.once(() => wake());
        for (const socket of sockets) socket.onReadable = wakeSoon.call;
        this.interrupt = wakeSoon.call;
        return () => {
          stopAlarm();
          wakeSoon.cancel();
          for (const socket of sockets) socket.onReadable = undefined;
        };
      });
    }
    this.signalled = false;
    return ready();
  }

  udpSocket(): UdpSocket {
    return this.owned(this.world.port.sockets(this.start.netns).udp());
  }

  icmpSocket(): IcmpSocket {
    return this.owned(this.world.port.sockets(this.start.netns).icmp());
  }

  packetSocket(link: number): PacketSocket {
    return this.owned(this.world.port.packetSocket(this.start.netns, link));
  }

  catchSignal(signal: Signal, handler: () => void): void {
    this.catches ??= new Map();
    this.catches.set(signal, handler);
  }

  *run(argv: readonly string[], options: RunOptions = {}): Operation<number> {
    const child = this.spawn(argv, options);
    return child === undefined ? 127 : yield* child.wait();
  }

  spawn(argv: readonly string[], options: RunOptions = {}): Child | undefined {
    const program = this.world.programOf(argv[0] ?? '');
    return program === undefined ? undefined : this.fork(program, argv, options);
  }

  fork(program: Program, argv: readonly string[], options: RunOptions = {}): Child {
    const { start } = this;
    const child = new Process(this.world, {
      ...start, program, argv, env: options.env ?? this.env, cwd: this.cwd, files: this.files, init: false,
      stdin: options.stdin ?? (options.input === undefined ? start.stdin : Pipe.of(options.input)),
      stdout: options.stdout ?? start.stdout, stderr: options.stderr ?? start.stderr, ended: options.ended,
    }, this.freezer);
    this.children.push(child);
    child.onExit = () => this.forget(child);
    child.begin();
    return child.asChildOf(this);
  }

  *exec(argv: readonly string[]): Operation<number> {
    const program = this.world.programOf(argv[0] ?? '');
    if (program === undefined) return 127;
    this.catches = undefined;
    return yield* program(this, argv);
  }

  kill(pid: number, signal: Signal): boolean {
    const target = pid === this.pid ? this : this.children.find((child) => child.pid === pid);
    if (target === undefined) return false;
    // Later in this moment: the sender may be the one that is ended.
    this.soon(() => target.deliver(signal));
    return true;
  }

  has(name: string): boolean {
    return this.world.programOf(name) !== undefined;
  }

  // --- Child: waited for by itself only when nobody wraps it; see asChildOf ---

  wait(): Operation<number> {
    return this.asChildOf(this).wait();
  }

  waitOrSignal(): Operation<number | undefined> {
    return this.asChildOf(this).waitOrSignal();
  }

  private asChildOf(parent: Process): Child {
    const child = this;
    function* ending(interruptible: boolean): Operation<number | undefined> {
      if (child.exitCode === undefined && !(interruptible && parent.signalled)) {
        yield* parent.park<void>((wake) => {
          const wakeSoon = parent.once(() => wake());
          child.onExit = () => {
            parent.forget(child);
            wakeSoon.call();
          };
          if (interruptible) parent.interrupt = wakeSoon.call;
          return () => wakeSoon.cancel();
        });
      }
      if (interruptible) parent.signalled = false;
      return child.exitCode;
    }
    return {
      pid: child.pid,
      get exitCode() { return child.exitCode; },
      get endedBy() { return child.endedBy; },
      wait: function* () { return (yield* ending(false))!; },
      waitOrSignal: () => ending(true),
    };
  }

  // --- waiting ---

  /** Waits until `arm`'s wake is called, which must not happen while arming. What `arm` returns undoes its
   * expectations. */
  private *park<T>(arm: (wake: (value: T) => void) => () => void): Operation<T> {
    return yield* suspended<T>((resume) => {
      this.disarm = arm((value) => {
        this.stopWaiting();
        this.step(() => resume(value));
      });
    });
  }

  private *textFrom(source: TextSource): Operation<void> {
    yield* this.park<void>((wake) => {
      const wakeSoon = this.once(() => wake());
      source.onReadable = wakeSoon.call;
      return () => {
        wakeSoon.cancel();
        source.onReadable = undefined;
      };
    });
  }

  /** Lets the program run on, unless it is frozen or gone; ends it when that was its last step. */
  private step(action: () => void): void {
    if (this.exitCode !== undefined) return;
    if (this.freezer.frozen) {
      this.freezer.held.push(() => this.step(action));
      return;
    }
    this.running = true;
    action();
    this.running = false;
    if (this.doom !== undefined) this.end(this.doom);
  }

  private stopWaiting(): void {
    this.interrupt = undefined;
    const { disarm } = this;
    this.disarm = undefined;
    disarm?.();
  }

  private alarm(until: SimTime, action: () => void): () => void {
    if (until >= NEVER) return () => undefined;
    const { port } = this.world;
    const ticket = port.schedule(until, CALL, action);
    return () => port.cancel(ticket);
  }

  /** A callback that leads to one `action` through the agenda, however often it is called. */
  private once(action: () => void): { call: () => void; cancel: () => void } {
    let ticket: Ticket | undefined;
    return {
      call: () => { ticket ??= this.soon(action); },
      cancel: () => { if (ticket !== undefined) this.world.port.cancel(ticket); },
    };
  }

  private soon(action: () => void): Ticket {
    const { port } = this.world;
    return port.schedule(port.now(), CALL, action);
  }

  // --- ending ---

  private brokenPipe(): void {
    this.soon(() => this.deliver('SIGPIPE'));
  }

  private endBy(signal: Signal): void {
    if (this.exitCode === undefined) this.endedBy ??= signal;
    this.end(128 + signalNumber(signal));
  }

  private end(exitCode: number): void {
    if (this.exitCode !== undefined) return;
    if (this.running) {
      this.doom ??= exitCode;
      return;
    }
    this.exitCode = exitCode;
    this.stopWaiting();
    this.abandon?.();
    for (const child of [...this.children]) child.endBy('SIGKILL');
    for (const socket of this.sockets ?? []) socket.close();
    this.sockets = undefined;
    this.start.ended?.();
    this.onExit?.(exitCode);
  }

  private forget(child: Process): void {
    const index = this.children.indexOf(child);
    if (index >= 0) this.children.splice(index, 1);
    const { deferred } = this;
    if (deferred === undefined || this.children.length > 0) return;
    this.deferred = undefined;
    this.soon(() => this.deliver(deferred));
  }

  private owned<S extends Closable>(socket: S): S {
    this.sockets ??= new Set();
    this.sockets.add(socket);
    return socket;
  }
}
