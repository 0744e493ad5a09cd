// Links that a driver made itself and therefore finds: their absence is a bug, not a user's mistake.

import { type Kernel, type LinkRow, type Refused, isRefused } from '@netreel/kernel';
import { assert } from '@netreel/sim';

/** Index of the link of that name. */
export function linkOf(kernel: Kernel, netns: string, name: string): number {
  const row: LinkRow | undefined = kernel.linkByName(netns, name);
  assert(row !== undefined, `no link ${name} in ${netns}`);
  return row.index;
}

/** Refuses to go on when the kernel refused what a driver may rely on. */
export function made<T>(result: T | Refused): T {
  assert(!isRefused(result), `the kernel refused a driver: ${isRefused(result) ? result.refused : ''}`);
  return result as T;
}
