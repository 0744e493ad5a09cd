// The only writer of the kernel's tables. One event, one small change; an event about a row that is not there changes
// nothing.

import { unreachable } from '@netreel/sim';
import type { KernelEvent } from './events.js';
import { type Link6Event, NO_ROWS6, evolveLink6, evolveNetns6 } from './evolve6.js';
import { evolveFilter } from './filter/evolve.js';
import type { KernelTables, LinkKind, LinkRow, NeighbourState, RouteRow } from './tables.js';

type EventOf<T extends KernelEvent['type']> = Extract<KernelEvent, { readonly type: T }>;

/** Applies one event. Total: it never fails, whatever the event names. */
export function evolveKernel(tables: KernelTables, event: KernelEvent): void {
  countChange(tables, event);
  switch (event.type) {
    case 'NetnsAdded':
      tables.netns.set(event.netns, { name: event.netns, forwarding: false, links: [],
        linksByName: new Map(), routes: [], ipv6: false, forwarding6: false, routes6: [] });
      return;
    case 'NetnsDeleted':
      tables.netns.delete(event.netns);
      tables.filters.delete(event.netns);
      return;
    case 'ForwardingSet': {
      const netns = tables.netns.get(event.netns);
      if (netns !== undefined) netns.forwarding = event.enabled;
      return;
    }
    case 'Ipv6Set': case 'Forwarding6Set': case 'Route6Added': case 'Route6Deleted': {
      const netns = tables.netns.get(event.netns);
      if (netns !== undefined) evolveNetns6(netns, event);
      return;
    }
    case 'RouteAdded': addRoute(tables, event); return;
    case 'RouteDeleted': deleteRoute(tables, event); return;
    case 'SocketBound': case 'Socket6Bound': {
      const { socket, netns, protocol, address, port } = event;
      tables.sockets.set(socket, { socket, netns, protocol, address, port });
      return;
    }
    case 'TcpStateChanged': case 'Tcp6StateChanged': {
      const { socket, netns, address, port, remoteAddress, remotePort, state } = event;
      tables.sockets.set(socket, { socket, netns, protocol: 'tcp', address, port, remoteAddress, remotePort, state });
      return;
    }
    case 'SocketClosed': tables.sockets.delete(event.socket); return;
    case 'LinkAdded': addLink(tables, event); return;
    case 'LinkDeleted': deleteLink(tables, event.link); return;
    case 'VlanNumbered': {
      const row = tables.links.get(event.link);
      if (row !== undefined) row.vlan = event.vlan;
      return;
    }
    case 'MacvlanModeSet': {
      const row = tables.links.get(event.link);
      if (row !== undefined) row.mode = event.mode;
      return;
    }
    case 'LinkMoved': moveLink(tables, event); return;
    case 'FdbLearned':
    case 'FdbMoved': {
      const bridge = tables.links.get(event.bridge);
      if (bridge !== undefined) bridge.fdb = withRow(bridge.fdb, event.mac, event.port);
      return;
    }
    case 'FdbAged': forget(tables.links.get(event.bridge)?.fdb, event.mac); return;
    case 'TableLoaded':
      if (tables.netns.has(event.netns)) evolveFilter(tables.filters, event);
      return;
    case 'ChainCreated': case 'ChainDeleted': case 'PolicySet': case 'RuleAppended': case 'RuleInserted':
    case 'RuleDeleted': case 'FlowCreated': case 'FlowChanged': case 'FlowExpired':
      evolveFilter(tables.filters, event);
      return;
    default: {
      const row = tables.links.get(event.link);
      if (row !== undefined) evolveLink(row, event);
    }
  }
}

/** What was derived from tables that changed is to be derived anew. */
function countChange(tables: KernelTables, { type }: KernelEvent): void {
  if (LEAVES_ROUTING_ALONE.has(type)) return;
  tables.changes6++;
  if (!IPV6_ALONE.has(type)) tables.changes++;
}

/** No route and no address of IPv4 depends on them. */
const IPV6_ALONE: ReadonlySet<KernelEvent['type']> = new Set([
  'Ipv6Set', 'LinkIpv6Set', 'Address6Added', 'Address6Changed', 'Address6Deleted', 'Route6Added', 'Route6Deleted',
  'Forwarding6Set',
]);

/** Frequent, and no route or own address depends on them. */
const LEAVES_ROUTING_ALONE: ReadonlySet<KernelEvent['type']> = new Set([
  'NeighbourChanged', 'NeighbourDeleted', 'Neighbour6Changed', 'Neighbour6Deleted', 'FdbLearned', 'FdbMoved',
    'FdbAged', 'FdbAdded', 'FdbDeleted',
  'SocketBound', 'Socket6Bound', 'SocketClosed', 'TcpStateChanged', 'Tcp6StateChanged', 'TableLoaded', 'ChainCreated',
    'ChainDeleted', 'PolicySet',
  'RuleAppended', 'RuleInserted', 'RuleDeleted', 'FlowCreated', 'FlowChanged', 'FlowExpired',
]);

type LinkEvent = EventOf<'LinkUp' | 'LinkDown' | 'CarrierGained' | 'CarrierLost' | 'LinkEnslaved' | 'LinkReleased'
  | 'LinkMacSet' | 'LinkMtuSet' | 'AddressAdded' | 'AddressDeleted' | 'NeighbourChanged' | 'NeighbourDeleted'
  | 'FdbAdded' | 'FdbDeleted'> | Link6Event;

function evolveLink(row: LinkRow, event: LinkEvent): void {
  switch (event.type) {
    case 'LinkUp': row.up = true; return;
    case 'LinkDown': row.up = false; return;
    case 'CarrierGained': row.carrier = true; return;
    case 'CarrierLost': row.carrier = false; return;
    case 'LinkEnslaved': row.master = event.master; return;
    case 'LinkReleased': row.master = 0; return;
    case 'LinkMacSet': row.mac = event.mac; return;
    case 'LinkMtuSet': row.mtu = event.mtu; return;
    // Lists of one or two: a new one takes a quarter of the room of one that may grow.
    case 'AddressAdded':
      row.addresses = row.addresses.concat({ address: event.address, prefix: event.prefix });
      return;
    case 'AddressDeleted':
      row.addresses = row.addresses.filter((held) => held.address !== event.address || held.prefix !== event.prefix);
      return;
    case 'NeighbourChanged': changeNeighbour(row, event); return;
    case 'NeighbourDeleted': forget(row.neighbours, event.address); return;
    case 'FdbAdded': {
      const remotes = row.remotes.get(event.mac);
      if (remotes === undefined) row.remotes = withRow(row.remotes, event.mac, [event.remote]);
      else if (!remotes.includes(event.remote)) remotes.push(event.remote);
      return;
    }
    case 'FdbDeleted': {
      const remotes = row.remotes.get(event.mac);
      if (remotes === undefined) return;
      removeFirst(remotes, (remote) => remote === event.remote);
      if (remotes.length === 0) forget(row.remotes, event.mac);
      return;
    }
    case 'LinkIpv6Set': case 'Address6Added': case 'Address6Changed': case 'Address6Deleted': case 'Neighbour6Changed':
    case 'Neighbour6Deleted':
      evolveLink6(row, event);
      return;
    default: unreachable(event);
  }
}

/** Kinds whose other end is there from the start; a veth waits for its peer, a bridge for a working port. */
function hasCarrierAtBirth(kind: LinkKind): boolean {
  return kind !== 'veth' && kind !== 'bridge' && kind !== 'macvlan' && kind !== 'vlan';
}

function addLink(tables: KernelTables, event: EventOf<'LinkAdded'>): void {
  const kind = event.kind as LinkKind;
  tables.links.set(event.link, {
    index: event.link, kind, netns: event.netns, name: event.name, mac: event.mac, mtu: event.mtu,
    up: false, carrier: hasCarrierAtBirth(kind), master: 0,
    peer: event.peer, parent: event.parent, vni: event.vni, local: event.local, port: event.port,
    vlan: 0, mode: '',
    addresses: [], neighbours: NO_ROWS, fdb: NO_ROWS, remotes: NO_ROWS,
    ipv6: tables.netns.get(event.netns)?.ipv6 ?? false, addresses6: [], neighbours6: NO_ROWS6,
  });
  putLink(tables, event.netns, event.name, event.link);
}

function deleteLink(tables: KernelTables, link: number): void {
  const row = tables.links.get(link);
  if (row === undefined) return;
  takeLink(tables, row);
  tables.links.delete(link);
}

function moveLink(tables: KernelTables, event: EventOf<'LinkMoved'>): void {
  const row = tables.links.get(event.link);
  if (row === undefined) return;
  takeLink(tables, row);
  row.netns = event.netns;
  row.name = event.name;
  row.ipv6 = tables.netns.get(event.netns)?.ipv6 ?? false;
  putLink(tables, event.netns, event.name, event.link);
}

function putLink(tables: KernelTables, netns: string, name: string, link: number): void {
  const namespace = tables.netns.get(netns);
  if (namespace === undefined) return;
  const { links } = namespace;
  // From the end: a new link has the highest index so far.
  let at = links.length;
  while (at > 0 && links[at - 1]! > link) at--;
  links.splice(at, 0, link);
  namespace.linksByName.set(name, link);
}

function takeLink(tables: KernelTables, row: LinkRow): void {
  const namespace = tables.netns.get(row.netns);
  if (namespace === undefined) return;
  removeFirst(namespace.links, (other) => other === row.index);
  if (namespace.linksByName.get(row.name) === row.index) namespace.linksByName.delete(row.name);
}

/** What a new link has of neighbours and forwarding rows, and most keep: a map of its own comes with the first row. */
const NO_ROWS: ReadonlyMap<number, never> = new Map<number, never>();

function withRow<T>(rows: ReadonlyMap<number, T>, key: number, row: T): ReadonlyMap<number, T> {
  // By its size, not by its identity: tables that were kept somewhere and read back share another empty map.
  const own = rows.size === 0 ? new Map<number, T>() : rows as Map<number, T>;
  return own.set(key, row);
}

function forget<T>(rows: ReadonlyMap<number, T> | undefined, key: number): void {
  if (rows !== undefined && rows.size > 0) (rows as Map<number, T>).delete(key);
}

/** Keeps the row's identity, so that whoever holds it sees the change. */
function changeNeighbour(row: LinkRow, event: EventOf<'NeighbourChanged'>): void {
  const state = event.state as NeighbourState;
  const neighbour = row.neighbours.get(event.address);
  if (neighbour === undefined) {
    row.neighbours = withRow(row.neighbours, event.address, { address: event.address, mac: event.mac, state });
  } else {
    neighbour.mac = event.mac;
    neighbour.state = state;
  }
}

function addRoute(tables: KernelTables, event: EventOf<'RouteAdded'>): void {
  const namespace = tables.netns.get(event.netns);
  if (namespace === undefined) return;
  const { routes } = namespace;
  const { destination, prefix, gateway, link, source, metric } = event;
  const after = routes.findIndex((other) =>
    other.prefix < prefix || (other.prefix === prefix && other.metric > metric));
  const at = after < 0 ? routes.length : after;
  namespace.routes = routes.slice(0, at).concat({ destination, prefix, gateway, link, source, metric },
    routes.slice(at));
}

function deleteRoute(tables: KernelTables, event: EventOf<'RouteDeleted'>): void {
  const namespace = tables.netns.get(event.netns);
  if (namespace === undefined) return;
  const at =
    namespace.routes.findIndex((route: RouteRow) => route.destination === event.destination
      && route.prefix === event.prefix
    && route.gateway === event.gateway && route.link === event.link && route.metric === event.metric);
  if (at >= 0) namespace.routes = namespace.routes.filter((_, place) => place !== at);
}

function removeFirst<T>(list: T[], matches: (item: T) => boolean): void {
  const at = list.findIndex(matches);
  if (at >= 0) list.splice(at, 1);
}
