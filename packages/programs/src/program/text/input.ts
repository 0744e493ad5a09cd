// What the programs that read files have in common: files by name, `-` or nothing for standard input.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { absolutePath } from '../../files.js';

export interface TextFile { readonly name: string; readonly text: string }

/** The files that could be read; `complain` says the words for one that could not. */
export function* readFiles(sys: Sys, names: readonly string[], complain: (name: string, reason: string) =>
  void): Operation<TextFile[]> {
  if (names.length === 0) return [{ name: '', text: yield* sys.readAll() }];
  const files: TextFile[] = [];
  for (const name of names) {
    if (name === '-') {
      files.push({ name, text: yield* sys.readAll() });
      continue;
    }
    const text = readFile(sys, name);
    if (typeof text === 'string') files.push({ name, text });
    else complain(name, text.reason);
  }
  return files;
}

export function readFile(sys: Sys, name: string): string | { readonly reason: string } {
  const path = absolutePath(sys.cwd, name);
  const text = sys.files.read(path);
  if (text !== undefined) return text;
  return { reason: sys.files.list(path) === undefined ? 'No such file or directory' : 'Is a directory' };
}

/** Lines without their newlines; a last one without newline counts too. */
export function linesOf(text: string): string[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}
