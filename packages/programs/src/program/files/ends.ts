// head and tail: the first and last lines or bytes; tail -f waits for more. Busybox 1.35.

import { type Operation, SECOND } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { type ParsedOptions, busyboxOptions } from '../../usage.js';
import { readFile, readFiles } from '../text/input.js';

interface Amount { readonly count: number; readonly fromOtherEnd: boolean; readonly bytes: boolean }

export function* head(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, oldStyle(argv), 'qv', 'nc');
  if (typeof parsed === 'number') return parsed;
  const amount = amountOf(sys, 'head', parsed, '-');
  if (amount === undefined) return 1;
  const { rest, flags } = parsed;
  const titles = (rest.length > 1 && !flags.has('q')) || flags.has('v');
  let exitCode = 0;
  let shown = 0;
  for (const name of rest.length === 0 ? ['-'] : rest) {
    const title = titles ? `${shown > 0 ? '\n' : ''}==> ${name === '-' ? 'standard input' : name} <==\n` : '';
    if (name === '-' && !amount.fromOtherEnd) {
      sys.stdout(title);
      yield* firstOfInput(sys, amount);
      shown++;
      continue;
    }
    const text = name === '-' ? yield* sys.readAll() : readFile(sys, name);
    if (typeof text === 'string') {
      sys.stdout(title + firstOf(text, amount));
      shown++;
    } else {
      sys.stderr(text.reason === 'Is a directory' ? `head: read error: ${text.reason}\n`
        : `head: ${name}: ${text.reason}\n`);
      exitCode = 1;
    }
  }
  return exitCode;
}

function firstOf(text: string, { count, fromOtherEnd, bytes }: Amount): string {
  const items = itemsOf(text, bytes);
  return (fromOtherEnd ? items.slice(0, count === 0 ? items.length : -count) : items.slice(0, count)).join('');
}

/** No more is read than is wanted: whoever writes on is told so. */
function* firstOfInput(sys: Sys, { count, bytes }: Amount): Operation<void> {
  for (let left = count; left > 0;) {
    if (bytes) {
      const text = yield* sys.readSome();
      if (text === undefined) return;
      sys.stdout(text.slice(0, left));
      left -= text.length;
    } else {
      const line = yield* sys.readLine();
      if (line === undefined) return;
      sys.stdout(`${line}\n`);
      left--;
    }
  }
}

export function* tail(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, oldStyle(argv), 'qvfF', 'ncs');
  if (typeof parsed === 'number') return parsed;
  const amount = amountOf(sys, 'tail', parsed, '+');
  if (amount === undefined) return 1;
  let exitCode = 0;
  const files = yield* readFiles(sys, parsed.rest, (name, reason) => {
    sys.stderr(reason === 'Is a directory' ? `tail: read error: ${reason}\n`
      : `tail: can't open '${name}': ${reason}\n`);
    exitCode = 1;
  });
  const titles = (parsed.rest.length > 1 && !parsed.flags.has('q')) || parsed.flags.has('v');
  files.forEach(({ name, text }, index) => {
    const title = name === '' || name === '-' ? 'standard input' : name;
    if (titles) sys.stdout(`${index === 0 ? '' : '\n'}==> ${title} <==\n`);
    const items = itemsOf(text, amount.bytes);
    const { count } = amount;
    sys.stdout((amount.fromOtherEnd ? items.slice(count > 0 ? count - 1 : 0)
      : items.slice(count === 0 ? items.length : -count)).join(''));
  });
  if (files.length === 0 && parsed.rest.length > 0) {
    sys.stderr('tail: no files\n');
    return 1;
  }
  const followed = files.filter(({ name }) => name !== '' && name !== '-');
  if ((parsed.flags.has('f') || parsed.flags.has('F')) && followed.length > 0) {
    yield* follow(sys, followed.map(({ name, text }) => ({ name, shown: text.length })), titles,
      Number(parsed.values.get('s') ?? 1));
  }
  return exitCode;
}

/** Looks once a second, for ever. */
function* follow(sys: Sys, files: { readonly name: string; shown: number }[], titles: boolean,
  seconds: number): Operation<void> {
  let last = files.at(-1)!;
  for (;;) {
    yield* sys.sleep(seconds * SECOND);
    for (const file of files) {
      const text = readFile(sys, file.name);
      if (typeof text !== 'string') continue;
      // Shorter than before: begun anew.
      const more = text.slice(text.length < file.shown ? 0 : file.shown);
      file.shown = text.length;
      if (more === '') continue;
      if (titles && file !== last) sys.stdout(`\n==> ${file.name} <==\n`);
      last = file;
      sys.stdout(more);
    }
  }
}

/** The old way: `head -3`. */
function oldStyle(argv: readonly string[]): string[] {
  return argv.map((word, index) => (index > 0 && /^-\d+$/.test(word) && !/^-[nc]$/.test(argv[index - 1]!)
    ? `-n${word.slice(1)}` : word));
}

/** `-n -5` of head and `-n +5` of tail count from the other end; `k` is 1024. */
function amountOf(sys: Sys, program: string, { values }: ParsedOptions, otherEnd: string): Amount | undefined {
  const amount = values.get('c') ?? values.get('n') ?? '10';
  const match = /^([-+]?)(\d+)([bkm]?)$/.exec(amount);
  if (match === null) {
    sys.stderr(`${program}: invalid number '${amount}'\n`);
    return undefined;
  }
  const unit = match[3] === 'b' ? 512 : match[3] === 'k' ? 1024 : match[3] === 'm' ? 1_048_576 : 1;
  return { count: Number(match[2]) * unit, fromOtherEnd: match[1] === otherEnd, bytes: values.has('c') };
}

function itemsOf(text: string, bytes: boolean): string[] {
  return text === '' ? [] : bytes ? [...text] : text.split(/(?<=\n)/);
}
