// `ip -6` and net.ipv6.conf: where IPv6 is spoken, its addresses, routes and neighbours.

import {
  IPV6_LOOPBACK, IPV6_UNSPECIFIED, inSubnet6, isLinkLocalIpv6, linkLocalOf, networkOf6, type Ipv6, type Mac,
} from '@netreel/wire';
import type { Kernel, LinkReference } from '../kernel.js';
import { FILE_EXISTS, NO_SUCH_DEVICE, type Refused, netlinkRefusal, noSuchNetns } from '../refusal.js';
import type { LinkRow, Route6Row } from '../tables.js';

const LINK_LOCAL_PREFIX = 64;
/** What the kernel gives routes that come with addresses, and those that nobody gave a metric. */
const CONNECTED_METRIC = 256;
const DEFAULT_METRIC = 1024;

export interface Route6Spec {
  readonly netns: string; readonly destination: Ipv6; readonly prefix: number;
  /** `::`: on link. */
  readonly gateway: Ipv6;
  /** 0: the link on whose subnet the gateway is. */
  readonly link: LinkReference;
  readonly metric?: number;
}

/** Of all links that a namespace has, and of those to come. */
export function setIpv6(kernel: Kernel, netns: string, enabled: boolean): Refused | undefined {
  const row = kernel.tables.netns.get(netns);
  if (row === undefined) return noSuchNetns(netns);
  if (row.ipv6 !== enabled) kernel.port.emit({ type: 'Ipv6Set', netns, enabled });
  for (const index of [...row.links]) setLinkIpv6(kernel, index, enabled);
  return undefined;
}

export function setLinkIpv6(kernel: Kernel, link: LinkReference, enabled: boolean): Refused | undefined {
  const row = kernel.link(link);
  if (row === undefined) return NO_SUCH_DEVICE;
  if (row.ipv6 === enabled) return undefined;
  if (!enabled) forgetLink6(kernel, row);
  kernel.port.emit({ type: 'LinkIpv6Set', link: row.index, enabled });
  if (enabled) linkWorks6(kernel, row);
  kernel.stack(row.netns)?.linkChanged(row);
  return undefined;
}

export function setForwarding6(kernel: Kernel, netns: string, enabled: boolean): Refused | undefined {
  const row = kernel.tables.netns.get(netns);
  if (row === undefined) return noSuchNetns(netns);
  if (row.forwarding6 !== enabled) kernel.port.emit({ type: 'Forwarding6Set', netns, enabled });
  return undefined;
}

/** `nodad`: it is used at once, without asking whether somebody has it. */
export function addAddress6(kernel: Kernel, link: LinkReference, address: Ipv6, prefix: number,
  nodad = false): Refused | undefined {
  const row = kernel.link(link);
  if (row === undefined) return NO_SUCH_DEVICE;
  if (!row.ipv6) return netlinkRefusal('Permission denied');
  if (row.addresses6.some((held) => held.address === address)) return FILE_EXISTS;
  const state = nodad || row.kind === 'loopback' ? 'preferred' : 'tentative';
  kernel.port.emit({ type: 'Address6Added', link: row.index, address, prefix, state, nodad });
  addConnectedRoute(kernel, row, address, prefix);
  kernel.stack(row.netns)?.linkChanged(row);
  return undefined;
}

export function deleteAddress6(kernel: Kernel, link: LinkReference, address: Ipv6): Refused | undefined {
  const row = kernel.link(link);
  if (row === undefined) return NO_SUCH_DEVICE;
  const held = row.addresses6.find((each) => each.address === address);
  if (held === undefined) return netlinkRefusal('Cannot assign requested address');
  kernel.port.emit({ type: 'Address6Deleted', link: row.index, address });
  const destination = networkOf6(address, held.prefix);
  const shared = row.addresses6.some((each) => each.prefix === held.prefix
    && networkOf6(each.address, each.prefix) === destination);
  if (!shared) {
    for (const route of routesOf(kernel, row)) {
      if (route.destination === destination && route.prefix === held.prefix && route.metric === CONNECTED_METRIC) {
        emitRouteDeleted(kernel, row.netns, route);
      }
    }
  }
  kernel.stack(row.netns)?.linkChanged(row);
  return undefined;
}

export function addRoute6(kernel: Kernel, spec: Route6Spec): Refused | undefined {
  const netns = kernel.tables.netns.get(spec.netns);
  if (netns === undefined) return noSuchNetns(spec.netns);
  const { destination, prefix, gateway, metric = DEFAULT_METRIC } = spec;
  const asked = typeof spec.link === 'number' ? spec.link : spec.link.index;
  const reached = gateway === IPV6_UNSPECIFIED || isLinkLocalIpv6(gateway) ? undefined
    : netns.routes6.find((route) => route.gateway === IPV6_UNSPECIFIED && (asked === 0 || route.link === asked)
      && inSubnet6(gateway, route.destination, route.prefix));
  const row = kernel.link(reached?.link ?? asked);
  if (gateway !== IPV6_UNSPECIFIED && reached === undefined && !isLinkLocalIpv6(gateway)) {
    return netlinkRefusal('No route to host');
  }
  if (row === undefined || row.netns !== spec.netns) return NO_SUCH_DEVICE;
  if (!row.up) return netlinkRefusal('Network is down');
  const same = netns.routes6.some((route) => route.destination === destination && route.prefix === prefix
    && route.metric === metric && route.link === row.index);
  if (same) return FILE_EXISTS;
  kernel.port.emit({ type: 'Route6Added', netns: netns.name, destination: networkOf6(destination, prefix), prefix,
    gateway, link: row.index, source: IPV6_UNSPECIFIED, metric });
  return undefined;
}

/** The first route that has what `spec` names: gateway `::` and link 0 match any. */
export function deleteRoute6(kernel: Kernel, spec: Route6Spec): Refused | undefined {
  const netns = kernel.tables.netns.get(spec.netns);
  if (netns === undefined) return noSuchNetns(spec.netns);
  const link = typeof spec.link === 'number' ? spec.link : spec.link.index;
  const found = netns.routes6.find((route) => route.destination === spec.destination && route.prefix === spec.prefix
    && (spec.gateway === IPV6_UNSPECIFIED || route.gateway === spec.gateway) && (link === 0 || route.link === link));
  if (found === undefined) return netlinkRefusal('No such process');
  emitRouteDeleted(kernel, spec.netns, found);
  return undefined;
}

export function addNeighbour6(kernel: Kernel, link: LinkReference, address: Ipv6, mac: Mac): Refused | undefined {
  const row = kernel.link(link);
  if (row === undefined) return NO_SUCH_DEVICE;
  const held = row.neighbours6.get(address);
  if (held !== undefined && held.state !== 'INCOMPLETE' && held.state !== 'FAILED') return FILE_EXISTS;
  kernel.port.emit({ type: 'Neighbour6Changed', link: row.index, address, mac, state: 'PERMANENT', router: false });
  return undefined;
}

/** A link has just begun to work: its link-local address comes (RFC 4862 section 5.3), and its routes come back. */
export function linkWorks6(kernel: Kernel, row: LinkRow): void {
  if (!row.ipv6 || !row.up || !row.carrier) return;
  if (row.kind === 'loopback') {
    if (row.addresses6.length === 0) addAddress6(kernel, row, IPV6_LOOPBACK, 128);
    return;
  }
  for (const { address, prefix } of row.addresses6) addConnectedRoute(kernel, row, address, prefix);
  if (!row.addresses6.some(({ address }) => isLinkLocalIpv6(address))) {
    addAddress6(kernel, row, linkLocalOf(row.mac), LINK_LOCAL_PREFIX);
  }
}

/** A link was set down or leaves: addresses and routes go with it, as in Linux (keep_addr_on_down 0). */
export function forgetLink6(kernel: Kernel, row: LinkRow): void {
  for (const route of routesOf(kernel, row)) emitRouteDeleted(kernel, row.netns, route);
  for (const { address } of [...row.addresses6]) {
    kernel.port.emit({ type: 'Address6Deleted', link: row.index, address });
  }
  for (const address of [...row.neighbours6.keys()]) {
    kernel.port.emit({ type: 'Neighbour6Deleted', link: row.index, address });
  }
}

/** The link-local network needs no row: every link has its own. */
function addConnectedRoute(kernel: Kernel, row: LinkRow, address: Ipv6, prefix: number): void {
  if (!row.up || row.kind === 'loopback' || prefix === 128 || isLinkLocalIpv6(address)) return;
  const destination = networkOf6(address, prefix);
  if (routesOf(kernel, row).some((route) => route.destination === destination && route.prefix === prefix)) return;
  kernel.port.emit({ type: 'Route6Added', netns: row.netns, destination, prefix, gateway: IPV6_UNSPECIFIED,
    link: row.index, source: IPV6_UNSPECIFIED, metric: CONNECTED_METRIC });
}

function routesOf(kernel: Kernel, row: LinkRow): Route6Row[] {
  return (kernel.tables.netns.get(row.netns)?.routes6 ?? []).filter((route) => route.link === row.index);
}

function emitRouteDeleted(kernel: Kernel, netns: string, route: Route6Row): void {
  const { destination, prefix, gateway, link, metric } = route;
  kernel.port.emit({ type: 'Route6Deleted', netns, destination, prefix, gateway, link, metric });
}
