// The log of a container: lines with the moment at which each was complete. What has no end of line yet is not in the
// log before its process ends, as Docker's json-file driver has it.

import type { SimTime } from '@netreel/sim';
import type { ContainerRow, OutputRow } from '@netreel/engine';
import type { OutputChunk } from '../http.js';
import { rfc3339Fixed } from '../time.js';

type Stream = OutputChunk['stream'];

export interface LogLine {
  readonly at: SimTime;
  readonly stream: Stream;
  /** With its end of line, unless the process ended before. */
  readonly text: string;
}

/** Cuts what a process writes into the lines of its log. */
export class LogCutter {
  private readonly open: { [stream in Stream]: string } = { stdout: '', stderr: '' };

  /** The lines that become complete. */
  take({ at, stream, text }: OutputRow): readonly LogLine[] {
    const pieces = (this.open[stream] + text).split('\n');
    this.open[stream] = pieces.pop()!;
    return pieces.map((piece) => ({ at, stream, text: `${piece}\n` }));
  }

  /** The process has ended: what was left open is a line too. */
  end(at: SimTime): readonly LogLine[] {
    const lines: LogLine[] = [];
    for (const stream of ['stdout', 'stderr'] as const) {
      if (this.open[stream] !== '') lines.push({ at, stream, text: this.open[stream] });
      this.open[stream] = '';
    }
    return lines;
  }
}

type Written = Pick<ContainerRow, 'output' | 'outputEnds'>;

/** All lines of a container's log so far. */
export function logLines(row: Written): readonly LogLine[] {
  return linesSoFar(new LogCutter(), row);
}

/** The same; what is not complete yet stays in `cutter`. */
export function linesSoFar(cutter: LogCutter, { output, outputEnds }: Written): readonly LogLine[] {
  const lines: LogLine[] = [];
  let end = 0;
  output.forEach((row, place) => {
    while (end < outputEnds.length && outputEnds[end]!.rows <= place) lines.push(...cutter.end(outputEnds[end++]!.at));
    lines.push(...cutter.take(row));
  });
  for (; end < outputEnds.length; end++) lines.push(...cutter.end(outputEnds[end]!.at));
  return lines;
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
