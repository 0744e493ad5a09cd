// wc: lines, words and bytes. Columns of busybox 1.35.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { busyboxOptions } from '../../usage.js';
import { readFiles } from './input.js';

const COLUMN = 9;

export function* wc(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'cmlwL', '');
  if (typeof parsed === 'number') return parsed;
  let exitCode = 0;
  const files = yield* readFiles(sys, parsed.rest, (name, reason) => {
    sys.stderr(`wc: can't open '${name}': ${reason}\n`);
    exitCode = 1;
  });
  const asked = ['l', 'w', 'm', 'c', 'L'].filter((column) => parsed.flags.has(column));
  const columns = asked.length === 0 ? ['l', 'w', 'c'] : asked;
  const total = new Map<string, number>();
  const print = (counts: ReadonlyMap<string, number>, name: string): void => {
    // One number about standard input stands alone, without its column.
    const cells = columns.map((column) =>
      String(counts.get(column) ?? 0).padStart(columns.length === 1 && name === '' ? 0 : COLUMN));
    sys.stdout(`${cells.join(' ')}${name === '' ? '' : ` ${name}`}\n`);
  };
  for (const { name, text } of files) {
    const counts = count(text);
    for (const [column, number] of counts) total.set(column, (total.get(column) ?? 0) + number);
    print(counts, name);
  }
  if (parsed.rest.length > 1) print(total, 'total');
  return exitCode;
}

function count(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n');
  return new Map([
    ['l', lines.length - 1],
    ['w', text.split(/\s+/).filter((word) => word !== '').length],
    ['m', [...text].length],
    ['c', utf8Length(text)],
    ['L', lines.reduce((longest, line) => (line.length > longest ? line.length : longest), 0)],
  ]);
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const code = char.codePointAt(0)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
  }
  return bytes;
}
