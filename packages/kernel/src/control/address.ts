// `ip address`: an address, and the connected route that comes and goes with it.

import { type Ipv4, inSubnet, networkOf } from '@netreel/wire';
import type { Kernel, LinkReference } from '../kernel.js';
import { FILE_EXISTS, NO_SUCH_DEVICE, type Refused, netlinkRefusal } from '../refusal.js';
import type { AddressRow, LinkRow } from '../tables.js';
import { announce } from './state.js';

export function addAddress(kernel: Kernel, link: LinkReference, address: Ipv4, prefix: number): Refused | undefined {
  const row = kernel.link(link);
  if (row === undefined) return NO_SUCH_DEVICE;
  if (row.addresses.some((held) => held.address === address && held.prefix === prefix)) return FILE_EXISTS;
  kernel.port.emit({ type: 'AddressAdded', link: row.index, address, prefix });
  addConnectedRoute(kernel, row, { address, prefix });
  announce(kernel, row);
  return undefined;
}

export function deleteAddress(kernel: Kernel, link: LinkReference, address: Ipv4, prefix: number): Refused | undefined {
  const row = kernel.link(link);
  if (row === undefined) return NO_SUCH_DEVICE;
  if (!row.addresses.some((held) => held.address === address && held.prefix === prefix)) {
    return netlinkRefusal('Cannot assign requested address');
  }
  kernel.port.emit({ type: 'AddressDeleted', link: row.index, address, prefix });
  deleteRoutesFrom(kernel, row, address);
  // Another address of the same subnet takes over the connected route (promote_secondaries, as systemd sets it).
  for (const held of row.addresses) {
    if (held.prefix === prefix && inSubnet(held.address, address, prefix)) addConnectedRoute(kernel, row, held);
  }
  announce(kernel, row);
  return undefined;
}

/** Brings back the connected routes of a link that was set up. */
export function restoreConnectedRoutes(kernel: Kernel, row: LinkRow): void {
  for (const held of row.addresses) addConnectedRoute(kernel, row, held);
}

/** None for lo, whose addresses are all its own; none for a /32, which has no neighbours; none while it is down. */
function addConnectedRoute(kernel: Kernel, row: LinkRow, { address, prefix }: AddressRow): void {
  if (!row.up || row.kind === 'loopback' || prefix === 32) return;
  const destination = networkOf(address, prefix);
  const routes = kernel.tables.netns.get(row.netns)!.routes;
  if (routes.some((route) => route.link === row.index && route.destination === destination && route.prefix === prefix
    && route.gateway === 0 && route.metric === 0)) return;
  kernel.port.emit({ type: 'RouteAdded', netns: row.netns, destination, prefix, gateway: 0, link: row.index,
    source: address, metric: 0 });
}

/** Routes that prefer an address as their source do not outlive it. */
function deleteRoutesFrom(kernel: Kernel, row: LinkRow, source: Ipv4): void {
  const { netns } = row;
  if (source === 0 || holdsElsewhere(kernel, row, source)) return;
  for (const route of [...kernel.tables.netns.get(netns)!.routes]) {
    if (route.source !== source) continue;
    const { destination, prefix, gateway, link, metric } = route;
    kernel.port.emit({ type: 'RouteDeleted', netns, destination, prefix, gateway, link, metric });
  }
}

function holdsElsewhere(kernel: Kernel, row: LinkRow, address: Ipv4): boolean {
  return kernel.tables.netns.get(row.netns)!.links.some((index) =>
    kernel.tables.links.get(index)!.addresses.some((held) => held.address === address));
}
