// What the subnets of a new network come to: checked, completed with a gateway, or taken from the default pools.

import { formatCidr, formatIpv4, inSubnet, networkOf, parseCidr, parseIpv4 } from '@netreel/wire';
import { assert } from '@netreel/sim';
import type { IpamConfig, IpamPool, NetworkIpam, NetworkSpec } from '../network/spec.js';
import { isRefusal, refuse, type Refusal } from '../refusal.js';
import type { EngineTables } from '../tables.js';
import { freeRunsOf } from './free.js';
import { DEFAULT_POOLS, nextDefaultPool, overlapsAny, poolsInUse } from './pools.js';

const NO_POOL = 'address pool among the defaults to assign to the network';

/** Address management of a new network of this host, of one subnet unless it may have `several`; a refusal as the
 * engine words it. `lowest`: the lowest free default pool, instead of the one after the last that was given. */
export function planIpam(tables: EngineTables, spec: NetworkSpec,
  hostRoutes: readonly { address: number; prefix: number }[], several = false, lowest = false):
  NetworkIpam | Refusal {
  const typed = spec.ipam.filter((config) => config.subnet !== '');
  for (const config of typed) if (!isCidr(config.subnet)) return invalidSubnet(config.subnet);
  const four = typed.filter((config) => !config.subnet.includes(':'));
  const six = typed.filter((config) => config.subnet.includes(':'));
  if (spec.ipv6 && six.length === 0) return refuse('NotFound',
    `could not find an available, non-overlapping IPv6 ${NO_POOL}`);

  const pools: IpamPool[] = [];
  for (const config of four) {
    const pool = typedPool(tables, config, pools);
    if (isRefusal(pool)) return pool;
    pools.push(pool);
  }
  // IPv6 pools are kept for inspect only; without --ipv6 they are not even shown.
  const shown = [...four, ...(spec.ipv6 ? six : [])];
  const plan = { driver: spec.ipamDriver, options: spec.ipamOptions };
  if (four.length > 0) {
    if (!several && (four.length > 1 || six.length > 1)) return refuse('Forbidden',
      'bridge driver doesn\'t support multiple subnets');
    return { ...plan, config: shown, pools, defaultPool: -1 };
  }
  const place = nextDefaultPool(tables, hostRoutes, lowest ? 0 : tables.nextDefaultPool);
  if (place === undefined) return refuse('NotFound', `could not find an available, non-overlapping IPv4 ${NO_POOL}`);
  const pool = defaultPool(place);
  const config = { subnet: formatCidr(pool.network, pool.prefix), range: '', gateway: formatIpv4(pool.gateway),
    auxiliary: {} };
  return { ...plan, config: [config, ...shown], pools: [pool], defaultPool: place };
}

/** A pool of the default list with its first address as gateway. */
export function defaultPool(place: number): IpamPool {
  const pool = DEFAULT_POOLS[place];
  assert(pool !== undefined, `no default pool ${place}`);
  return { ...pool, gateway: pool.network + 1, rangeNetwork: pool.network, rangePrefix: pool.prefix, auxiliary: [] };
}

function typedPool(tables: EngineTables, config: IpamConfig, before: readonly IpamPool[]): IpamPool | Refusal {
  const cidr = parseCidr(config.subnet);
  if (cidr === undefined) return invalidSubnet(config.subnet);
  const prefix = cidr.prefix;
  const network = networkOf(cidr.address, prefix);
  if (overlapsAny({ network, prefix }, [...poolsInUse(tables), ...before])) {
    return refuse('Forbidden', 'Pool overlaps with other one on this address space');
  }
  const range = config.range === '' ? { address: network, prefix } : parseCidr(config.range);
  if (range === undefined || range.prefix < prefix || !inSubnet(range.address, network, prefix)) {
    return refuse('InvalidParameter', 'Invalid Address SubPool');
  }
  const bare = { network, prefix, gateway: -1, rangeNetwork: networkOf(range.address, range.prefix),
    rangePrefix: range.prefix,
    auxiliary: [] as number[] };
  const gateway = gatewayOf(bare, config);
  if (isRefusal(gateway)) return gateway;
  return withAuxiliary({ ...bare, gateway }, config);
}

/** The gateway typed, else the first address that automatic ones would come from. */
function gatewayOf(pool: IpamPool, config: IpamConfig): number | Refusal {
  if (config.gateway === '') {
    return freeRunsOf(pool)[0] ?? refuse('Unavailable', 'No available addresses on this pool');
  }
  const typed = parseIpv4(config.gateway);
  if (typed === undefined || !inSubnet(typed, pool.network, pool.prefix)) {
    return refuse('System', `failed to allocate gateway (${config.gateway}): Requested address is out of range`);
  }
  return typed;
}

function withAuxiliary(pool: IpamPool, config: IpamConfig): IpamPool | Refusal {
  const auxiliary: number[] = [];
  for (const name of Object.keys(config.auxiliary).sort()) {
    const text = config.auxiliary[name]!;
    const address = parseIpv4(text);
    const flaw = address === undefined || !inSubnet(address, pool.network,
      pool.prefix) ? 'Requested address is out of range'
      : address === pool.gateway || auxiliary.includes(address) ? 'Address already in use' : undefined;
    if (flaw !== undefined) return refuse('System',
      `failed to allocate secondary ip address (${name}:${text}): ${flaw}`);
    auxiliary.push(address!);
  }
  return { ...pool, auxiliary };
}

/** IPv6 subnets are only looked at for their outer form. */
function isCidr(text: string): boolean {
  if (!text.includes(':')) return parseCidr(text) !== undefined;
  const match = /^[0-9a-fA-F:.]+\/(\d{1,3})$/.exec(text);
  return match !== null && Number(match[1]) <= 128;
}

function invalidSubnet(text: string): Refusal {
  return refuse('System', `Invalid subnet ${text} : invalid CIDR address: ${text}`);
}
