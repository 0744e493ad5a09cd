// Moments in query parameters: `1704067200.5`, seconds since 1970 with a fraction.

import { SECOND, type SimTime } from '@netreel/sim';
import { epochSeconds } from '@netreel/sim';

/** Seconds beyond which virtual time cannot count. */
const FARTHEST_SECONDS = 9_000_000;

/** The moment; undefined when the parameter is not there; Go's complaint when it is no number. */
export function readMoment(text: string | undefined): SimTime | undefined | { readonly flaw: string } {
  if (text === undefined || text === '') return undefined;
  const dot = text.indexOf('.');
  const whole = dot < 0 ? text : text.slice(0, dot);
  const fraction = dot < 0 ? '0' : text.slice(dot + 1);
  for (const part of [whole, fraction]) {
    if (!/^[+-]?\d+$/.test(part)) return { flaw: `strconv.ParseInt: parsing ${JSON.stringify(part)}: invalid syntax` };
  }
  const seconds = Number(whole) - epochSeconds();
  const within = Math.min(Math.max(seconds, -FARTHEST_SECONDS), FARTHEST_SECONDS);
  // What lies beyond keeps its order, a nanosecond for each second.
  return within * SECOND + (seconds - within) + Number(fraction.replace(/^[+-]/, '').padEnd(9, '0').slice(0, 9));
}

/** Whether a moment could not be read. */
export function isFlaw(moment: ReturnType<typeof readMoment>): moment is { readonly flaw: string } {
  return typeof moment === 'object';
}
