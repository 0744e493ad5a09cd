// The jobs of an interactive shell, as it tells of them. Columns of busybox ash.

import { signalText } from '../signals.js';
import type { ShellState } from './state.js';

const TEXT_COLUMN = 27;

/** `[1]+  Done                       sleep 1`: the sign marks the last job and the one before it. */
export function jobLine(state: ShellState, { job, number, text }: ShellState['told'][number]): string {
  const place = state.told.findIndex((row) => row.number === number) - state.told.length;
  const mark = place === -1 ? '+' : place === -2 ? '-' : ' ';
  const how = job.exitCode === undefined ? 'Running' : job.endedBy !== undefined ? signalText(job.endedBy) ?? ''
    : job.exitCode === 0 ? 'Done' : `Done(${job.exitCode})`;
  return `[${number}]${mark}  ${how.padEnd(TEXT_COLUMN)}${text}\n`;
}
