// The moment of a request as web servers write it down. Every run starts at 2024-01-01T00:00:00Z.

import { SECOND, type SimTime } from '@netreel/sim';

const FIRST_YEAR = 2024;
const DAY_SECONDS = 86_400;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** `01/Jan/2024:00:00:01 +0000`. */
export function logTime(at: SimTime): string {
  const seconds = Math.floor(at / SECOND);
  let day = Math.floor(seconds / DAY_SECONDS);
  let year = FIRST_YEAR;
  let month = 0;
  while (day >= daysOf(year, month)) {
    day -= daysOf(year, month);
    month = (month + 1) % 12;
    if (month === 0) year++;
  }
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60].map(twoDigits).join(':');
  return `${twoDigits(day + 1)}/${MONTHS[month]!}/${year}:${clock} +0000`;
}

function daysOf(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return MONTH_DAYS[month]! + (month === 1 && leap ? 1 : 0);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
