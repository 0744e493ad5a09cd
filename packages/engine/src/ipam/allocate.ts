// Which address a container gets on a network whose addresses this engine manages alone (every driver but overlay).

import { broadcastOf, formatIpv4, inSubnet, parseIpv4 } from '@netreel/wire';
import type { IpamPool } from '../network/spec.js';
import { refuse, type Refusal } from '../refusal.js';
import type { NetworkRow } from '../tables.js';

/** Where an address comes from. */
export interface Allocation {
  readonly address: number;
  readonly prefix: number;
}

/** Whether nobody may have `address`: the two ends of a subnet, the gateway, and addresses kept back. */
export function isReserved(pool: IpamPool, address: number): boolean {
  // A /31 and a /32 have no ends to spare (RFC 3021).
  const ends = pool.prefix < 31 && (address === pool.network || address === broadcastOf(pool.network, pool.prefix));
  return ends || address === pool.gateway || pool.auxiliary.includes(address);
}

/** The lowest free address of a pool's range; a gap is filled before the end is extended. */
export function lowestFree(pool: IpamPool, taken: (address: number) => boolean): number | undefined {
  const last = broadcastOf(pool.rangeNetwork, pool.rangePrefix);
  for (let address = pool.rangeNetwork; address <= last; address++) {
    if (!isReserved(pool, address) && !taken(address)) return address;
  }
  return undefined;
}

/** The address wanted, or the lowest free one. */
export function allocate(network: NetworkRow, wanted: string): Allocation | Refusal {
  if (wanted !== '') return allocateWanted(network, wanted);
  for (const pool of network.ipam.pools) {
    const address = lowestFree(pool, (candidate) => network.addresses.has(candidate));
    if (address !== undefined) return { address, prefix: pool.prefix };
  }
  return refuse('Unavailable',
    `no available IPv4 addresses on this network's address pools: ${network.name} (${network.id})`);
}

function allocateWanted(network: NetworkRow, wanted: string): Allocation | Refusal {
  const address = parseIpv4(wanted);
  const pool = address === undefined ? undefined
    : network.ipam.pools.find((candidate) => inSubnet(address, candidate.network, candidate.prefix));
  if (address === undefined || pool === undefined) {
    const shown = address === undefined ? wanted : formatIpv4(address);
    return refuse('InvalidParameter', `Invalid address ${shown}: It does not belong to any of this network's subnets`);
  }
  if (isReserved(pool, address) || network.addresses.has(address)) return refuse('Forbidden', 'Address already in use');
  return { address, prefix: pool.prefix };
}
