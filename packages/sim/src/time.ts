// Virtual time: whole nanoseconds since the start of the run, in a number. 2^53 ns are 104 days.

import { assert } from './assert.js';

/** Nanoseconds since the start of the run, a safe integer. */
export type SimTime = number;

/** Later than every moment of a run: "nothing is due". */
export const NEVER: SimTime = Number.MAX_SAFE_INTEGER;

export const MICROSECOND = 1_000;
export const MILLISECOND = 1_000_000;
export const SECOND = 1_000_000_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** Refuses a moment that is no whole number of nanoseconds within a run's span. */
export function assertTime(at: SimTime): void {
  if (Number.isSafeInteger(at) && at >= 0) return;
  assert(false, `virtual time must be a whole number of nanoseconds from 0: ${at}`);
}

/**
 * Nanoseconds that `sizeBytes` take on a line of `bitsPerSecond`, rounded up once (a frame is never faster than its
 * line).
 */
export function serialisationNs(sizeBytes: number, bitsPerSecond: number): number {
  if (bitsPerSecond === 0) return 0;
  return Math.ceil((sizeBytes * 8 * SECOND) / bitsPerSecond);
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ['ns', 1], ['us', MICROSECOND], ['µs', MICROSECOND], ['ms', MILLISECOND], ['s', SECOND], ['m', MINUTE], ['h', HOUR],
]);

/** `200us`, `1.5s`, `2m30s` as nanoseconds; undefined when the text is no duration (a bare `0` is one). */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const part = /(\d+)(?:\.(\d{1,9}))?(ns|us|µs|ms|s|m|h)/y;
  let totalNs = 0;
  while (part.lastIndex < text.length) {
    const match = part.exec(text);
    if (match === null) return undefined;
    const unitNs = UNITS.get(match[3]!)!;
    const fraction = match[2] ?? '';
    totalNs += Number(match[1]) * unitNs + Math.floor((Number(fraction.padEnd(9, '0')) * unitNs) / SECOND);
  }
  return text.length > 0 && Number.isSafeInteger(totalNs) ? totalNs : undefined;
}

/** A moment as people read it: `1.000200s`, to the microsecond, to the nanosecond where it matters. */
export function formatTime(at: SimTime): string {
  if (at === NEVER) return 'never';
  const seconds = Math.floor(at / SECOND);
  const rest = String(at % SECOND).padStart(9, '0');
  return `${seconds}.${rest.endsWith('000') ? rest.slice(0, 6) : rest}s`;
}
