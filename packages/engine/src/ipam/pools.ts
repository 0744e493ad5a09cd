// The default pools that bridge networks get without a subnet, in the order in which engine 20.10 walks them:
// 172.17.0.0/16 to 172.31.0.0/16, then 192.168.0.0/16 in pieces of /20.

import { networkOf, overlaps, parseIpv4 } from '@netreel/wire';
import { assert } from '@netreel/sim';
import type { EngineTables } from '../tables.js';

/** A subnet; `network` has no host bits. */
export interface Pool {
  readonly network: number;
  readonly prefix: number;
}

function address(text: string): number {
  const parsed = parseIpv4(text);
  assert(parsed !== undefined, `not an address: ${text}`);
  return parsed;
}

/** All default pools in order. */
export const DEFAULT_POOLS: readonly Pool[] = [
  ...Array.from({ length: 15 }, (_, index) => ({ network: address(`172.${17 + index}.0.0`), prefix: 16 })),
  ...Array.from({ length: 16 }, (_, index) => ({ network: address(`192.168.${16 * index}.0`), prefix: 20 })),
];

/** The pools in use by networks of this engine that share the host's address space (overlays have their own). */
export function poolsInUse(tables: EngineTables): readonly Pool[] {
  return [...tables.networks.values()].filter((row) => row.scope === 'local').flatMap((row) => row.ipam.pools)
    .map(({ network, prefix }) => ({ network, prefix }));
}

/** Whether `pool` has an address in common with any of `others`. */
export function overlapsAny(pool: Pool, others: readonly Pool[]): boolean {
  return others.some((other) => overlaps(pool.network, pool.prefix, other.network, other.prefix));
}

/** The place of the first default pool, counted from a place on, that is free of networks and host routes; undefined
 * when the list is through. */
export function nextDefaultPool(tables: EngineTables,
  hostRoutes: readonly { readonly address: number; readonly prefix: number }[], from: number):
  number | undefined {
  const taken = [...poolsInUse(tables), ...hostRoutes.map((route) =>
    ({ network: networkOf(route.address, route.prefix), prefix: route.prefix }))];
  for (let step = 0; step < DEFAULT_POOLS.length; step++) {
    const place = (from + step) % DEFAULT_POOLS.length;
    if (!overlapsAny(DEFAULT_POOLS[place]!, taken)) return place;
  }
  return undefined;
}
