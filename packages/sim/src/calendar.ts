// Which date virtual time 0 is. A recorded run says so itself (LabSpec.epochSeconds): whoever makes or folds its nodes
// has the calendar begin there, so that what Docker prints as dates is the same each time. Nothing that happens depends
// on it.

/** 2024-01-01T00:00:00Z, in seconds since 1970: where the calendar of a run begins that says nothing else. */
export const DEFAULT_EPOCH_SECONDS = 1_704_067_200;

let epoch = DEFAULT_EPOCH_SECONDS;

/** Seconds since 1970 at virtual time 0. */
export function epochSeconds(): number {
  return epoch;
}

/** The calendar of this process' run begins so many seconds after 1970. */
export function beginCalendar(seconds = DEFAULT_EPOCH_SECONDS): void {
  epoch = seconds;
}
