// `ip route`: what may be added to a namespace's routes, and what goes when a link goes down.

import { type Ipv4, inSubnet, networkOf } from '@netreel/wire';
import type { Kernel, LinkReference } from '../kernel.js';
import { FILE_EXISTS, NO_SUCH_DEVICE, type Refused, netlinkRefusal, noSuchNetns } from '../refusal.js';
import type { LinkRow, NetnsRow, RouteRow } from '../tables.js';

export interface RouteSpec {
  readonly netns: string;
  readonly destination: Ipv4;
  readonly prefix: number;
  /** 0: on link. */
  readonly gateway: Ipv4;
  /** 0: the link on whose subnet the gateway is. */
  readonly link: LinkReference;
  readonly source?: Ipv4;
  readonly metric?: number;
}

export function addRoute(kernel: Kernel, spec: RouteSpec): Refused | undefined {
  const netns = kernel.tables.netns.get(spec.netns);
  if (netns === undefined) return noSuchNetns(spec.netns);
  const { destination, prefix, gateway, source = 0, metric = 0 } = spec;
  if (networkOf(destination, prefix) !== destination) {
    return { refused: 'Error: Invalid prefix for given prefix length.' };
  }
  const reachedBy = gateway === 0 ? undefined : connectedRoute(netns, gateway, spec.link);
  if (gateway !== 0 && reachedBy === undefined) return { refused: 'Error: Nexthop has invalid gateway.' };
  const row = kernel.link(reachedBy?.link ?? spec.link);
  if (row === undefined || row.netns !== spec.netns) return NO_SUCH_DEVICE;
  if (!row.up) return { refused: 'Error: Device for nexthop is not up.' };
  if (source !== 0 && !holds(kernel, netns, source)) return { refused: 'Error: Invalid prefsrc address.' };
  const same = netns.routes.find((route) => route.destination === destination && route.prefix === prefix
    && route.metric === metric);
  if (same !== undefined) return FILE_EXISTS;
  const { index: link } = row;
  kernel.port.emit({ type: 'RouteAdded', netns: netns.name, destination, prefix, gateway, link, source, metric });
  return undefined;
}

export function deleteRoute(kernel: Kernel, spec: RouteSpec): Refused | undefined {
  const netns = kernel.tables.netns.get(spec.netns);
  if (netns === undefined) return noSuchNetns(spec.netns);
  const link = typeof spec.link === 'number' ? spec.link : spec.link.index;
  const found = netns.routes.find((route) => route.destination === spec.destination && route.prefix === spec.prefix
    && (spec.gateway === 0 || route.gateway === spec.gateway) && (link === 0 || route.link === link)
    && (spec.metric === undefined || route.metric === spec.metric));
  if (found === undefined) return netlinkRefusal('No such process');
  emitDeleted(kernel, spec.netns, found);
  return undefined;
}

/** All routes through a link, as it goes down. */
export function deleteRoutesOf(kernel: Kernel, row: LinkRow): void {
  for (const route of [...kernel.tables.netns.get(row.netns)!.routes]) {
    if (route.link === row.index) emitDeleted(kernel, row.netns, route);
  }
}

function emitDeleted(kernel: Kernel, netns: string, route: RouteRow): void {
  const { destination, prefix, gateway, link, metric } = route;
  kernel.port.emit({ type: 'RouteDeleted', netns, destination, prefix, gateway, link, metric });
}

/** The on-link route by which a gateway is reached. */
function connectedRoute(netns: NetnsRow, gateway: Ipv4, link: LinkReference): RouteRow | undefined {
  const index = typeof link === 'number' ? link : link.index;
  return netns.routes.find((route) => route.gateway === 0 && (index === 0 || route.link === index)
    && inSubnet(gateway, route.destination, route.prefix));
}

function holds(kernel: Kernel, netns: NetnsRow, address: Ipv4): boolean {
  return netns.links.some((index) =>
    kernel.tables.links.get(index)!.addresses.some((held) => held.address === address));
}
