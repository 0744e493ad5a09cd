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

/** A line as it came: the last one of a file may lack its newline. */
export interface Line { readonly text: string; readonly whole: boolean; readonly file: string }

/** Hands on line by line as they come, so that a slow writer's are seen at once. `take` answers false to read no more
 * of all files. `fromInput` begins with what is left of standard input. */
export function* eachLine(sys: Sys, names: readonly string[], complain: (name: string, reason: string) => void,
  take: (line: Line, last: () => boolean) => boolean | void): Operation<void> {
  const sources = names.length === 0 ? ['-'] : names;
  for (const [place, name] of sources.entries()) {
    const final = place === sources.length - 1;
    if (name === '-') {
      if (!(yield* eachLineOfInput(sys, final, take))) return;
      continue;
    }
    const text = readFile(sys, name);
    if (typeof text !== 'string') {
      complain(name, text.reason);
      continue;
    }
    const lines = linesOf(text);
    for (const [index, line] of lines.entries()) {
      const isLast = index === lines.length - 1;
      if (take({ text: line, whole: !isLast || text.endsWith('\n'), file: name }, () => final && isLast) === false)
        return;
    }
  }
}

/** One line is kept back until it is known whether another one follows. */
function* eachLineOfInput(sys: Sys, final: boolean, take: (line: Line, last: () => boolean) => boolean | void):
  Operation<boolean> {
  let rest = '';
  for (let text = yield* sys.readSome(); text !== undefined; text = yield* sys.readSome()) {
    const pieces = (rest + text).split('\n');
    rest = pieces.pop()!;
    for (const piece of pieces) {
      if (take({ text: piece, whole: true, file: '-' }, () => false) === false) return false;
    }
  }
  return rest === '' || take({ text: rest, whole: false, file: '-' }, () => final) !== false;
}
