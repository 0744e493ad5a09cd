// The moment of a request as web servers write it down.

import type { SimTime } from '@netreel/sim';
import { MONTHS, calendarAt, clockText, twoDigits } from '../../calendar.js';

/** `01/Jan/2024:00:00:01 +0000`. */
export function logTime(at: SimTime): string {
  const date = calendarAt(at);
  return `${twoDigits(date.day)}/${MONTHS[date.month]!}/${date.year}:${clockText(date)} +0000`;
}
