// Dates from whole numbers. A run begins at midnight of 2024-01-01 UTC.

import { SECOND, epochSeconds, type SimTime } from '@netreel/sim';

const DAY_SECONDS = 86_400;

/** Unix seconds of a moment of a run. */
export function unixSeconds(now: SimTime): number {
  return epochSeconds() + Math.floor(now / SECOND);
}

interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The Gregorian date of a day counted from 1970-01-01; years are counted from March so that leap days come last. */
function civilDate(day: number): CivilDate {
  const sinceEra = day + 719_468;
  const era = Math.floor(sinceEra / 146_097);
  const dayOfEra = sinceEra - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524)
    - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  };
}

/** Days from 1970-01-01 to a date. */
function dayNumber(date: CivilDate): number {
  const year = date.month <= 2 ? date.year - 1 : date.year;
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5) + date.day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100)
    + dayOfYear - 719_468;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `2024-01-01 00:00:05 +0000 UTC`: how Go prints a time. */
export function dateText(seconds: number): string {
  const day = Math.floor(seconds / DAY_SECONDS);
  const { year, month, day: dayOfMonth } = civilDate(day);
  const rest = seconds - day * DAY_SECONDS;
  const clock = `${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`;
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(dayOfMonth)} ${clock} +0000 UTC`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WEEKDAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];

/** `Mon Jan  1 00:00:00 2024`: how `docker version` prints a build time; undefined when the text is no time. */
export function buildTimeText(text: string): string | undefined {
  const moment = readDate(text);
  if (moment === undefined) return undefined;
  const day = Math.floor(moment.seconds / DAY_SECONDS);
  const { year, month, day: dayOfMonth } = civilDate(day);
  const clock = dateText(moment.seconds).slice(11, 19);
  return `${WEEKDAYS[((day % 7) + 7) % 7]} ${MONTHS[month - 1]} ${String(dayOfMonth).padStart(2)} ${clock} ${year}`;
}

export interface Moment {
  readonly seconds: number;
  /** Nine digits. */
  readonly fraction: string;
}

/** Which part of a text that looks like a date no calendar has; undefined when all is well or it is no date at all. */
export function dateFlaw(text: string): string | undefined {
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = match.slice(1, 4).map(Number) as [number, number, number];
  const [hour, minute, second] = match.slice(4, 7).map((part) => Number(part ?? 0)) as [number, number, number];
  if (month < 1 || month > 12) return 'month out of range';
  const next = month === 12 ? { year: year + 1, month: 1, day: 1 } : { year, month: month + 1, day: 1 };
  if (day < 1 || day > dayNumber(next) - dayNumber({ year, month, day: 1 })) return 'day out of range';
  if (hour > 23) return 'hour out of range';
  if (minute > 59) return 'minute out of range';
  return second > 59 ? 'second out of range' : undefined;
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?)?(Z|[+-]\d\d:\d\d)?$/;

/** RFC 3339 and what Docker takes for it: `2024-01-01`, `2024-01-01T12:30`, with or without a zone. */
export function readDate(text: string): Moment | undefined {
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  const days = dayNumber({ year: Number(year), month: Number(month), day: Number(day) });
  const offset = zone === 'Z' ? 0
    : (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(4)) * 60);
  const seconds = days * DAY_SECONDS + Number(hour) * 3600 + Number(minute) * 60 + Number(second) - offset;
  return { seconds, fraction: fraction.padEnd(9, '0') };
}
