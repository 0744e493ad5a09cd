// Virtual time as Docker's clients expect to read it: dates counted from a fixed start, by whole numbers alone.

import { SECOND, epochSeconds, type SimTime } from '@netreel/sim';

/** What stands for "never". */
export const ZERO_TIME = '0001-01-01T00:00:00Z';

const DAY_SECONDS = 86_400;

/** Seconds since 1970. */
export function unixSeconds(at: SimTime): number {
  return epochSeconds() + Math.floor(at / SECOND);
}

/** Nanoseconds since 1970, as text: no number here holds as many digits. */
export function unixNanoseconds(at: SimTime): string {
  return `${unixSeconds(at)}${padded(at % SECOND, 9)}`;
}

/** RFC 3339 with as many digits of the second as matter. */
export function rfc3339(at: SimTime | undefined): string {
  if (at === undefined) return ZERO_TIME;
  const seconds = unixSeconds(at);
  const days = Math.floor(seconds / DAY_SECONDS);
  const { year, month, day } = civil(days);
  const rest = seconds - days * DAY_SECONDS;
  const clock = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60, rest % 60].map((part) => padded(part,
    2)).join(':');
  const fraction = padded(at % SECOND, 9).replace(/0+$/, '');
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}T${clock}${fraction === '' ? '' : `.${fraction}`}Z`;
}

/** RFC 3339 with all nine digits of the second, as logs print it. */
export function rfc3339Fixed(at: SimTime): string {
  return `${rfc3339(at - at % SECOND).slice(0, -1)}.${padded(at % SECOND, 9)}Z`;
}

/** Seconds since 1970 of a date in RFC 3339; 0 when it is none. */
export function secondsOf(date: string): number {
  return secondsOfDate(date) ?? 0;
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}

/** Day, month and year of a day counted from 1970-01-01, by eras of 400 years that begin on 1 March. */
function civil(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) -
    Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1 };
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(?:\.\d+)?)?)?)?(Z|[+-]\d\d:\d\d)?$/;

/** Seconds since 1970 of a date as Docker takes it, with or without time and zone; undefined for other texts. */
export function secondsOfDate(text: string): number | undefined {
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map((part) => Number(part ?? 0)) as
    [number, number, number, number?, number?, number?];
  const zone = match[7] ?? 'Z';
  const offset = zone === 'Z' ? 0 : (zone.startsWith('-') ? -1 : 1) *
    (Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(4)) * 60);
  return daysOf(year, month, day) * DAY_SECONDS + hour * 3600 + minute * 60 + second - offset;
}

/** Days from 1970-01-01 to a date, by eras of 400 years that begin on 1 March. */
function daysOf(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear -
    719_468;
}

/** A length of time as `docker ps` words it. */
export function humanDuration(ns: number): string {
  const seconds = Math.floor(ns / SECOND);
  if (seconds < 1) return 'Less than a second';
  if (seconds === 1) return '1 second';
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.floor(seconds / 60);
  if (minutes === 1) return 'About a minute';
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.floor((seconds + 1800) / 3600);
  if (hours === 1) return 'About an hour';
  if (hours < 48) return `${hours} hours`;
  const days = Math.floor(hours / 24);
  if (days < 14) return `${days} days`;
  return days < 60 ? `${Math.floor(days / 7)} weeks` : `${Math.floor(days / 30)} months`;
}
