// Flags that the engine at hand cannot take: the client says so before it asks.

import { apiVersion, speaks } from '../api-version.js';
import type { CliContext } from '../step.js';
import type { FlagTable } from './declare.js';
import type { Flags } from './flags.js';

/** What is wrong with the flags that were typed, a line each; undefined when nothing is. */
export function needsFlaw(table: FlagTable, flags: Flags, context: CliContext): string | undefined {
  const lines = [...table.needs].filter(([name]) => flags.changed(name)).sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, need]) => {
      if (need === 'windows') {
        return [`"--${name}" is only supported on a Docker daemon running on windows, but the Docker daemon is ` +
          'running on linux'];
      }
      if (need === 'experimental') {
        return [`"--${name}" is only supported on a Docker daemon with experimental features enabled`];
      }
      return speaks(context, need.api) ? []
        : [`"--${name}" requires API version ${need.api}, but the Docker daemon API version is ${apiVersion(context)}`];
    });
  return lines.length === 0 ? undefined : lines.join('\n');
}
