// The `until` filter of prunes: things made after that moment stay.

import { parseDuration, type SimTime } from '@netreel/sim';
import { failure } from './answer.js';
import type { Filters } from './filters.js';
import type { ApiAnswer } from './http.js';
import { isFlaw, readMoment } from './notice/moment.js';
import { secondsOfDate } from './time.js';

/** The moment; undefined without the filter. */
export function untilOf(filters: Filters, now: SimTime): SimTime | undefined | ApiAnswer {
  const [text, ...more] = filters.of('until');
  if (text === undefined) return undefined;
  if (more.length > 0) return failure(500, 'more than one until filter specified');
  const back = parseDuration(text);
  if (back !== undefined) return now - back;
  const moment = readMoment(String(secondsOfDate(text) ?? text));
  return isFlaw(moment) || moment === undefined
    ? failure(500, `failed to parse value as time or duration: ${JSON.stringify(text)}`) : moment;
}
