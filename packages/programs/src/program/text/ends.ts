// head and tail: the first and last lines or bytes. Text of busybox 1.35.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { parseOptions, usage } from '../../usage.js';
import { readFiles } from './input.js';

export function* head(sys: Sys, argv: readonly string[]): Operation<number> {
  return yield* part(sys, argv, (name, reason) => `head: ${name}: ${reason}\n`, (items, count, fromEnd) =>
    (fromEnd ? items.slice(0, count === 0 ? items.length : -count) : items.slice(0, count)));
}

export function* tail(sys: Sys, argv: readonly string[]): Operation<number> {
  return yield* part(sys, argv, (name, reason) => `tail: can't open '${name}': ${reason}\n`,
    (items, count, fromStart) =>
    (fromStart ? items.slice(count > 0 ? count - 1 : 0) : items.slice(count === 0 ? items.length : -count)));
}

/** `-n -5` of head and `-n +5` of tail count from the other end. */
type Cut = (items: readonly string[], count: number, other: boolean) => readonly string[];

function* part(sys: Sys, argv: readonly string[], complaint: (name: string, reason: string) => string,
  cut: Cut): Operation<number> {
  // The old way: `head -3`.
  const words = argv.map((word, index) => (index > 0 && /^-\d+$/.test(word) ? `-n${word.slice(1)}` : word));
  const parsed = parseOptions(words, 'qvf', 'nc');
  if (typeof parsed === 'string') {
    sys.stderr(`${argv[0]!}: ${parsed}\n`);
    return usage(sys, `${argv[0]!} [OPTIONS] [FILE]...`);
  }
  const bytes = parsed.values.get('c');
  const amount = bytes ?? parsed.values.get('n') ?? '10';
  const match = /^([-+]?)(\d+)$/.exec(amount);
  if (match === null) {
    sys.stderr(`${argv[0]!}: invalid number '${amount}'\n`);
    return 1;
  }
  const other = match[1] === (argv[0]!.endsWith('head') ? '-' : '+');
  let exitCode = 0;
  const files = yield* readFiles(sys, parsed.rest, (name, reason) => {
    sys.stderr(complaint(name, reason));
    exitCode = 1;
  });
  const titles = (parsed.rest.length > 1 && !parsed.flags.has('q')) || parsed.flags.has('v');
  files.forEach(({ name, text }, index) => {
    const title = name === '' || name === '-' ? 'standard input' : name;
    if (titles) sys.stdout(`${index === 0 ? '' : '\n'}==> ${title} <==\n`);
    const items = bytes === undefined ? text.split(/(?<=\n)/) : [...text];
    sys.stdout(cut(text === '' ? [] : items, Number(match[2]), other).join(''));
  });
  if (files.length === 0 && parsed.rest.length > 0 && argv[0]!.endsWith('tail')) sys.stderr('tail: no files\n');
  return exitCode;
}
