// Commits for journal tests: bytes that tell which they are. A journal does not look into them.

import type { Journal, RunManifest, StoredCommit, CommitBytes } from '../src/index.js';

export const manifest = (run: string, createdAt = '2026-01-02T03:04:05.000Z'): RunManifest => ({
  run, name: 'two hosts, one overlay', createdAt, codeVersion: '0.1.0', schemaVersion: 'v1', nodeVersion: '20',
  lab: { nodes: ['host1', 'host2'] }, scenario: 'name: x\nhosts: { host1: {} }\n', seed: 7, mode: 'embedded',
});

/** The moment at which commit `number` starts; every other one starts together with its predecessor. */
export const startOf = (number: number): number => Math.floor(number / 2) * 200_000;

export function commit(number: number, content = 'x'): CommitBytes {
  return { number, from: startOf(number), bytes: Buffer.from(`${content} ${number}`.padEnd(20 + (number % 7), '.')) };
}

/** Commits `first` to `last`. */
export function commits(first: number, last: number, content = 'x'): CommitBytes[] {
  return Array.from({ length: last - first + 1 }, (_, index) => commit(first + index, content));
}

export async function readAll(journal: Journal, run: string, node: string, options = {}): Promise<StoredCommit[]> {
  const found: StoredCommit[] = [];
  for await (const stored of journal.read(run, node, options)) found.push(stored);
  return found;
}

export async function numbers(journal: Journal, run: string, node: string, options = {}): Promise<number[]> {
  return (await readAll(journal, run, node, options)).map((stored) => stored.number);
}
