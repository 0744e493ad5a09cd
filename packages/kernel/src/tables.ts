// The tables of one simulated Linux kernel. Written by evolve.ts alone; everybody else reads.

import type { Address, Ipv4, Ipv6, Mac } from '@netreel/wire';
import type { FilterRow } from './filter/tables.js';

export type LinkKind = 'loopback' | 'veth' | 'bridge' | 'vxlan' | 'nic' | 'macvlan' | 'vlan' | 'dummy';
export type NeighbourState = 'INCOMPLETE' | 'REACHABLE' | 'STALE' | 'DELAY' | 'PROBE' | 'FAILED' | 'PERMANENT';

export interface AddressRow { readonly address: Ipv4; readonly prefix: number }

export interface NeighbourRow<A extends Address = Ipv4> {
  readonly address: A; mac: Mac; state: NeighbourState;
  /** IPv6: it says of itself that it forwards. */
  router?: boolean;
}

/** `tentative`: nobody else may have it; `duplicate`: somebody has (RFC 4862 section 5.4). */
export type Address6State = 'tentative' | 'preferred' | 'duplicate';

export interface Address6Row {
  readonly address: Ipv6; readonly prefix: number;
  /** Taken without asking whether somebody else has it. */
  readonly nodad: boolean;
  state: Address6State;
}

/** `gateway` and `source` `::`: on link, and chosen by the addresses of the link. */
export interface Route6Row {
  readonly destination: Ipv6; readonly prefix: number; readonly gateway: Ipv6;
  readonly link: number; readonly source: Ipv6; readonly metric: number;
}

export interface RouteRow {
  readonly destination: Ipv4; readonly prefix: number; readonly gateway: Ipv4;
  readonly link: number; readonly source: Ipv4; readonly metric: number;
}

export interface LinkRow {
  readonly index: number;
  readonly kind: LinkKind;
  netns: string;
  name: string;
  mac: Mac;
  mtu: number;
  /** Administratively up (UP). */
  up: boolean;
  /** The other end is there (LOWER_UP). A link works when it is up and has carrier. */
  carrier: boolean;
  /** Index of the bridge this link is a port of; 0 for none. */
  master: number;
  /** Index of the veth's other end; 0 for none. */
  readonly peer: number;
  readonly parent: number;
  readonly vni: number;
  readonly local: Ipv4;
  readonly port: number;
  /** Of a VLAN its number, else 0. */
  vlan: number;
  /** Of a macvlan device `bridge`, `private`, `vepa` or `passthru`, else empty. */
  mode: string;
  /** In the order in which they were added: the first one is the primary. */
  addresses: readonly AddressRow[];
  neighbours: ReadonlyMap<Ipv4, NeighbourRow>;
  /** Whether IPv6 is spoken on it (net.ipv6.conf.NAME.disable_ipv6 the other way round). */
  ipv6: boolean;
  addresses6: readonly Address6Row[];
  neighbours6: ReadonlyMap<Ipv6, NeighbourRow<Ipv6>>;
  /** Bridge: MAC to port index. */
  fdb: ReadonlyMap<Mac, number>;
  /** Vxlan: MAC (0: everything else) to tunnel ends, in the order they were added. */
  remotes: ReadonlyMap<Mac, Ipv4[]>;
}

/** IPv4 addresses of a socket of IPv6 stand mapped here, as Linux shows them. */
export interface SocketRow {
  readonly socket: number; readonly netns: string; readonly protocol: string; readonly address: Address;
  readonly port: number;
  /** TCP alone: the other end, 0 for none, and the state by its name in RFC 9293. */
  readonly remoteAddress?: Address; readonly remotePort?: number; readonly state?: string;
}

export interface NetnsRow {
  readonly name: string;
  forwarding: boolean;
  /** Interface indexes in ascending order. */
  readonly links: number[];
  /** Interface indexes by name. */
  readonly linksByName: Map<string, number>;
  /** Longest prefix first, then lowest metric, then age. */
  routes: readonly RouteRow[];
  /** Whether links that come speak IPv6 (net.ipv6.conf.default.disable_ipv6 the other way round). */
  ipv6: boolean;
  forwarding6: boolean;
  routes6: readonly Route6Row[];
}

export interface KernelTables {
  readonly netns: Map<string, NetnsRow>;
  readonly links: Map<number, LinkRow>;
  readonly sockets: Map<number, SocketRow>;
  /** Rules and flows, by namespace; only of those that have any table of the filter. */
  readonly filters: Map<string, FilterRow>;
  /**
   * Counts the changes of namespaces, links, addresses and routes: what was derived from them is good while this
   * stands still.
   */
  changes: number;
  /** The same for what IPv6 alone depends on. */
  changes6: number;
}

export function emptyKernelTables(): KernelTables {
  return { netns: new Map(), links: new Map(), sockets: new Map(), filters: new Map(), changes: 0,
    changes6: 0 };
}
