// `network create`: which range, gateway and auxiliary address belongs to which subnet.

import type { Json } from '@netreel/sim';
import { jsonRecord } from '../json.js';
import { refuse } from '../refusal.js';
import { type AddressBytes, holds, type Prefix, readAddress, readPrefix } from './address.js';

export interface TypedAddresses {
  readonly subnets: readonly string[];
  readonly ranges: readonly string[];
  readonly gateways: readonly string[];
  readonly auxiliaries: ReadonlyMap<string, string>;
}

interface SubnetPlan {
  readonly subnet: string;
  range?: string;
  gateway?: string;
  readonly auxiliaries: Map<string, string>;
}

/** The `IPAM.Config` of the request, or a refusal in the client's own words. */
export function addressPlan(typed: TypedAddresses): readonly Json[] {
  const { subnets, ranges, gateways } = typed;
  if (subnets.length < ranges.length || subnets.length < gateways.length) {
    refuse('every ip-range or gateway must have a corresponding subnet');
  }
  const plans: SubnetPlan[] = [];
  for (const subnet of subnets) {
    for (const other of plans) {
      if (holdsPrefix(other.subnet, subnet) || holdsPrefix(subnet, other.subnet)) {
        refuse('multiple overlapping subnet configuration is not supported');
      }
    }
    plans.push({ subnet, auxiliaries: new Map() });
  }
  for (const range of ranges) placeRange(plans, range);
  for (const gateway of gateways) placeGateway(plans, gateway);
  for (const [name, address] of typed.auxiliaries) {
    const plan = plans.find((each) => holdsAddress(each.subnet, address));
    if (plan === undefined) refuse(`no matching subnet for aux-address ${address}`);
    plan.auxiliaries.set(name, address);
  }
  return plans.map(configOf);
}

function placeRange(plans: readonly SubnetPlan[], range: string): void {
  let placed = false;
  for (const plan of plans) {
    if (!holdsPrefix(plan.subnet, range)) continue;
    if (plan.range !== undefined) {
      refuse(`cannot configure multiple ranges (${range}, ${plan.range}) on the same subnet (${plan.subnet})`);
    }
    plan.range = range;
    placed = true;
  }
  if (!placed) refuse(`no matching subnet for range ${range}`);
}

function placeGateway(plans: readonly SubnetPlan[], gateway: string): void {
  let placed = false;
  for (const plan of plans) {
    if (!holdsAddress(plan.subnet, gateway)) continue;
    if (plan.gateway !== undefined) {
      refuse(`cannot configure multiple gateways (${gateway}, ${plan.gateway}) for the same subnet (${plan.subnet})`);
    }
    plan.gateway = gateway;
    placed = true;
  }
  if (!placed) refuse(`no matching subnet for gateway ${gateway}`);
}

function configOf(plan: SubnetPlan): Json {
  return {
    Subnet: plan.subnet,
    ...(plan.range === undefined ? {} : { IPRange: plan.range }),
    ...(plan.gateway === undefined ? {} : { Gateway: plan.gateway }),
    ...(plan.auxiliaries.size === 0 ? {} : { AuxiliaryAddresses: jsonRecord(plan.auxiliaries) }),
  };
}

function subnetOf(text: string): Prefix {
  return readPrefix(text) ?? refuse(`invalid subnet: invalid CIDR address: ${text}`);
}

/** Whether the first address of one prefix lies in the other. */
function holdsPrefix(subnet: string, other: string): boolean {
  const outer = subnetOf(subnet);
  const inner = readPrefix(other) ?? refuse(`invalid CIDR address: ${other}`);
  return holds(outer, inner.address);
}

function holdsAddress(subnet: string, text: string): boolean {
  const outer = subnetOf(subnet);
  const address: AddressBytes | undefined = readAddress(text);
  return address !== undefined && holds(outer, address);
}
