// tac, rev, nl, paste, fold and base64: small programs over whole texts. Busybox 1.35.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { TextReader, bytesOf } from '../stream/text-bytes.js';
import { type ParsedOptions, busyboxOptions } from '../../usage.js';
import { type TextFile, linesOf, readFiles } from './input.js';

/** Reads the files, hands them on, and says which were missing. */
function* over(sys: Sys, argv: readonly string[], plain: string, valued: string,
  print: (files: readonly TextFile[], parsed: ParsedOptions) => string): Operation<number> {
  const parsed = busyboxOptions(sys, argv, plain, valued);
  if (typeof parsed === 'number') return parsed;
  let exitCode = 0;
  const files = yield* readFiles(sys, parsed.rest, (name, reason) => {
    sys.stderr(`${argv[0]!}: ${name}: ${reason}\n`);
    exitCode = 1;
  });
  sys.stdout(print(files, parsed));
  return exitCode;
}

function terminated(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function allLines(files: readonly TextFile[]): string[] {
  return files.flatMap(({ text }) => linesOf(text));
}

export function* tac(sys: Sys, argv: readonly string[]): Operation<number> {
  return yield* over(sys, argv, '', '', (files) =>
    files.map(({ text }) => terminated(linesOf(text).reverse())).join(''));
}

export function* rev(sys: Sys, argv: readonly string[]): Operation<number> {
  return yield* over(sys, argv, '', '', (files) => terminated(allLines(files).map((line) =>
    [...line].reverse().join(''))));
}

export function* nl(sys: Sys, argv: readonly string[]): Operation<number> {
  return yield* over(sys, argv, 'p', 'bivws', (files, { values }) => {
    let number = Number(values.get('v') ?? 1) - 1;
    const width = Number(values.get('w') ?? 6);
    return terminated(allLines(files).map((line) => (line === '' && values.get('b') !== 'a' ? ' '.repeat(width + 1)
      : `${String(number += Number(values.get('i') ?? 1)).padStart(width)}${values.get('s') ?? '\t'}${line}`)));
  });
}

export function* paste(sys: Sys, argv: readonly string[]): Operation<number> {
  return yield* over(sys, argv, 's', 'd', (files, { flags, values }) => {
    const marks = [...(values.get('d') ?? '\t').replaceAll('\\t', '\t').replaceAll('\\n', '\n')];
    const joinedUp = (cells: readonly string[]): string => cells.map((cell, place) =>
      (place === 0 ? cell : `${marks[(place - 1) % marks.length] ?? ''}${cell}`)).join('');
    if (flags.has('s')) return terminated(files.map(({ text }) => joinedUp(linesOf(text))));
    const columns = files.map(({ text }) => linesOf(text));
    const longest = columns.reduce((most, column) => (column.length > most ? column.length : most), 0);
    return terminated(Array.from({ length: longest },
      (_row, row) => joinedUp(columns.map((column) => column[row] ?? ''))));
  });
}

export function* fold(sys: Sys, argv: readonly string[]): Operation<number> {
  return yield* over(sys, argv, 'bs', 'w', (files, { values }) => {
    const width = Number(values.get('w') ?? 80);
    return files.map(({ text }) => text.replace(new RegExp(`([^\\n]{${width}})(?=[^\\n])`, 'g'), '$1\n')).join('');
  });
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function* base64(sys: Sys, argv: readonly string[]): Operation<number> {
  let wrong = false;
  const exitCode = yield* over(sys, argv, 'd', 'w', (files, { flags, values }) => {
    const text = files.map((file) => file.text).join('');
    if (!flags.has('d')) {
      const width = Number(values.get('w') ?? 76);
      const digits = encodeBase64(bytesOf(text));
      return width === 0 ? digits : terminated(digits.match(new RegExp(`.{1,${width}}`, 'g')) ?? []);
    }
    const bytes = decodeBase64(text.replace(/\s/g, ''));
    if (bytes !== undefined) return new TextReader().read(bytes);
    wrong = true;
    return '';
  });
  if (!wrong) return exitCode;
  sys.stderr('base64: truncated input\n');
  return 1;
}

export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text += [18, 12, 6,
      0].map((shift, place) => (at + place > bytes.length ? '=' : DIGITS[(group >> shift) & 63]!)).join('');
  }
  return text;
}

function decodeBase64(text: string): Uint8Array | undefined {
  const plain = text.replace(/=+$/, '');
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const char of plain) {
    const digit = DIGITS.indexOf(char);
    if (digit < 0) return undefined;
    held = ((held << 6) | digit) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 255);
  }
  return bits === 6 ? undefined : Uint8Array.from(bytes);
}
