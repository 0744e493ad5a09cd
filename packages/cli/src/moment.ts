// Moments and spans of virtual time as they are typed.

import { NEVER, type SimTime, parseDuration } from '@netreel/sim';
import { EXIT, UserFault } from './fault.js';

/** `12.5s`, `2m`, or `end`. */
export function momentOf(text: string): SimTime {
  if (text === 'end') return NEVER;
  const at = parseDuration(text);
  if (at === undefined) throw new UserFault(EXIT.wrong,
    `${JSON.stringify(text)} is no moment; expected for example 12.5s, 2m or end`);
  return at;
}
