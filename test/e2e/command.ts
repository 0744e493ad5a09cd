// The netreel command as people start it: a process of its own, with a folder of its own for what it records.

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const ROOT = join(__dirname, '..', '..');
export const TOUR = join(ROOT, 'tour.yaml');
export const SCENARIOS = join(ROOT, 'test', 'scenarios');

/** The scenario files of tests. */
export function scenarioNames(): string[] {
  return readdirSync(SCENARIOS).filter((name) => name.endsWith('.yaml')).sort();
}

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** NETREEL_HOME. */
  readonly home: string;
  /** Of Node itself, before the script. */
  readonly nodeFlags?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Another checkout. */
  readonly root?: string;
  /** What is typed on its standard input. */
  readonly input?: string;
}

/** Runs `netreel WORDS` to its end. */
export function netreel(words: readonly string[], options: CommandOptions): Promise<Ended> {
  const { home, nodeFlags = [], environment = {}, root = ROOT, input = '' } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...nodeFlags, join(root, 'netreel'), ...words],
      { env: { ...process.env, ...environment, NETREEL_HOME: home }, stdio: ['pipe', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => { stdout += chunk.toString(); });
    child.stderr.on('data', (chunk: Buffer) => { stderr += chunk.toString(); });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}

/** A folder that is gone after the tests of a file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'netreel-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The object on the last line of `--json`. */
export function lastObject<T = Readonly<Record<string, unknown>>>(ended: Ended): T {
  const line = ended.stdout.trimEnd().split('\n').pop() ?? '';
  return JSON.parse(line) as T;
}

/** The hash that a scenario's run printed; what it said instead when it did not. */
export async function historyOf(file: string, options: CommandOptions): Promise<string> {
  const ended = await netreel(['run', file, '--json'], options);
  if (ended.status !== 0) return `status ${ended.status}: ${ended.stderr}`;
  return lastObject<{ history: string }>(ended).history;
}
