// The free addresses of a pool as runs: the lowest one is found without asking for every address below it. Written by
// evolve.ts alone, beside the addresses in use.

import { broadcastOf } from '@netreel/wire';
import type { IpamPool } from '../network/spec.js';

/** Whether nobody may have `address`: the two ends of a subnet, the gateway, and addresses kept back. */
export function isReserved(pool: IpamPool, address: number): boolean {
  // A /31 and a /32 have no ends to spare (RFC 3021).
  const ends = pool.prefix < 31 && (address === pool.network || address === broadcastOf(pool.network, pool.prefix));
  return ends || address === pool.gateway || pool.auxiliary.includes(address);
}

/** First and last address of every run, in ascending order: no two runs touch. */
export type FreeRuns = number[];

/** The runs of a pool of which nothing is in use: its range without what is reserved. */
export function freeRunsOf(pool: IpamPool): FreeRuns {
  const runs = [pool.rangeNetwork, broadcastOf(pool.rangeNetwork, pool.rangePrefix)];
  const ends = [pool.network, broadcastOf(pool.network, pool.prefix)];
  for (const address of [...ends, pool.gateway, ...pool.auxiliary]) if (isReserved(pool, address)) takeFrom(runs,
    address);
  return runs;
}

/** `address` is in use from now on. */
export function takeFrom(runs: FreeRuns, address: number): void {
  const at = runAtOrAfter(runs, address);
  const first = runs[at];
  if (first === undefined || first > address) return;
  const last = runs[at + 1]!;
  if (first === last) runs.splice(at, 2);
  else if (address === first) runs[at] = address + 1;
  else if (address === last) runs[at + 1] = address - 1;
  else runs.splice(at + 1, 0, address - 1, address + 1);
}

/** `address`, which was in use, is free again, unless the pool never gives it. */
export function giveBackTo(runs: FreeRuns, pool: IpamPool, address: number): void {
  if (address < pool.rangeNetwork || address > broadcastOf(pool.rangeNetwork, pool.rangePrefix)) return;
  if (isReserved(pool, address)) return;
  const at = runAtOrAfter(runs, address);
  const next = runs[at];
  if (next !== undefined && next <= address) return;
  const after = next === address + 1;
  const before = at > 0 && runs[at - 1] === address - 1;
  if (before && after) runs.splice(at - 1, 2);
  else if (before) runs[at - 1] = address;
  else if (after) runs[at] = address;
  else runs.splice(at, 0, address, address);
}

/** Place of the first run that does not end before `address`. */
function runAtOrAfter(runs: FreeRuns, address: number): number {
  let low = 0;
  let high = runs.length >>> 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (runs[2 * middle + 1]! < address) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}
