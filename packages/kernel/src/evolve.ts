// The only writer of the kernel's tables. One event, one small change; an event about a row that is not there changes
// nothing.

import { unreachable } from '@netreel/sim';
import type { KernelEvent } from './events.js';
import { evolveFilter } from './filter/evolve.js';
import type { KernelTables, LinkKind, LinkRow, NeighbourState, RouteRow } from './tables.js';

type EventOf<T extends KernelEvent['type']> = Extract<KernelEvent, { readonly type: T }>;

/** Applies one event. Total: it never fails, whatever the event names. */
export function evolveKernel(tables: KernelTables, event: KernelEvent): void {
  if (!LEAVES_ROUTING_ALONE.has(event.type)) tables.changes++;
  switch (event.type) {
    case 'NetnsAdded':
      tables.netns.set(event.netns, { name: event.netns, forwarding: false, links: [], routes: [] });
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
    case 'RouteAdded': addRoute(tables, event); return;
    case 'RouteDeleted': deleteRoute(tables, event); return;
    case 'SocketBound': {
      const { socket, netns, protocol, address, port } = event;
      tables.sockets.set(socket, { socket, netns, protocol, address, port });
      return;
    }
    case 'SocketClosed': tables.sockets.delete(event.socket); return;
    case 'LinkAdded': addLink(tables, event); return;
    case 'LinkDeleted': deleteLink(tables, event.link); return;
    case 'LinkMoved': moveLink(tables, event); return;
    case 'FdbLearned':
    case 'FdbMoved': tables.links.get(event.bridge)?.fdb.set(event.mac, event.port); return;
    case 'FdbAged': tables.links.get(event.bridge)?.fdb.delete(event.mac); return;
    case 'TableLoaded':
      if (tables.netns.has(event.netns)) evolveFilter(tables.filters, event);
      return;
    case 'ChainCreated': case 'ChainDeleted': case 'PolicySet': case 'RuleAppended': case 'RuleInserted': case 'RuleDeleted': case 'FlowCreated': case 'FlowChanged': case 'FlowExpired': evolveFilter(tables.filters, event); return;
    default: {
      const row = tables.links.get(event.link);
      if (row !== undefined) evolveLink(row, event);
    }
  }
}

/** Frequent, and no route or own address depends on them. */
const LEAVES_ROUTING_ALONE: ReadonlySet<KernelEvent['type']> = new Set([
  'NeighbourChanged', 'NeighbourDeleted', 'FdbLearned', 'FdbMoved', 'FdbAged', 'FdbAdded', 'FdbDeleted',
  'SocketBound', 'SocketClosed', 'TableLoaded', 'ChainCreated', 'ChainDeleted', 'PolicySet', 'RuleAppended',
  'RuleInserted', 'RuleDeleted', 'FlowCreated', 'FlowChanged', 'FlowExpired',
]);

type LinkEvent = EventOf<'LinkUp' | 'LinkDown' | 'CarrierGained' | 'CarrierLost' | 'LinkEnslaved' | 'LinkReleased'
  | 'LinkMacSet' | 'LinkMtuSet' | 'AddressAdded' | 'AddressDeleted' | 'NeighbourChanged' | 'NeighbourDeleted'
  | 'FdbAdded' | 'FdbDeleted'>;

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
    case 'AddressAdded': row.addresses.push({ address: event.address, prefix: event.prefix }); return;
    case 'AddressDeleted':
      removeFirst(row.addresses, (held) => held.address === event.address && held.prefix === event.prefix);
      return;
    case 'NeighbourChanged': changeNeighbour(row, event); return;
    case 'NeighbourDeleted': row.neighbours.delete(event.address); return;
    case 'FdbAdded': {
      const remotes = row.remotes.get(event.mac);
      if (remotes === undefined) row.remotes.set(event.mac, [event.remote]);
      else if (!remotes.includes(event.remote)) remotes.push(event.remote);
      return;
    }
    case 'FdbDeleted': {
      const remotes = row.remotes.get(event.mac);
      if (remotes === undefined) return;
      removeFirst(remotes, (remote) => remote === event.remote);
      if (remotes.length === 0) row.remotes.delete(event.mac);
      return;
    }
    default: unreachable(event);
  }
}

/** Kinds whose other end is there from the start; a veth waits for its peer, a bridge for a working port. */
function hasCarrierAtBirth(kind: LinkKind): boolean {
  return kind !== 'veth' && kind !== 'bridge' && kind !== 'macvlan';
}

function addLink(tables: KernelTables, event: EventOf<'LinkAdded'>): void {
  const kind = event.kind as LinkKind;
  tables.links.set(event.link, {
    index: event.link, kind, netns: event.netns, name: event.name, mac: event.mac, mtu: event.mtu,
    up: false, carrier: hasCarrierAtBirth(kind), master: 0,
    peer: event.peer, parent: event.parent, vni: event.vni, local: event.local, port: event.port,
    addresses: [], neighbours: new Map(), fdb: new Map(), remotes: new Map(),
  });
  putLink(tables, event.netns, event.link);
}

function deleteLink(tables: KernelTables, link: number): void {
  const row = tables.links.get(link);
  if (row === undefined) return;
  takeLink(tables, row.netns, link);
  tables.links.delete(link);
}

function moveLink(tables: KernelTables, event: EventOf<'LinkMoved'>): void {
  const row = tables.links.get(event.link);
  if (row === undefined) return;
  takeLink(tables, row.netns, event.link);
  row.netns = event.netns;
  row.name = event.name;
  putLink(tables, event.netns, event.link);
}

function putLink(tables: KernelTables, netns: string, link: number): void {
  const links = tables.netns.get(netns)?.links;
  if (links === undefined) return;
  const after = links.findIndex((other) => other > link);
  links.splice(after < 0 ? links.length : after, 0, link);
}

function takeLink(tables: KernelTables, netns: string, link: number): void {
  const links = tables.netns.get(netns)?.links;
  if (links !== undefined) removeFirst(links, (other) => other === link);
}

/** Keeps the row's identity, so that whoever holds it sees the change. */
function changeNeighbour(row: LinkRow, event: EventOf<'NeighbourChanged'>): void {
  const state = event.state as NeighbourState;
  const neighbour = row.neighbours.get(event.address);
  if (neighbour === undefined) {
    row.neighbours.set(event.address, { address: event.address, mac: event.mac, state });
  } else {
    neighbour.mac = event.mac;
    neighbour.state = state;
  }
}

function addRoute(tables: KernelTables, event: EventOf<'RouteAdded'>): void {
  const routes = tables.netns.get(event.netns)?.routes;
  if (routes === undefined) return;
  const { destination, prefix, gateway, link, source, metric } = event;
  const after = routes.findIndex((other) =>
    other.prefix < prefix || (other.prefix === prefix && other.metric > metric));
  routes.splice(after < 0 ? routes.length : after, 0, { destination, prefix, gateway, link, source, metric });
}

function deleteRoute(tables: KernelTables, event: EventOf<'RouteDeleted'>): void {
  const routes = tables.netns.get(event.netns)?.routes;
  if (routes === undefined) return;
  removeFirst(routes, (route: RouteRow) => route.destination === event.destination && route.prefix === event.prefix
    && route.gateway === event.gateway && route.link === event.link && route.metric === event.metric);
}

function removeFirst<T>(list: T[], matches: (item: T) => boolean): void {
  const at = list.findIndex(matches);
  if (at >= 0) list.splice(at, 1);
}
