// What a program may do: the system calls of a small Linux, as values and waits. A program is a generator function over
// Sys; it never sees the kernel itself, the clock of the machine or another process' memory.

import type { FilterRow, LinkRow, NeighbourRow, NetnsRow, SocketRow } from '@netreel/kernel';
import type { Operation, RandomStream, SimTime } from '@netreel/sim';
import type { IcmpSocket, PacketSocket, TcpListener, TcpSocket, UdpSocket } from '@netreel/kernel';

/** `argv[0]` is the name it was called by. Ends with the exit status. */
export type Program = (sys: Sys, argv: readonly string[]) => Operation<number>;

export type Signal = 'SIGHUP' | 'SIGINT' | 'SIGQUIT' | 'SIGKILL' | 'SIGTERM' | 'SIGUSR1' | 'SIGUSR2' | 'SIGWINCH'
  | 'SIGPIPE' | 'SIGALRM' | 'SIGILL' | 'SIGTRAP' | 'SIGABRT' | 'SIGBUS' | 'SIGFPE' | 'SIGSEGV' | 'SIGSTKFLT' | 'SIGCHLD'
  | 'SIGCONT' | 'SIGSTOP' | 'SIGTSTP' | 'SIGTTIN' | 'SIGTTOU' | 'SIGURG' | 'SIGXCPU' | 'SIGXFSZ' | 'SIGVTALRM'
  | 'SIGPROF' | 'SIGPOLL' | 'SIGPWR' | 'SIGSYS';

export interface Sys {
  readonly pid: number;
  /** Changed by `sh` assignments and by `export`; a child gets a copy. */
  readonly env: Map<string, string>;
  readonly hostname: string;
  readonly now: () => SimTime;
  readonly random: RandomStream;
  readonly net: NetView;
  readonly files: FileTree;

  stdout(text: string): void;
  stderr(text: string): void;
  /** The next line of standard input without its newline; undefined at its end. Waits while a terminal is open and
   * silent. */
  readLine(from?: TextSource): Operation<string | undefined>;
  /** The same, but a caught signal ends the waiting. */
  readLineOrSignal(from?: TextSource): Operation<{ readonly line: string } | 'end' | 'signal'>;
  /** Whole standard input that was piped in. */
  readAll(from?: TextSource): Operation<string>;
  /** What there is to read, as soon as there is any; undefined at the end. */
  readSome(from?: TextSource): Operation<string | undefined>;

  sleep(ns: number): Operation<void>;
  /** Waits until one of the sockets can be read, `untilNs` (absolute) has come, or a caught signal arrived; true
   * when a socket is ready. */
  waitReadable(sockets: readonly { onReadable: (() => void) | undefined; readable(): boolean }[],
    until: SimTime): Operation<boolean>;

  udpSocket(): UdpSocket;
  icmpSocket(): IcmpSocket;
  tcpSocket(): TcpSocket;
  tcpListener(): TcpListener;
  /** Makes this process the owner of a connection that it accepted: it is closed with it. */
  own<S extends { close(): void }>(socket: S): S;
  /** It is closed, or somebody else's now. */
  disown(socket: { close(): void }): void;
  /** Sees the frames of one link of the namespace (by index), or of all of them (0). */
  packetSocket(link: number): PacketSocket;

  /** Absolute path of the working directory. */
  cwd: string;

  /** Signals that arrived and that this process catches. Without a catch SIGKILL, SIGTERM, SIGINT … end it with 128 +
    number
   * (pid 1 of a container, like Linux's, only heeds those it catches, and SIGKILL). */
  catchSignal(signal: Signal, handler: () => void): void;

  /** Runs another program and waits for its exit status, 127 when there is none of that name. `input` is its standard
   * input; output goes where this process' goes, or to `stdout` and `stderr`. */
  run(argv: readonly string[], options?: RunOptions): Operation<number>;
  /** Starts another program beside this one; undefined when there is none of that name. It ends with this process
   * at the latest. */
  spawn(argv: readonly string[], options?: RunOptions): Child | undefined;
  /** Starts `program` as a process of its own, as fork does: a subshell, a stage of a pipeline. */
  fork(program: Program, argv: readonly string[], options?: RunOptions): Child;
  /** Starts `program` as a daemon: without input and output, and it goes on when this process ends. Its pid. */
  detach(program: Program, argv: readonly string[]): number;
  /** Becomes another program: same pid, same files, no signal caught any more. 127 when there is none of that name. */
  exec(argv: readonly string[]): Operation<number>;
  /** Sends a signal to a process of the same namespace; false when there is no such process. */
  kill(pid: number, signal: Signal): boolean;
  /** All that run in its namespace, as `ps` shows them. */
  processes(): readonly ProcessRow[];
  /** The terminal it was started on, if any. */
  readonly terminal: TerminalView | undefined;
  /** Whether standard input (0), output (1) or error (2) is that terminal. */
  isTerminal(descriptor: 0 | 1 | 2): boolean;
  /** Whether `name` (a bare name or a path) can be run. */
  has(name: string): boolean;
  /** The file that `name` would run; undefined when there is none. */
  locate(name: string): string | undefined;
}

export interface RunOptions {
  readonly input?: string;
  /** Standard input as a stream; this process' own when neither it nor `input` is given. */
  readonly stdin?: TextSource;
  /** Answers false when nobody reads any more: the writer is ended by SIGPIPE. */
  readonly stdout?: (text: string) => void | boolean;
  readonly stderr?: (text: string) => void | boolean;
  readonly env?: ReadonlyMap<string, string>;
  /** Called when it has ended: closes the pipes that it held. */
  readonly ended?: (() => void) | undefined;
  /** Neither it nor what it starts gets the signals of the terminal's keys. */
  readonly background?: boolean;
  /** It goes on when this process ends, as long as its container does. */
  readonly lasting?: boolean;
}

/** What a process sees and sets of its terminal. */
export interface TerminalView {
  readonly rows: number;
  readonly columns: number;
  /** Whether what is typed is shown. */
  echo: boolean;
  /** Whether it is handed on line by line, after editing. */
  lineEditing: boolean;
}

/** A line of `ps`. */
export interface ProcessRow {
  readonly pid: number;
  readonly parentPid: number;
  readonly command: readonly string[];
  readonly startedAt: SimTime;
  /** S: sleeps, as everything here does between two moments; T: paused. */
  readonly state: 'S' | 'T';
}

/** A process that another one started. */
export interface Child {
  readonly pid: number;
  /** Its exit status, once it has one. */
  readonly exitCode: number | undefined;
  /** The signal that ended it, if one did. */
  readonly endedBy: Signal | undefined;
  wait(): Operation<number>;
  /** The same, but a caught signal ends the waiting: undefined. */
  waitOrSignal(): Operation<number | undefined>;
}

/** Text that arrives piece by piece. */
export interface TextSource {
  /** What is there: a whole line (without its newline), 'wait' while there may come more, undefined at the end. */
  takeLine(): { readonly line: string } | 'wait' | undefined;
  /** All that is there, once the other side has ended; 'wait' before. */
  takeAll(): string | 'wait';
  takeSome(): string | 'wait' | undefined;
  onReadable: (() => void) | undefined;
  /** Nobody will read here any more. */
  abandon(): void;
}

/** What `ip`, `ifconfig`, `route`, `arp`, `bridge` and /proc/net show of the process' namespace. */
export interface NetView {
  readonly netns: string;
  links(): readonly LinkRow[];
  /** Any link of the host by index: a veth's peer, a port's master. */
  link(index: number): LinkRow | undefined;
  counters(link: LinkRow): { readonly rxPackets: number; readonly rxBytes: number; readonly rxDropped: number;
    readonly txPackets: number; readonly txBytes: number; readonly txDropped: number };
  namespace(): NetnsRow;
  /** Whether interfaces that work have an IPv6 link-local address, as a host's have and a container's have not.
   * Default: no. */
  readonly linkLocal?: boolean;
  neighbours(link: LinkRow): readonly NeighbourRow[];
  sockets(): readonly SocketRow[];
  /** Rules of the namespace; undefined when it has none, or its owner is not shown them. */
  readonly filter?: (() => FilterRow | undefined) | undefined;
  /** `ip link set DEV up|down` and the like; undefined when done, else the kernel's refusal such as `Operation not
   * permitted`. */
  setLink(link: LinkRow, change: { readonly up?: boolean; readonly mtu?: number; readonly mac?: number }): string
    | undefined;
}

/** The small tree of files in a container or on a host. Paths are absolute. What changes it answers a refusal in
 * strerror(3)'s words, such as `Read-only file system`; undefined when it is done. */
export interface FileTree {
  /** Content of a file; undefined when there is none. A byte that is no part of UTF-8 stands as one code unit from
   * 0xdc80 to 0xdcff. */
  read(path: string): string | undefined;
  /** Writes or replaces a file. */
  write(path: string, content: string): string | undefined;
  /** Names in a directory, sorted; undefined when it is none. */
  list(path: string): readonly string[] | undefined;
  /** Undefined when there is nothing of that name. */
  stat(path: string): FileStat | undefined;
  makeFolder(path: string): string | undefined;
  /** Takes away a file or an empty directory. */
  remove(path: string): string | undefined;
  setMode(path: string, mode: number): string | undefined;
  /** What a symbolic link points to; undefined when the path is none. `remove` takes the link itself; everything else
   * follows it. */
  readLink(path: string): string | undefined;
  makeLink(path: string, target: string): string | undefined;
  /** Whether programs are files of this tree, as in an image; elsewhere all that there are can be run. */
  readonly holdsPrograms?: boolean;
}

export interface FileStat {
  readonly kind: 'file' | 'folder';
  /** Permission bits, such as 0o644. */
  readonly mode: number;
  readonly sizeBytes: number;
  readonly modifiedAt: SimTime;
}

/** A process to start. */
export interface ProcessSpec {
  /** What it runs when that is nothing that can be started by a name; `argv` is what `ps` shows then. */
  readonly program?: Program;
  readonly argv: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly netns: string;
  readonly hostname: string;
  readonly files: FileTree;
  /** First process of a container: unheeded signals do not end it. */
  readonly init: boolean;
  /** Standard input: closed at once, open for `ProcessTable.input` (docker run -i or -t), or this text. */
  readonly stdin: 'closed' | 'open' | { readonly text: string };
  /** Input, output and errors are one terminal: what is typed is echoed and edited, some keys are signals, and lines
   * end in CR LF on their way out. */
  readonly tty: boolean;
  /** Size of the terminal; 24 rows of 80 columns when absent. */
  readonly window?: { readonly rows: number; readonly columns: number };
  /** Processes of one name see and count each other from 1: a container's. Absent: the node's own. */
  readonly pidns?: string;
  /** Allowed to change devices (on a host; not in a container). */
  readonly privileged: boolean;
  /** Debian packages that its image has beside busybox: their programs take the place of busybox' own. */
  readonly packages?: readonly string[];
  /** Where it starts; `/` when absent. */
  readonly workdir?: string;
}

export interface ProcessIo {
  write(stream: 'stdout' | 'stderr', text: string): void;
  /** Called once; never from within `start` before it has returned. */
  ended(exitCode: number): void;
}

/** All processes of one node. */
export interface ProcessTable {
  /** The pid; or undefined when there is no such program (the caller says so in its own words). */
  start(spec: ProcessSpec, io: ProcessIo): number | undefined;
  signal(pid: number, signal: Signal): void;
  /** Something is typed at its terminal, or written into its open standard input. */
  input(pid: number, text: string): void;
  /** Whoever wrote into an open standard input has ended. A terminal stays open, as with Docker: Ctrl-D (\x04) is the
   * end of file there. */
  endInput(pid: number): void;
  /** The window of its terminal has another size. */
  resize(pid: number, rows: number, columns: number): void;
  /** What runs in a pid namespace, by the numbers that count there. */
  list(pidns: string | undefined): readonly ProcessRow[];
  /** SIGSTOP and SIGCONT of a container: a paused process does not go on until it is resumed. */
  pause(pid: number): void;
  resume(pid: number): void;
  /** Whether `name` (a bare name or a path) can be run, by an image with these packages. */
  has(name: string, packages?: readonly string[]): boolean;
}
