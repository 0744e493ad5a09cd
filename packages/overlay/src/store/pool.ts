// One subnet and the addresses in it. Addresses are given in turn, never the lowest free one, so that an address that
// was just let go is not soon somebody else's (stale neighbour and forwarding rows would point at the wrong host).

import { assert } from '@netreel/sim';
import { broadcastOf, inSubnet, networkOf, parseCidr, parseIpv4, type Cidr, type Ipv4 } from '@netreel/wire';
import type { SubnetSpec } from './objects.js';
import type { PoolRow, StoreNetworkRow } from './tables.js';

/**
 * Makes the row of a subnet whose gateway is filled in. A gateway that was given in turn moves the turn on behind it.
 */
export function poolOf(typed: SubnetSpec, gatewayInTurn: boolean): PoolRow {
  const subnet = parseCidr(typed.subnet);
  const gateway = parseIpv4(typed.gateway);
  assert(subnet !== undefined && gateway !== undefined,
    `an allocated subnet is well formed: ${typed.subnet} ${typed.gateway}`);
  const { first, last } = spanOf(typed, subnet);
  return { typed, network: networkOf(subnet.address, subnet.prefix), prefix: subnet.prefix, first, last, gateway,
    cursor: gatewayInTurn ? gateway + 1 : first };
}

/** The lowest address that a gateway can have where none was typed; undefined when the subnet has no room for one. */
export function lowestGateway(typed: SubnetSpec, subnet: Cidr): Ipv4 | undefined {
  const { first, last } = spanOf(typed, subnet);
  for (let address = first; address <= last; address++) {
    if (!isReserved(address, subnet.address, subnet.prefix)) return address;
  }
  return undefined;
}

/**
 * The next address in turn over all subnets of a network, in their order; undefined when all are full. `claimed`: what
 * the same decision gives to others.
 */
export function nextAddress(row: StoreNetworkRow, claimed: ReadonlySet<Ipv4> = NONE): Ipv4 | undefined {
  for (const pool of row.pools) {
    const start = pool.cursor > pool.first && pool.cursor <= pool.last ? pool.cursor : pool.first;
    const address = scan(row, pool, start, pool.last, claimed) ?? scan(row, pool, pool.first, start - 1, claimed);
    if (address !== undefined) return address;
  }
  return undefined;
}

/** Whether somebody may have just this address. */
export function isAvailable(row: StoreNetworkRow, address: Ipv4): boolean {
  const pool = row.pools.find((candidate) => inSubnet(address, candidate.network, candidate.prefix));
  return pool !== undefined && isFree(row, pool, address);
}

const NONE: ReadonlySet<Ipv4> = new Set();

function scan(row: StoreNetworkRow, pool: PoolRow, from: Ipv4, to: Ipv4,
  claimed: ReadonlySet<Ipv4>): Ipv4 | undefined {
  for (let address = from; address <= to; address++) {
    if (isFree(row, pool, address) && !claimed.has(address)) return address;
  }
  return undefined;
}

function isFree(row: StoreNetworkRow, pool: PoolRow, address: Ipv4): boolean {
  return address !== pool.gateway && !row.taken.has(address) && !isReserved(address, pool.network, pool.prefix);
}

/** Network and broadcast address, where a subnet has them: a /31 is all hosts (RFC 3021). */
function isReserved(address: Ipv4, network: Ipv4, prefix: number): boolean {
  return prefix < 31 && (address === networkOf(network, prefix) || address === broadcastOf(network, prefix));
}

function spanOf(typed: SubnetSpec, subnet: Cidr): { first: Ipv4; last: Ipv4 } {
  const span = typed.range === '' ? subnet : parseCidr(typed.range);
  assert(span !== undefined, `an accepted range is well formed: ${typed.range}`);
  return { first: networkOf(span.address, span.prefix), last: broadcastOf(span.address, span.prefix) };
}
