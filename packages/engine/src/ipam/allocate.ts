// Which address a container gets on a network whose addresses this engine manages alone (every driver but overlay).

import { formatIpv4, inSubnet, parseIpv4 } from '@netreel/wire';
import { refuse, type Refusal } from '../refusal.js';
import type { NetworkRow } from '../tables.js';
import { isReserved } from './free.js';

/** Where an address comes from. */
export interface Allocation {
  readonly address: number;
  readonly prefix: number;
}

/** The address wanted, or the lowest free one: a gap is filled before the end is extended. */
export function allocate(network: NetworkRow, wanted: string): Allocation | Refusal {
  if (wanted !== '') return allocateWanted(network, wanted);
  for (const [place, pool] of network.ipam.pools.entries()) {
    const address = network.free[place]?.[0];
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
