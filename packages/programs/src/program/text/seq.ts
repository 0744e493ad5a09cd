// seq: numbers in a row. Busybox 1.35.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { busyboxOptions, usage } from '../../usage.js';

export function* seq(sys: Sys, argv: readonly string[]): Operation<number> {
  // A negative number is no option.
  const cut = argv.findIndex((word, place) => place > 0 && /^-?\.?\d/.test(word) && argv[place - 1] !== '-s');
  const parsed = busyboxOptions(sys, cut < 0 ? argv : argv.slice(0, cut), 'w', 's');
  if (typeof parsed === 'number') return parsed;
  const words = cut < 0 ? parsed.rest : argv.slice(cut);
  const numeric = words.every((word) => /^[-+]?(?:\d+\.?\d*|\.\d+)$/.test(word));
  if (words.length < 1 || words.length > 3 || !numeric) return usage(sys, 'seq');
  const digits = words.reduce((most, word) => {
    const places = (word.split('.')[1] ?? '').length;
    return places > most ? places : most;
  }, 0);
  // Counted in the smallest unit that is written, so that nothing is rounded.
  const units = (word: string): number => Number(`${Number(word).toFixed(digits).replace('.', '')}`);
  const first = words.length > 1 ? units(words[0]!) : units('1');
  const step = words.length > 2 ? units(words[1]!) : units('1');
  const last = units(words.at(-1)!);
  const numbers: string[] = [];
  for (let at = first; step !== 0 && (step > 0 ? at <= last : at >= last); at += step)
    numbers.push(written(at, digits));
  const width = parsed.flags.has('w')
    ? numbers.reduce((most, text) => (text.length > most ? text.length : most), 0) : 0;
  const padded = numbers.map((text) => (text.startsWith('-') ? `-${text.slice(1).padStart(width - 1, '0')}`
    : text.padStart(width, '0')));
  if (numbers.length > 0) sys.stdout(`${padded.join(parsed.values.get('s') ?? '\n')}\n`);
  return 0;
}

function written(units: number, digits: number): string {
  if (digits === 0) return String(units);
  const text = String(units < 0 ? -units : units).padStart(digits + 1, '0');
  return `${units < 0 ? '-' : ''}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
