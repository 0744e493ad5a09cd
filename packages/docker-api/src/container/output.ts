// What processes wrote, as logs, attach and exec start hand it on.

import type { OutputRow } from '@netreel/engine';
import { queryFlag } from '../json.js';
import type { ApiRequest, OutputChunk } from '../http.js';

/** The streams that a request asked for. */
export function chosenStreams(request: ApiRequest, rows: readonly OutputRow[]): readonly OutputChunk[] {
  const wanted = { stdout: queryFlag(request.query, 'stdout'), stderr: queryFlag(request.query, 'stderr') };
  return rows.filter((row) => wanted[row.stream]);
}

/** The last lines of `chunks`, of both streams together; all of them when `tail` is no number. */
export function lastLines(chunks: readonly OutputChunk[], tail: string | undefined): readonly OutputChunk[] {
  if (tail === undefined || !/^\d+$/.test(tail)) return chunks;
  const lines = chunks.flatMap(({ stream, text }) => text.split(/(?<=\n)/).map((line) => ({ stream, text: line })));
  // A line may have come in pieces: count from one line's end to the next.
  let left = Number(tail);
  let first = lines.length;
  while (first > 0) {
    const startsLine = first === lines.length || lines[first - 1]!.text.endsWith('\n');
    if (startsLine && left-- === 0) break;
    first--;
  }
  return lines.slice(first);
}
