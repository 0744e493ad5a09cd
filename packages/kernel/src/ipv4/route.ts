// Where a packet goes: longest-prefix lookup, what is local, which source address. RFC 1122 sections 3.3.1 and 3.3.4,
// RFC 1812 section 5.2.4.3. Every answer is kept under its destination until a link, address or route changes.

import { broadcastOf, inSubnet, isLoopbackIpv4, isMulticastIpv4, type Ipv4 } from '@netreel/wire';
import { MINUTE, type SimTime } from '@netreel/sim';
import type { KernelCore } from '../contract.js';
import { Path, type PathKind } from '../network/path.js';
import type { LinkRow, NetnsRow, RouteRow } from '../tables.js';

export const LIMITED_BROADCAST: Ipv4 = 0xffff_ffff;
const LOCALHOST: Ipv4 = 0x7f00_0001;

/** What the header's sixteen bits can say (RFC 791 section 3.1): the loopback's own MTU is one byte more. */
const LENGTH_MAX = 0xffff;
/** RFC 1191 section 6.3 asks for about ten minutes before a larger size may be tried again. */
const PATH_MTU_AGE_NS = 10 * MINUTE;
/** Linux believes no router that claims less (net.ipv4.route.min_pmtu). */
const PATH_MTU_LEAST = 552;
/** Paths asked for lately, by the last bits of their target: addresses are large numbers, which maps hash slowly. */
const RECENT = 64;
/** Destinations remembered at a time; a scan of a network must not grow a table without end. */
const PATHS_MAX = 4096;
const PATH_MTUS_MAX = 1024;

interface LearntMtu { readonly mtu: number; readonly until: SimTime }

/** The routes of one namespace, as its packets see them. */
export class Routes {
  private readonly paths = new Map<Ipv4, Path>();
  private readonly recent: (Path | undefined)[] = new Array<undefined>(RECENT).fill(undefined);
  private readonly locals = new Map<Ipv4, LinkRow>();
  private readonly broadcasts = new Map<Ipv4, LinkRow>();
  private readonly pathMtus = new Map<Ipv4, LearntMtu>();
  private loopback: LinkRow | undefined;
  private namespace: NetnsRow | undefined;
  private seen = -1;

  constructor(private readonly core: KernelCore, private readonly netns: string) {}

  /** The way to `target`. The hot path. */
  find(target: Ipv4): Path {
    if (this.core.tables.changes !== this.seen) this.refresh();
    const recent = this.recent[target & (RECENT - 1)];
    if (recent !== undefined && recent.target === target) return recent;
    return this.recent[target & (RECENT - 1)] = this.lookUp(target);
  }

  private lookUp(target: Ipv4): Path {
    const known = this.paths.get(target);
    if (known !== undefined) return known;
    const path = this.compute(target);
    if (this.paths.size >= PATHS_MAX) this.paths.clear();
    this.paths.set(target, path);
    return path;
  }

  /** net.ipv4.ip_forward. */
  forwarding(): boolean {
    if (this.core.tables.changes !== this.seen) this.refresh();
    return this.namespace !== undefined && this.namespace.forwarding;
  }

  isLocal(address: Ipv4): boolean {
    return this.find(address).kind === 'local';
  }

  /** An address of `link` to speak to its neighbour `address` from. */
  sourceOn(link: LinkRow, address: Ipv4): Ipv4 {
    for (const own of link.addresses) if (inSubnet(address, own.address, own.prefix)) return own.address;
    const primary = link.addresses[0];
    if (primary !== undefined) return primary.address;
    if (this.core.tables.changes !== this.seen) this.refresh();
    // A link without addresses borrows one, in the order of the links (Linux's inet_select_addr).
    for (const [own, row] of this.locals) if (row.kind !== 'loopback') return own;
    return 0;
  }

  /** The largest packet that fits all the way, as far as is known. */
  mtu(path: Path): number {
    const device = path.link === undefined ? 0 : path.link.mtu;
    const own = device < LENGTH_MAX ? device : LENGTH_MAX;
    if (this.pathMtus.size === 0) return own;
    const learnt = this.pathMtus.get(path.target);
    if (learnt === undefined) return own;
    if (learnt.until > this.core.port.now()) return learnt.mtu < own ? learnt.mtu : own;
    this.pathMtus.delete(path.target);
    return own;
  }

  /** A router on the way to `target` said what fits. RFC 1191 section 3. */
  learnMtu(target: Ipv4, said: number): void {
    const mtu = said < PATH_MTU_LEAST ? PATH_MTU_LEAST : said;
    // It never grows the estimate: RFC 1191 section 6.1 leaves that to the age alone.
    if (mtu >= this.mtu(this.find(target))) return;
    if (this.pathMtus.size >= PATH_MTUS_MAX) this.pathMtus.clear();
    this.pathMtus.set(target, { mtu, until: this.core.port.now() + PATH_MTU_AGE_NS });
  }

  private refresh(): void {
    const { tables } = this.core;
    this.seen = tables.changes;
    this.namespace = tables.netns.get(this.netns);
    this.paths.clear();
    this.recent.fill(undefined);
    this.locals.clear();
    this.broadcasts.clear();
    this.loopback = undefined;
    for (const index of this.namespace?.links ?? []) {
      const link = tables.links.get(index);
      if (link === undefined || !link.up) continue;
      if (link.kind === 'loopback') this.loopback = link;
      for (const { address, prefix } of link.addresses) {
        if (!this.locals.has(address)) this.locals.set(address, link);
        const broadcast = broadcastOf(address, prefix);
        // A /31 or /32 has no broadcast address (RFC 3021).
        if (prefix <= 30 && !this.broadcasts.has(broadcast)) this.broadcasts.set(broadcast, link);
      }
    }
  }

  private compute(target: Ipv4): Path {
    const local = this.locals.has(target) || (isLoopbackIpv4(target) && this.loopback !== undefined);
    if (local) return this.localPath(target);
    const onLink = this.broadcasts.get(target);
    if (onLink !== undefined) return this.path(target, 'broadcast', onLink, target, 0);
    if (target === LIMITED_BROADCAST) return this.limitedBroadcast();
    const route = this.longestPrefix(target);
    const group = isMulticastIpv4(target);
    if (route === undefined) return new Path(target, group ? 'multicast' : 'unreachable', undefined, undefined, 0, 0);
    const link = this.core.tables.links.get(route.link)!;
    if (group) return this.path(target, 'multicast', link, target, route.source);
    return this.path(target, 'unicast', link, route.gateway === 0 ? target : route.gateway, route.source);
  }

  private longestPrefix(target: Ipv4): RouteRow | undefined {
    for (const route of this.namespace?.routes ?? []) {
      if (!inSubnet(target, route.destination, route.prefix)) continue;
      const link = this.core.tables.links.get(route.link);
      if (link !== undefined && link.up) return route;
    }
    return undefined;
  }

  private path(target: Ipv4, kind: PathKind, link: LinkRow, nextHop: Ipv4, source: Ipv4): Path {
    const chosen = source === 0 ? this.sourceOn(link, nextHop) : source;
    return new Path(target, kind, link, this.core.device(link.index), nextHop, chosen);
  }

  /** Packets to an own address go through `lo`, whichever link has the address. */
  private localPath(target: Ipv4): Path {
    const { loopback } = this;
    const source = isLoopbackIpv4(target) && this.locals.has(LOCALHOST) ? LOCALHOST : target;
    return new Path(target, 'local', loopback, loopback && this.core.device(loopback.index), target, source);
  }

  /** 255.255.255.255 leaves by the default route, or else by the first link that has an address. */
  private limitedBroadcast(): Path {
    const route = this.longestPrefix(LIMITED_BROADCAST);
    let link = route && this.core.tables.links.get(route.link);
    for (const candidate of this.locals.values()) {
      if (link !== undefined) break;
      if (candidate.kind !== 'loopback') link = candidate;
    }
    if (link !== undefined) return this.path(LIMITED_BROADCAST, 'broadcast', link, LIMITED_BROADCAST, 0);
    return new Path(LIMITED_BROADCAST, 'broadcast', undefined, undefined, 0, 0);
  }
}
