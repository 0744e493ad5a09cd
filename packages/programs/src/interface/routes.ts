// Routes as programs look at them: in the table's order, and which one a packet would take.

import type { LinkRow, RouteRow } from '@netreel/kernel';
import { type Ipv4, inSubnet } from '@netreel/wire';
import type { NetView } from '../contract.js';

/** Of the main table as `ip route` lists it: by destination, the longest prefix of one first. Routes of links that
 * are down are gone. */
export function listedRoutes(net: NetView): RouteRow[] {
  return net.namespace().routes
    .filter((route) => isListed(net.link(route.link)))
    .map((route, age) => ({ route, age }))
    .sort((a, b) => a.route.destination - b.route.destination || b.route.prefix - a.route.prefix
      || a.route.metric - b.route.metric ||
      a.age - b.age)
    .map(({ route }) => route);
}

/** The longest prefix wins; the table is kept in that order. */
export function routeTowards(net: NetView, target: Ipv4): RouteRow | undefined {
  return net.namespace().routes.find((route) => inSubnet(target, route.destination, route.prefix)
    && net.link(route.link)?.up === true);
}

/** What leads to lo stands in the table of local addresses, which nobody lists. */
function isListed(link: LinkRow | undefined): boolean {
  return link !== undefined && link.up && link.kind !== 'loopback';
}

/** 0 when no way leads there. */
export function linkMtuTowards(net: NetView, target: Ipv4): number {
  const route = routeTowards(net, target);
  return route === undefined ? 0 : net.link(route.link)?.mtu ?? 0;
}
