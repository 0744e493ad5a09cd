// One process: a program's generator, its signals, its sockets and its children. How it waits is in waiting.ts.

import { type Operation, type RandomStream, type SimTime, startOperation } from '@netreel/sim';
import type { IcmpSocket, PacketSocket, TcpListener, TcpSocket, UdpSocket } from '@netreel/kernel';
import type { Child, FileTree, NetView, ProcessRow, Program, RunOptions, Signal, Sys, TerminalView,
  TextSource } from './contract.js';
import { SystemFiles } from './files.js';
import { DEFAULT_SEARCH_PATH, locate, type SearchPlace } from './loader.js';
import type { Numbered, PidNamespace } from './pid-namespace.js';
import { Pipe } from './pipe.js';
import type { ProcessPort } from './process-port.js';
import { fromKeyboard, ignoredByDefault, signalNumber, stops } from './signals.js';
import { allFrom, lineFrom, lineOrSignal, someFrom } from './reading.js';
import { type Freezer, Waiting } from './waiting.js';

/** What a process has in common with all others of its node. */
export interface ProcessWorld {
  readonly port: ProcessPort;
  programOf(name: string, place: SearchPlace): Program | undefined;
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
  readonly terminal: TerminalView | undefined;
  /** Which of its three streams are that terminal. */
  readonly onTerminal: readonly boolean[];
  readonly pids: PidNamespace;
  /** It goes on when the one that started it ends: the first process of its namespace takes it over. */
  readonly lasting: boolean;
  readonly packages: readonly string[];
  /** What the keyboard sends is not for this one and those it starts. */
  readonly background: boolean;
  readonly stdin: TextSource;
  readonly stdout: (text: string) => void | boolean;
  readonly stderr: (text: string) => void | boolean;
  /** Called first when it has ended. */
  readonly ended: (() => void) | undefined;
}

interface Closable { close(): void }
type Waitable = Parameters<Sys['waitReadable']>[0][number];

export class Process implements Sys, Child, Numbered {
  readonly pid: number;
  readonly startedAt: SimTime;
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
  private argv: readonly string[];
  private readonly waiting: Waiting;
  /** Arrived from the keyboard while children run; acts when they have ended. */
  private deferred: Signal | undefined = undefined;
  private abandon: (() => void) | undefined = undefined;
  private parent = 0;
  private doom: number | undefined = undefined;

  constructor(private readonly world: ProcessWorld, private readonly start: ProcessStart,
    private readonly freezer: Freezer) {
    this.waiting = new Waiting(world.port, freezer, () => this.exitCode !== undefined, () => {
      if (this.doom !== undefined) this.end(this.doom);
    });
    this.pid = start.pids.next();
    this.startedAt = world.port.now();
    this.argv = start.argv;
    start.pids.enter(this);
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
    this.waiting.soon(() => this.waiting.step(() => {
      this.abandon = startOperation(this.start.program(this, this.start.argv),
        (exitCode) => { this.doom ??= exitCode & 255; });
    }));
  }

  /** A key of the terminal sent it: to everything in the foreground. */
  fromTerminal(signal: Signal): void {
    const children = this.children.filter((child) => !child.start.background);
    for (const child of children) child.fromTerminal(signal);
    if (children.length === 0 || !fromKeyboard(signal) || this.catches?.has(signal) === true) this.deliver(signal);
    // As a shell does: it waits for the command that was interrupted, and only then ends itself.
    else this.deferred = signal;
  }

  deliver(signal: Signal): void {
    if (this.exitCode !== undefined) return;
    if (signal === 'SIGKILL') return this.endBy(signal);
    if (signal === 'SIGCONT') this.waiting.go();
    if (this.waiting.frozen) return this.waiting.hold(() => this.deliver(signal));
    const handler = this.catches?.get(signal);
    if (handler !== undefined) {
      handler();
      this.waiting.signalled = true;
      this.waiting.interrupt?.();
      return;
    }
    if (stops(signal) && !this.start.init) return this.waiting.halt();
    // The kernel shields the first process of a namespace from what it does not catch (pid_namespaces(7)).
    if (this.start.init || ignoredByDefault(signal)) return;
    this.endBy(signal);
  }

  get parentPid(): number {
    return this.parent;
  }

  get stopped(): boolean {
    return this.waiting.frozen;
  }

  get command(): readonly string[] {
    return this.argv;
  }

  // --- Sys ---

  readonly now = (): SimTime => this.world.port.now();

  stdout(text: string): void {
    if (this.start.stdout(text) === false) this.brokenPipe();
  }

  stderr(text: string): void {
    if (this.start.stderr(text) === false) this.brokenPipe();
  }

  readLine(from: TextSource = this.start.stdin): Operation<string | undefined> {
    return lineFrom(this.waiting, from);
  }

  readLineOrSignal(from: TextSource = this.start.stdin): Operation<{ readonly line: string } | 'end' | 'signal'> {
    return lineOrSignal(this.waiting, from);
  }

  readAll(from: TextSource = this.start.stdin): Operation<string> {
    return allFrom(this.waiting, from);
  }

  readSome(from: TextSource = this.start.stdin): Operation<string | undefined> {
    return someFrom(this.waiting, from);
  }

  *sleep(ns: number): Operation<void> {
    const { waiting } = this;
    const until = this.now() + ns;
    yield* waiting.park<void>((wake) => waiting.alarm(until, () => wake()));
  }

  *waitReadable(sockets: readonly Waitable[], until: SimTime): Operation<boolean> {
    const { waiting } = this;
    const ready = (): boolean => sockets.some((socket) => socket.readable());
    if (ready()) return true;
    if (!waiting.signalled && until > this.now()) {
      yield* waiting.park<void>((wake) => {
        const stopAlarm = waiting.alarm(until, () => wake());
        const waker = waiting.once(() => wake());
        for (const socket of sockets) socket.onReadable = waker.call;
        waiting.interrupt = waker.call;
        return () => {
          stopAlarm();
          waker.cancel();
          for (const socket of sockets) socket.onReadable = undefined;
        };
      });
    }
    waiting.signalled = false;
    return ready();
  }

  udpSocket(): UdpSocket {
    return this.own(this.world.port.sockets(this.start.netns).udp());
  }

  icmpSocket(): IcmpSocket {
    return this.own(this.world.port.sockets(this.start.netns).icmp());
  }

  tcpSocket(): TcpSocket {
    return this.own(this.world.port.sockets(this.start.netns).tcp());
  }

  tcpListener(): TcpListener {
    return this.own(this.world.port.sockets(this.start.netns).tcpListener());
  }

  packetSocket(link: number): PacketSocket {
    return this.own(this.world.port.packetSocket(this.start.netns, link));
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
    const program = this.programNamed(argv[0] ?? '');
    return program === undefined ? undefined : this.fork(program, argv, options);
  }

  fork(program: Program, argv: readonly string[], options: RunOptions = {}): Child {
    const { start } = this;
    const [inOwn, outOwn, errOwn] = [options.stdin === undefined && options.input === undefined,
      options.stdout === undefined, options.stderr === undefined];
    const child = new Process(this.world, {
      ...start, program, argv, env: options.env ?? this.env, cwd: this.cwd, files: this.files, init: false,
      background: start.background || options.background === true, lasting: options.lasting === true,
      onTerminal: [inOwn, outOwn, errOwn].map((own, place) => own && start.onTerminal[place]!),
      stdin: options.stdin ?? (options.input === undefined ? start.stdin : Pipe.of(options.input)),
      stdout: options.stdout ?? start.stdout, stderr: options.stderr ?? start.stderr, ended: options.ended,
    }, this.freezer);
    this.adopt(child);
    child.begin();
    return child.asChildOf(this);
  }

  detach(program: Program, argv: readonly string[]): number {
    const nowhere = (): void => undefined;
    return this.fork(program, argv,
      { input: '', stdout: nowhere, stderr: nowhere, background: true, lasting: true }).pid;
  }

  private adopt(child: Process): void {
    this.children.push(child);
    child.parent = this.pid;
    child.onExit = () => this.forget(child);
  }

  *exec(argv: readonly string[]): Operation<number> {
    const program = this.programNamed(argv[0] ?? '');
    if (program === undefined) return 127;
    this.catches = undefined;
    this.argv = argv;
    return yield* program(this, argv);
  }

  kill(pid: number, signal: Signal): boolean {
    const target = this.start.pids.find(pid);
    if (target === undefined) return false;
    // From inside its namespace nothing kills the first process (pid_namespaces(7)).
    if (target.pid === 1 && signal === 'SIGKILL') return true;
    // Later in this moment: the sender may be the one that is ended.
    this.waiting.soon(() => target.deliver(signal));
    return true;
  }

  processes(): readonly ProcessRow[] {
    return this.start.pids.rows();
  }

  get terminal(): TerminalView | undefined {
    return this.start.terminal;
  }

  isTerminal(descriptor: 0 | 1 | 2): boolean {
    return this.start.onTerminal[descriptor]!;
  }

  has(name: string): boolean {
    return this.programNamed(name) !== undefined;
  }

  locate(name: string): string | undefined {
    if (this.files.holdsPrograms === true) return locate(name, this.searchPlace());
    return this.has(name) ? name.includes('/') ? name : `/bin/${name}` : undefined;
  }

  private programNamed(name: string): Program | undefined {
    return this.world.programOf(name, this.searchPlace());
  }

  private searchPlace(): SearchPlace {
    return { files: this.files, path: this.env.get('PATH') ?? DEFAULT_SEARCH_PATH, cwd: this.cwd,
      packages: this.start.packages };
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
    const { waiting } = parent;
    function* ending(interruptible: boolean): Operation<number | undefined> {
      if (child.exitCode === undefined && !(interruptible && waiting.signalled)) {
        yield* waiting.park<void>((wake) => {
          const waker = waiting.once(() => wake());
          child.onExit = () => {
            parent.forget(child);
            waker.call();
          };
          if (interruptible) waiting.interrupt = waker.call;
          return () => waker.cancel();
        });
      }
      if (interruptible) waiting.signalled = false;
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

  // --- ending ---

  private brokenPipe(): void {
    this.waiting.soon(() => this.deliver('SIGPIPE'));
  }

  private endBy(signal: Signal): void {
    if (this.exitCode === undefined) this.endedBy ??= signal;
    this.end(128 + signalNumber(signal));
  }

  private end(exitCode: number): void {
    if (this.exitCode !== undefined) return;
    if (this.waiting.running) {
      this.doom ??= exitCode;
      return;
    }
    this.exitCode = exitCode;
    this.waiting.stop();
    this.start.pids.leave(this);
    this.abandon?.();
    const heir = this.start.pids.find(1);
    for (const child of [...this.children]) {
      if (child.start.lasting && heir instanceof Process && heir !== this && heir.exitCode === undefined)
        heir.adopt(child);
      else child.endBy('SIGKILL');
    }
    for (const socket of this.sockets ?? []) socket.close();
    this.sockets = undefined;
    this.start.ended?.();
    this.onExit?.(exitCode);
  }

  private forget(child: Process): void {
    const index = this.children.indexOf(child);
    if (index >= 0) this.children.splice(index, 1);
    const { deferred } = this;
    if (deferred === undefined || this.children.some((other) => !other.start.background)) return;
    this.deferred = undefined;
    this.waiting.soon(() => this.deliver(deferred));
  }

  own<S extends Closable>(socket: S): S {
    this.sockets ??= new Set();
    this.sockets.add(socket);
    return socket;
  }

  disown(socket: Closable): void {
    this.sockets?.delete(socket);
  }
}
