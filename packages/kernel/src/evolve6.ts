// What events of IPv6 do to the rows of links and namespaces.

import { unreachable } from '@netreel/sim';
import type { Ipv6 } from '@netreel/wire';
import type { KernelEvent } from './events.js';
import type { Address6State, LinkRow, NeighbourRow, NeighbourState, NetnsRow } from './tables.js';

type EventOf<T extends KernelEvent['type']> = Extract<KernelEvent, { readonly type: T }>;

export type Link6Event = EventOf<'LinkIpv6Set' | 'Address6Added' | 'Address6Changed' | 'Address6Deleted'
  | 'Neighbour6Changed' | 'Neighbour6Deleted'>;

export type Netns6Event = EventOf<'Ipv6Set' | 'Forwarding6Set' | 'Route6Added' | 'Route6Deleted'>;

/** What links without neighbours share. */
export const NO_ROWS6: ReadonlyMap<Ipv6, never> = new Map<Ipv6, never>();

export function evolveLink6(row: LinkRow, event: Link6Event): void {
  switch (event.type) {
    case 'LinkIpv6Set': row.ipv6 = event.enabled; return;
    case 'Address6Added': {
      const { address, prefix, nodad } = event;
      row.addresses6 = row.addresses6.concat({ address, prefix, nodad, state: event.state as Address6State });
      return;
    }
    case 'Address6Changed': {
      const held = row.addresses6.find(({ address }) => address === event.address);
      if (held !== undefined) held.state = event.state as Address6State;
      return;
    }
    case 'Address6Deleted':
      row.addresses6 = row.addresses6.filter(({ address }) => address !== event.address);
      return;
    case 'Neighbour6Changed': changeNeighbour(row, event); return;
    case 'Neighbour6Deleted':
      if (row.neighbours6 !== NO_ROWS6) (row.neighbours6 as Map<Ipv6, NeighbourRow<Ipv6>>).delete(event.address);
      return;
    default: unreachable(event);
  }
}

/** Keeps the row's identity, so that whoever holds it sees the change. */
function changeNeighbour(row: LinkRow, event: EventOf<'Neighbour6Changed'>): void {
  const { address, mac, router } = event;
  const state = event.state as NeighbourState;
  const neighbour = row.neighbours6.get(address);
  if (neighbour !== undefined) {
    neighbour.mac = mac;
    neighbour.state = state;
    neighbour.router = router;
    return;
  }
  if (row.neighbours6 === NO_ROWS6) row.neighbours6 = new Map();
  (row.neighbours6 as Map<Ipv6, NeighbourRow<Ipv6>>).set(address, { address, mac, state, router });
}

export function evolveNetns6(netns: NetnsRow, event: Netns6Event): void {
  switch (event.type) {
    case 'Ipv6Set': netns.ipv6 = event.enabled; return;
    case 'Forwarding6Set': netns.forwarding6 = event.enabled; return;
    case 'Route6Added': {
      const { destination, prefix, gateway, link, source, metric } = event;
      // Longest prefix first, then lowest metric, then age.
      const after = netns.routes6.findIndex((other) =>
        other.prefix < prefix || (other.prefix === prefix && other.metric > metric));
      const at = after < 0 ? netns.routes6.length : after;
      netns.routes6 = netns.routes6.slice(0, at).concat({ destination, prefix, gateway, link, source, metric },
        netns.routes6.slice(at));
      return;
    }
    case 'Route6Deleted': {
      const at = netns.routes6.findIndex((route) => route.destination === event.destination
        && route.prefix === event.prefix && route.gateway === event.gateway && route.link === event.link
        && route.metric === event.metric);
      if (at >= 0) netns.routes6 = netns.routes6.filter((_, place) => place !== at);
      return;
    }
    default: unreachable(event);
  }
}
