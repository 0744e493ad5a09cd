// seq: whole numbers in a row.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { usage } from '../../usage.js';

export function* seq(sys: Sys, argv: readonly string[]): Operation<number> {
  let separator = '\n';
  let pad = false;
  let at = 1;
  for (; /^-[ws]/.test(argv[at] ?? ''); at++) {
    const word = argv[at]!;
    if (word === '-w') pad = true;
    else separator = word.length > 2 ? word.slice(2) : argv[++at] ?? '';
  }
  const words = argv.slice(at);
  if (words.length < 1 || words.length > 3) return usage(sys, 'seq [-w] [-s SEP] [FIRST [INC]] LAST');
  for (const word of words) {
    if (/^[-+]?\d+$/.test(word)) continue;
    sys.stderr(`seq: invalid number '${word}'\n`);
    return 1;
  }
  const first = words.length > 1 ? Number(words[0]) : 1;
  const step = words.length > 2 ? Number(words[1]) : 1;
  const last = Number(words[words.length - 1]);
  const numbers: string[] = [];
  if (step !== 0) for (let number = first; step > 0 ? number <= last : number >= last;
    number += step) numbers.push(String(number));
  const width = pad ? numbers.reduce((most, text) => (text.length > most ? text.length : most), 0) : 0;
  if (numbers.length > 0) sys.stdout(`${numbers.map((text) => text.padStart(width, '0')).join(separator)}\n`);
  return 0;
}
