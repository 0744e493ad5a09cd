// One process of a run: started, listened to, started again when it dies, ended by its id.

import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { SERVICE_EXIT } from '@netreel/runtime';

export interface ServiceEvents {
  /** A line on its standard output. */
  line(line: string): void;
  notice(notice: string): void;
  /** It ended of itself, its work done. */
  ended(): void;
  /** It was killed or crashed, and is about to be started again. */
  dying?(): void;
  /** It was killed or crashed, and is being started again. */
  died(): void;
  /** Starting it again would not help, or did not. */
  gaveUp(why: string): void;
}

const RESTARTS_MAX = 50;
const STOP_MS = 5_000;

export class ServiceProcess {
  private child: ChildProcess | undefined;
  private restarts = 0;
  private stopping = false;
  private lastWords = '';

  constructor(readonly name: string, private readonly file: string, private readonly environment: () => Record<string,
    string>,
    private readonly events: ServiceEvents) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    const child = spawn(process.execPath, ['--enable-source-maps', this.file], {
      stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...this.environment(), NETREEL_ENDS_WITH_INPUT: '1' },
    });
    this.child = child;
    this.lastWords = '';
    // Its standard input is our hand on it: it ends when we do, however we end.
    child.stdin!.on('error', () => undefined);
    createInterface({ input: child.stdout! })
      .on('line', (line) => { if (this.child === child) this.events.line(line); });
    child.stderr!.on('data',
      (chunk: Buffer) => { this.lastWords = (this.lastWords + chunk.toString()).slice(-2_000); });
    child.on('error', (error) => { this.lastWords = error.message; });
    child.on('close', (code, signal) => { if (this.child === child) this.closed(code, signal); });
  }

  /** A line on its standard input. */
  tell(line: string): void {
    this.child?.stdin?.write(`${line}\n`);
  }

  /** Kills it and starts it anew. */
  restart(): void {
    const old = this.child;
    this.child = undefined;
    if (old !== undefined && old.exitCode === null && old.signalCode === null) {
      old.once('close', () => this.start());
      old.kill('SIGKILL');
    } else {
      this.start();
    }
  }

  /** Ends it; by force when it does not go. */
  async stop(): Promise<void> {
    this.stopping = true;
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      child.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      child.stdin!.end();
      child.kill('SIGTERM');
    });
  }

  private closed(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.stopping) return;
    if (code === SERVICE_EXIT.ended) {
      this.events.ended();
      return;
    }
    const words = this.lastWords.trim().split('\n')[0] ?? '';
    if (signal === null && code !== null && code !== SERVICE_EXIT.failed) {
      this.events.gaveUp(words === '' ? `${this.name} ended with status ${code}` : words);
      return;
    }
    if (++this.restarts > RESTARTS_MAX) {
      this.events.gaveUp(`${this.name} died ${this.restarts} times, the last time with: ${words || signal || code}`);
      return;
    }
    this.events.notice(
      `${this.name} died (${signal ?? `status ${code}`}${words === '' ? '' : `: ${words}`}); ` +
        'it is started again and recovers from the journal');
    this.events.dying?.();
    this.start();
    this.events.died();
  }
}
