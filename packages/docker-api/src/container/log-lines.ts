// The log of a container: lines with the moment at which each was complete. What has no end of line yet is not in the
// log before its process ends, as Docker's json-file driver has it.

import type { SimTime } from '@netreel/sim';
import type { ContainerRow } from '@netreel/engine';
import type { OutputChunk } from '../http.js';
import { rfc3339Fixed } from '../time.js';

type Stream = OutputChunk['stream'];

export interface LogLine {
  readonly at: SimTime;
  readonly stream: Stream;
  /** With its end of line, unless the process ended before. */
  readonly text: string;
}

/** All lines of a container's log so far. */
export function logLines(row: Pick<ContainerRow, 'output' | 'outputEnds'>): readonly LogLine[] {
  const lines: LogLine[] = [];
  const open: { [stream in Stream]: string } = { stdout: '', stderr: '' };
  let end = 0;
  row.output.forEach(({ at, stream, text }, place) => {
    while (end < row.outputEnds.length && row.outputEnds[end]!.rows <= place) {
      closeAll(lines, open, row.outputEnds[end++]!.at);
    }
    const pieces = (open[stream] + text).split('\n');
    open[stream] = pieces.pop()!;
    for (const piece of pieces) lines.push({ at, stream, text: `${piece}\n` });
  });
  for (; end < row.outputEnds.length; end++) closeAll(lines, open, row.outputEnds[end]!.at);
  return lines;
}

function closeAll(lines: LogLine[], open: { [stream in Stream]: string }, at: SimTime): void {
  for (const stream of ['stdout', 'stderr'] as const) {
    if (open[stream] !== '') lines.push({ at, stream, text: open[stream] });
    open[stream] = '';
  }
}

/** What a request for logs asks for. */
export interface LogWish {
  readonly streams: readonly Stream[];
  readonly since: SimTime | undefined;
  readonly until: SimTime | undefined;
  /** undefined for all. */
  readonly tail: number | undefined;
  readonly timestamps: boolean;
  /** What `--details` puts before each line; undefined without it. */
  readonly details: string | undefined;
}

/** The lines of a log that are asked for. */
export function chosenLines(lines: readonly LogLine[], wish: LogWish): readonly LogLine[] {
  const within = lines.filter(({ at, stream }) => wish.streams.includes(stream) &&
    (wish.since === undefined || at >= wish.since) && (wish.until === undefined || at <= wish.until));
  return wish.tail === undefined ? within : wish.tail === 0 ? [] : within.slice(-wish.tail);
}

/** A line as it is sent. */
export function logChunk({ at, stream, text }: LogLine, { timestamps, details }: LogWish): OutputChunk {
  const head = details === undefined ? '' : `${details} `;
  return { stream, text: `${timestamps ? `${rfc3339Fixed(at)} ` : ''}${head}${text}` };
}
