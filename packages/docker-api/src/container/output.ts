// What processes wrote, as logs, attach and exec start hand it on.

import type { OutputRow } from '@netreel/engine';
import { queryFlag } from '../json.js';
import type { ApiRequest, OutputChunk } from '../http.js';

/** The streams that a request asked for. */
export function chosenStreams(request: ApiRequest, rows: readonly OutputRow[]): readonly OutputChunk[] {
  const wanted = { stdout: queryFlag(request.query, 'stdout'), stderr: queryFlag(request.query, 'stderr') };
  return outputChunks(rows.filter((row) => wanted[row.stream]));
}

/** What was written, as it is sent. */
export function outputChunks(rows: readonly OutputRow[]): readonly OutputChunk[] {
  return rows.map(({ stream, text }) => ({ stream, text }));
}
