// Times as Docker writes them come from the engine, which puts them into images as well.

export { ZERO_TIME, humanDuration, rfc3339, rfc3339Fixed, secondsOf, secondsOfDate,
  unixNanoseconds, unixSeconds } from '@netreel/engine';
