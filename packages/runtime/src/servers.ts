// Redis and NATS servers of our own: found, started on a free loopback port with a folder of their own, ended by their
// process id. What is missing is a value, since a lab can do without.

import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { wallClock } from './clock.js';

export type ServerKind = 'redis' | 'nats';

export interface ServerOptions {
  /** Where the server keeps what it has, and its log. Made if it is not there. */
  readonly dataDir: string;
  /** When Redis brings what it was told to the disk; `always`: before it answers. */
  readonly fsync?: 'always' | 'everysec';
  /** A port of one's own choice, for a server that comes back; else a free one. */
  readonly port?: number;
  /** More of the server's own arguments. */
  readonly extraArguments?: readonly string[];
}

export interface RunningServer {
  readonly url: string;
  readonly pid: number;
  readonly port: number;
  /** Ends the server in good order; by force when it does not go within a few seconds. Resolves when it is gone. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

export type ServerStart =
  | { readonly ok: true; readonly server: RunningServer }
  | { readonly ok: false; readonly reason: 'missing' | 'failed'; readonly message: string };

/** A server's program and what it needs around it. */
export interface ServerProgram {
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
}

const START_MS = 10_000;
const STOP_MS = 5_000;
const ATTEMPTS = 4;
/** The project's folder of unpacked servers, seen from this package's `src` or `dist`. */
const UNPACKED = join(__dirname, '..', '..', '..', '.netreel', 'servers', 'usr');

function runnable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function libraryFolders(): string {
  const base = join(UNPACKED, 'lib');
  if (!existsSync(base)) return '';
  return [base, ...readdirSync(base).filter((name) => name.includes('-linux-')).map((name) =>
    join(base, name))].join(':');
}

/**
 * The program of a server: named by NETREEL_REDIS_SERVER or NETREEL_NATS_SERVER, else the project's own, else the
 * system's.
 */
export function findServer(kind: ServerKind): ServerProgram | undefined {
  const named = process.env[`NETREEL_${kind.toUpperCase()}_SERVER`];
  if (named !== undefined && named !== '') return runnable(named) ? { file: named, environment: {} } : undefined;
  const name = `${kind}-server`;
  for (const folder of ['bin', 'sbin']) {
    const file = join(UNPACKED, folder, name);
    if (runnable(file)) return { file, environment: { LD_LIBRARY_PATH: libraryFolders() } };
  }
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    if (folder !== '' && runnable(join(folder, name))) return { file: join(folder, name), environment: {} };
  }
  return undefined;
}

/** Starts a server and waits until it answers. */
export async function startServer(kind: ServerKind, options: ServerOptions): Promise<ServerStart> {
  const program = findServer(kind);
  if (program === undefined) return { ok: false, reason: 'missing',
    message: `there is no ${kind}-server on this machine` };
  mkdirSync(options.dataDir, { recursive: true });
  let message = '';
  // Between looking for a free port and taking it, somebody else may have taken it.
  for (let attempt = 0; attempt < (options.port === undefined ? ATTEMPTS : 1); attempt++) {
    const port = options.port ?? await freePort();
    const outcome = await startOn(kind, program, options, port);
    if (typeof outcome !== 'string') return { ok: true, server: outcome };
    message = outcome;
  }
  return { ok: false, reason: 'failed', message };
}

function serverArguments(kind: ServerKind, { dataDir, fsync = 'everysec', extraArguments = [] }: ServerOptions,
  port: number, name: string): string[] {
  const own = kind === 'redis'
    ? ['--bind', '127.0.0.1', '--port', String(port), '--dir', dataDir, '--appendonly', 'yes', '--appendfsync', fsync,
      '--save', '', '--daemonize', 'no', '--logfile', join(dataDir, 'redis.log')]
    : ['--addr', '127.0.0.1', '--port', String(port), '--name', name, '--log', join(dataDir, 'nats.log')];
  return [...own, ...extraArguments];
}

/** Servers started by this process: a part of each one's name. */
let started = 0;

async function startOn(kind: ServerKind, program: ServerProgram, options: ServerOptions,
  port: number): Promise<RunningServer | string> {
  const name = `netreel-${process.pid}-${++started}`;
  const [file, ...words] = [...endsWithParent(), program.file, ...serverArguments(kind, options, port, name)];
  const child = spawn(file!, words, {
    stdio: 'ignore', env: { ...process.env, ...program.environment }, cwd: options.dataDir,
  });
  const gone = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) =>
      resolve(`${kind}-server ended with ${signal ?? `code ${code}`}; see its log in ${options.dataDir}`));
  });
  let end: string | undefined;
  void gone.then((message) => { end = message; });
  const wanted = proofs(kind, name, child.pid);
  const deadlineMs = wallClock.nowMs() + START_MS;
  while (end === undefined && wallClock.nowMs() < deadlineMs) {
    if (await answers(kind, port, wanted)) {
      if (end !== undefined) break;
      return running(kind, child, port, gone);
    }
    await wallClock.sleep(20);
  }
  child.kill('SIGKILL');
  return end ?? `${kind}-server does not answer on port ${port}`;
}

/**
 * On Linux the kernel itself ends a server whose starter is gone, however it went (prctl(2), PR_SET_PDEATHSIG); setpriv
 * of util-linux asks for it and becomes the server.
 */
function endsWithParent(): readonly string[] {
  if (process.platform !== 'linux') return [];
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find(runnable);
  return setpriv === undefined ? [] : [setpriv, '--pdeathsig', 'KILL', '--'];
}

function running(kind: ServerKind, child: ChildProcess, port: number, gone: Promise<string>): RunningServer {
  // A process that ends without having stopped its servers must not leave them behind.
  const endWithUs = (): void => { child.kill('SIGKILL'); };
  process.once('exit', endWithUs);
  void gone.then(() => process.removeListener('exit', endWithUs));
  return {
    url: `${kind}://127.0.0.1:${port}`, pid: child.pid!, port,
    stop: async () => {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await gone;
      clearTimeout(late);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}


/** What our own server says once it serves: somebody else's, already there on the port, says something else. */
function proofs(kind: ServerKind, name: string, pid: number | undefined): readonly string[] {
  return kind === 'redis' ? ['+PONG', `process_id:${pid}\r\n`] : ['INFO ', `"server_name":"${name}"`];
}

/** Whether our server answers: NATS greets by itself, Redis answers PING once its data are loaded. */
function answers(kind: ServerKind, port: number, wanted: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let heard = '';
    const end = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(500, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    if (kind === 'redis') socket.once('connect', () => socket.write('PING\r\nINFO server\r\n'));
    socket.on('data', (data: Buffer) => {
      heard += data.toString('latin1');
      if (wanted.every((proof) => heard.includes(proof))) end(true);
    });
  });
}
