// date: the moment, as virtual time has it. Busybox 1.35.

import type { Operation } from '@netreel/sim';
import { type Calendar, DAYS, MONTHS, calendarAt, calendarOf, clockText, twoDigits } from '../../calendar.js';
import type { Sys } from '../../contract.js';
import { busyboxOptions } from '../../usage.js';

const DAY_NAMES = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTH_NAMES = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October',
  'November', 'December'];
/** Every run begins then. */
const EARLIEST_SECONDS = 1_704_067_200;

export function* date(sys: Sys, argv: readonly string[]): Operation<number> {
  // -I may have its precision right behind it, and nowhere else.
  const iso = argv.map((word) => /^-I(.*)$/.exec(word)?.[1]).find((found) => found !== undefined);
  const parsed = busyboxOptions(sys, argv.filter((word) => !word.startsWith('-I')), 'Ru', 'drDs');
  if (typeof parsed === 'number') return parsed;
  const format = parsed.rest.find((word) => word.startsWith('+'));
  const wrong = parsed.rest.find((word) => !word.startsWith('+')) ?? parsed.values.get('s');
  if (wrong !== undefined) {
    sys.stderr(readDate(wrong) === undefined ? `date: invalid date '${wrong}'\n`
      : "date: can't set date: Operation not permitted\n");
    return 1;
  }
  const given = parsed.values.get('d');
  const at = given === undefined ? calendarAt(sys.now()) : readDate(given);
  if (at === undefined) {
    sys.stderr(`date: invalid date '${given!}'\n`);
    return 1;
  }
  const nanoseconds = given === undefined ? sys.now() % 1_000_000_000 : 0;
  sys.stdout(`${formatDate(format?.slice(1) ?? (parsed.flags.has('R') ? '%a, %d %b %Y %H:%M:%S +0000'
    : iso === undefined ? '%a %b %e %H:%M:%S %Z %Y' : isoFormat(iso)), at, nanoseconds)}\n`);
  return 0;
}

function isoFormat(precision: string): string {
  switch (precision) {
    case 'hours': return '%Y-%m-%dT%H+00:00';
    case 'minutes': return '%Y-%m-%dT%H:%M+00:00';
    case 'seconds': return '%Y-%m-%dT%H:%M:%S+00:00';
    default: return '%Y-%m-%d';
  }
}

/** `@SECONDS` or `2024-01-02 03:04:05`, not before the runs began. */
function readDate(text: string): Calendar | undefined {
  const seconds = /^@(\d+)$/.exec(text)?.[1];
  if (seconds !== undefined) return Number(seconds) < EARLIEST_SECONDS ? undefined : calendarOf(Number(seconds));
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text);
  if (match === null || Number(match[1]) < 2024) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0));
  let midnight = EARLIEST_SECONDS;
  for (let at = calendarOf(midnight); at.year < year! || at.month + 1 < month! || at.day < day!;
    at = calendarOf(midnight)) {
    if (at.year > year! || (at.year === year! && at.month + 1 > month!)) return undefined;
    midnight += 86_400;
  }
  return calendarOf(midnight + hour! * 3600 + minute! * 60 + second!);
}

/** strftime(3) in the C locale. */
export function formatDate(format: string, at: Calendar, nanoseconds = 0): string {
  return format.replace(/%([a-zA-Z%])/g, (whole, letter: string) => {
    switch (letter) {
      case 'Y': return String(at.year);
      case 'y': return twoDigits(at.year % 100);
      case 'm': return twoDigits(at.month + 1);
      case 'd': return twoDigits(at.day);
      case 'e': return String(at.day).padStart(2);
      case 'H': return twoDigits(at.hour);
      case 'k': return String(at.hour).padStart(2);
      case 'I': return twoDigits(at.hour % 12 === 0 ? 12 : at.hour % 12);
      case 'M': return twoDigits(at.minute);
      case 'S': return twoDigits(at.second);
      case 'N': return String(nanoseconds).padStart(9, '0');
      case 's': return String(at.unixSeconds);
      case 'a': return DAYS[at.weekday]!;
      case 'A': return DAY_NAMES[at.weekday]!;
      case 'b': case 'h': return MONTHS[at.month]!;
      case 'B': return MONTH_NAMES[at.month]!;
      case 'j': return String(at.dayOfYear).padStart(3, '0');
      case 'u': return String(at.weekday + 1);
      case 'w': return String((at.weekday + 1) % 7);
      case 'p': return at.hour < 12 ? 'AM' : 'PM';
      case 'Z': return 'UTC';
      case 'z': return '+0000';
      case 'T': return clockText(at);
      case 'R': return clockText(at).slice(0, 5);
      case 'F': return formatDate('%Y-%m-%d', at);
      case 'D': return formatDate('%m/%d/%y', at);
      case 'c': return formatDate('%a %b %e %H:%M:%S %Y', at);
      case 'n': return '\n';
      case 't': return '\t';
      case '%': return '%';
      default: return whole;
    }
  });
}
