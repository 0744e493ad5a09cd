// Virtual time as a date, from 2024-01-01T00:00:00Z on, a Monday.

import { SECOND, epochSeconds, type SimTime } from '@netreel/sim';

const FIRST_YEAR = 2024;
const DAY_SECONDS = 86_400;
/** Seconds from 1970 to the beginning of that year: no date before it is known here. */
const FIRST_SECONDS = 1_704_067_200;
export const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
export const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export interface Calendar {
  readonly year: number;
  /** From 0. */
  readonly month: number;
  /** From 1. */
  readonly day: number;
  /** From 0, Monday. */
  readonly weekday: number;
  readonly dayOfYear: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly unixSeconds: number;
}

export function calendarAt(at: SimTime): Calendar {
  return calendarOf(Math.floor(at / SECOND) + epochSeconds());
}

/** Of a number of seconds since 1970, not before 2024. */
export function calendarOf(unixSeconds: number): Calendar {
  const seconds = unixSeconds - FIRST_SECONDS;
  const days = Math.floor(seconds / DAY_SECONDS);
  let day = days;
  let year = FIRST_YEAR;
  let month = 0;
  let dayOfYear = days;
  while (day >= daysOf(year, month)) {
    day -= daysOf(year, month);
    month = (month + 1) % 12;
    if (month > 0) continue;
    year++;
    dayOfYear = day;
  }
  return { year, month, day: day + 1, weekday: days % 7, dayOfYear: dayOfYear + 1, unixSeconds,
    hour: Math.floor(seconds / 3600) % 24, minute: Math.floor(seconds / 60) % 60, second: seconds % 60 };
}

export function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** `00:00:01`. */
export function clockText({ hour, minute, second }: Calendar): string {
  return [hour, minute, second].map(twoDigits).join(':');
}

/** `Mon, 01 Jan 2024 00:00:01 GMT` (RFC 9110 section 5.6.7). */
export function httpDate(at: SimTime): string {
  const date = calendarAt(at);
  return `${DAYS[date.weekday]!}, ${twoDigits(date.day)} ${MONTHS[date.month]!} ${date.year} ${clockText(date)} GMT`;
}

function daysOf(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return MONTH_DAYS[month]! + (month === 1 && leap ? 1 : 0);
}
