// Finding room for a network: its subnets and a VXLAN id for each. What cannot be had is no error of the one who
// created the network: it stays, without a subnet, until room is made.

import { formatCidr, formatIpv4, overlaps, parseCidr, type Cidr } from '@netreel/wire';
import type { OverlayNetworkSpec, SubnetSpec } from './objects.js';
import { lowestGateway } from './pool.js';
import { FIRST_VNI, type StoreTables } from './tables.js';

/** Default pools are the 65536 subnets of 24 bits in 10.0.0.0/8. */
const DEFAULT_POOLS = 65_536;
const DEFAULT_BASE = 0x0a00_0000;
const DEFAULT_PREFIX = 24;
const LAST_VNI = 0xff_ffff;

/** The driver option by which a user picks the VXLAN ids. */
export const VNI_OPTION = 'com.docker.network.driver.overlay.vxlanid_list';

/** What is in use, as a working copy: allocating several networks in one decision claims here as it goes. */
export interface Occupancy {
  readonly pools: Cidr[];
  readonly vnis: Set<number>;
  nextPool: number;
  nextVni: number;
}

export interface Allocation {
  readonly vnis: readonly number[];
  readonly subnets: readonly SubnetSpec[];
  readonly nextPool: number;
  readonly nextVni: number;
}

/** What the networks hold, but for one that is about to go. */
export function occupancyOf(tables: StoreTables, without = ''): Occupancy {
  const occupancy: Occupancy = { pools: [], vnis: new Set(), nextPool: tables.nextPool, nextVni: tables.nextVni };
  for (const row of tables.networks.values()) {
    if (row.id === without) continue;
    for (const pool of row.pools) occupancy.pools.push({ address: pool.network, prefix: pool.prefix });
    for (const vni of row.vnis) occupancy.vnis.add(vni);
  }
  return occupancy;
}

/** Claims all that `spec` needs, or nothing. */
export function allocate(occupancy: Occupancy, spec: OverlayNetworkSpec): Allocation | undefined {
  const attempt: Occupancy = { ...occupancy, pools: [...occupancy.pools], vnis: new Set(occupancy.vnis) };
  const wanted = spec.subnets.length > 0 ? spec.subnets : [{ subnet: '', gateway: '', range: '' }];
  const subnets: SubnetSpec[] = [];
  for (const typed of wanted) {
    const subnet = claimSubnet(attempt, typed);
    if (subnet === undefined) return undefined;
    subnets.push(subnet);
  }
  const chosen = chosenVnis(spec);
  const vnis: number[] = [];
  for (let index = 0; index < subnets.length; index++) {
    const vni = claimVni(attempt, chosen[index]);
    if (vni === undefined) return undefined;
    vnis.push(vni);
  }
  for (const pool of attempt.pools.slice(occupancy.pools.length)) occupancy.pools.push(pool);
  for (const vni of vnis) occupancy.vnis.add(vni);
  occupancy.nextPool = attempt.nextPool;
  occupancy.nextVni = attempt.nextVni;
  return { vnis, subnets, nextPool: attempt.nextPool, nextVni: attempt.nextVni };
}

function claimSubnet(occupancy: Occupancy, typed: SubnetSpec): SubnetSpec | undefined {
  const subnet = typed.subnet === '' ? nextDefaultPool(occupancy) : parseCidr(typed.subnet);
  if (subnet === undefined || isOccupied(occupancy, subnet)) return undefined;
  const gateway = typed.gateway === '' ? lowestGateway(typed, subnet) : undefined;
  if (typed.gateway === '' && gateway === undefined) return undefined;
  occupancy.pools.push(subnet);
  return {
    // As typed: Docker shows host bits in a subnet again.
    subnet: typed.subnet === '' ? formatCidr(subnet.address, subnet.prefix) : typed.subnet,
    gateway: gateway === undefined ? typed.gateway : formatIpv4(gateway),
    range: typed.range,
  };
}

function nextDefaultPool(occupancy: Occupancy): Cidr | undefined {
  for (let step = 0; step < DEFAULT_POOLS; step++) {
    const index = (occupancy.nextPool + step) % DEFAULT_POOLS;
    const pool = { address: DEFAULT_BASE + index * 256, prefix: DEFAULT_PREFIX };
    if (isOccupied(occupancy, pool)) continue;
    occupancy.nextPool = (index + 1) % DEFAULT_POOLS;
    return pool;
  }
  return undefined;
}

function isOccupied(occupancy: Occupancy, subnet: Cidr): boolean {
  return occupancy.pools.some((pool) => overlaps(pool.address, pool.prefix, subnet.address, subnet.prefix));
}

/** NaN stands for what is no number; it is refused like a taken one. */
function chosenVnis(spec: OverlayNetworkSpec): readonly number[] {
  const typed = spec.options[VNI_OPTION];
  if (typeof typed !== 'string' || typed === '') return [];
  return typed.split(',').map((word) => (/^[0-9]{1,8}$/.test(word) ? Number.parseInt(word, 10) : Number.NaN));
}

function claimVni(occupancy: Occupancy, chosen: number | undefined): number | undefined {
  if (chosen !== undefined) {
    if (!(chosen >= FIRST_VNI && chosen <= LAST_VNI) || occupancy.vnis.has(chosen)) return undefined;
    occupancy.vnis.add(chosen);
    return chosen;
  }
  const count = LAST_VNI - FIRST_VNI + 1;
  for (let step = 0; step < count; step++) {
    const vni = FIRST_VNI + ((occupancy.nextVni - FIRST_VNI + step) % count);
    if (occupancy.vnis.has(vni)) continue;
    occupancy.vnis.add(vni);
    occupancy.nextVni = vni === LAST_VNI ? FIRST_VNI : vni + 1;
    return vni;
  }
  return undefined;
}
