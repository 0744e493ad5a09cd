import { parseDuration, SECOND, type SimTime } from '@netreel/sim';
import { readDate, unixSeconds } from './calendar.js';

/**
 * A moment as the API takes it: `42m` counts back from now, a date is UTC, Unix seconds stay; undefined for the rest.
 */
export function momentQuery(text: string, now: SimTime): string | undefined {
  if (/^-?\d+(\.\d+)?$/.test(text)) return text;
  const back = parseDuration(text.replace(/^-/, ''));
  if (back !== undefined) {
    const ago = text.startsWith('-') ? -back : back;
    return String(unixSeconds(now) - Math.floor(ago / SECOND));
  }
  const date = readDate(text);
  return date === undefined ? undefined : `${date.seconds}.${date.fraction}`;
}
