// Where a packet of IPv6 goes: what is local, which route, which source address. RFC 4861 section 5.2, RFC 6724
// section 5 (source addresses), RFC 4007 section 9 (link-local ones need a zone).

import {
  IPV6_LOOPBACK, IPV6_UNSPECIFIED, inSubnet6, inZone, isLinkLocalIpv6, isMulticastIpv6, needsZone, sharedBits6,
  withoutZone, zoneOf, type Ipv6,
} from '@netreel/wire';
import type { KernelCore } from '../contract.js';
import { Path, type PathKind } from '../network/path.js';
import type { LinkRow, NetnsRow, Route6Row } from '../tables.js';
import { PathMtus } from './path-mtu.js';

/** Destinations remembered at a time; a scan of a network must not grow a table without end. */
const PATHS_MAX = 4096;

/** The routes of one namespace, as its packets see them. */
export class Routes6 {
  private readonly paths = new Map<Ipv6, Path<Ipv6>>();
  private readonly locals = new Map<Ipv6, LinkRow>();
  private readonly mtus: PathMtus;
  private loopback: LinkRow | undefined;
  private namespace: NetnsRow | undefined;
  private seen = -1;

  constructor(private readonly core: KernelCore, private readonly netns: string) {
    this.mtus = new PathMtus(core);
  }

  /** The way to `target`, which carries the zone that it needs. */
  find(target: Ipv6): Path<Ipv6> {
    if (this.core.tables.changes6 !== this.seen) this.refresh();
    const known = this.paths.get(target);
    if (known !== undefined) return known;
    const path = this.compute(target);
    if (this.paths.size >= PATHS_MAX) this.paths.clear();
    this.paths.set(target, path);
    return path;
  }

  /** net.ipv6.conf.all.forwarding. */
  forwarding(): boolean {
    if (this.core.tables.changes6 !== this.seen) this.refresh();
    return this.namespace !== undefined && this.namespace.forwarding6;
  }

  isLocal(address: Ipv6): boolean {
    return this.find(address).kind === 'local';
  }

  mtu(path: Path<Ipv6>): number {
    return path.link === undefined ? 0 : this.mtus.of(path.target, path.link.mtu);
  }

  learnMtu(target: Ipv6, said: number): void {
    this.mtus.learn(target, said, this.mtu(this.find(target)));
  }

  /** The address of `link` to speak to `target` from; `::` when there is none. */
  sourceOn(link: LinkRow, target: Ipv6): Ipv6 {
    if (this.core.tables.changes6 !== this.seen) this.refresh();
    let best = IPV6_UNSPECIFIED;
    let bestRank = -1;
    for (const [address, row] of this.locals) {
      if (row.kind === 'loopback' && row !== link) continue;
      const linkLocal = isLinkLocalIpv6(address);
      if (linkLocal && row !== link) continue;
      // Rule 2: an address whose scope suits; rule 5: of the link it leaves by; rule 8: the longest prefix in common.
      const rank = (linkLocal === needsZone(target) ? 512 : linkLocal ? 0 : 256) + (row === link ? 129 : 0)
        + sharedBits6(address, target);
      if (rank > bestRank) [best, bestRank] = [address, rank];
    }
    return best;
  }

  private refresh(): void {
    const { tables } = this.core;
    this.seen = tables.changes6;
    this.namespace = tables.netns.get(this.netns);
    this.paths.clear();
    this.locals.clear();
    this.loopback = undefined;
    for (const index of this.namespace?.links ?? []) {
      const link = tables.links.get(index);
      if (link === undefined || !link.up) continue;
      if (link.kind === 'loopback') this.loopback = link;
      for (const { address, state, nodad } of link.addresses6) {
        // RFC 4862 section 5.4: an address that is still being looked for elsewhere is not one's own yet.
        if (state === 'preferred' || nodad) this.locals.set(inZone(address, index), link);
      }
    }
  }

  private compute(target: Ipv6): Path<Ipv6> {
    if (this.locals.has(target)) return this.localPath(target);
    if (isMulticastIpv6(target)) return this.groupPath(target);
    if (needsZone(target)) {
      const link = this.core.tables.links.get(zoneOf(target));
      return this.works(link) ? this.path(target, 'unicast', link, target, IPV6_UNSPECIFIED) : unreachable(target);
    }
    const route = target === IPV6_LOOPBACK ? undefined : this.longestPrefix(target);
    if (route === undefined) return unreachable(target);
    const link = this.core.tables.links.get(route.link)!;
    const nextHop = route.gateway === IPV6_UNSPECIFIED ? target : route.gateway;
    return this.path(target, 'unicast', link, nextHop, route.source);
  }

  private longestPrefix(target: Ipv6): Route6Row | undefined {
    for (const route of this.namespace?.routes6 ?? []) {
      if (inSubnet6(target, route.destination, route.prefix)
        && this.works(this.core.tables.links.get(route.link))) return route;
    }
    return undefined;
  }

  private works(link: LinkRow | undefined): link is LinkRow {
    return link !== undefined && link.netns === this.netns && link.up && link.ipv6;
  }

  private path(target: Ipv6, kind: PathKind, link: LinkRow, nextHop: Ipv6, source: Ipv6): Path<Ipv6> {
    const chosen = source === IPV6_UNSPECIFIED ? this.sourceOn(link, target) : source;
    return new Path(target, kind, link, this.core.device(link.index), withoutZone(nextHop), chosen);
  }

  /** Packets to an own address go through `lo`, whichever link has the address. */
  private localPath(target: Ipv6): Path<Ipv6> {
    const { loopback } = this;
    return new Path(target, 'local', loopback, loopback && this.core.device(loopback.index), target, target);
  }

  /** A group of the link in its zone; without one, of the first link that works. */
  private groupPath(target: Ipv6): Path<Ipv6> {
    const zone = zoneOf(target);
    const indexes = zone === 0 ? this.namespace?.links ?? [] : [zone];
    for (const index of indexes) {
      const link = this.core.tables.links.get(index);
      if (!this.works(link) || (zone === 0 && link.kind === 'loopback')) continue;
      return this.path(target, 'multicast', link, target, IPV6_UNSPECIFIED);
    }
    return unreachable(target);
  }
}

function unreachable(target: Ipv6): Path<Ipv6> {
  return new Path(target, 'unreachable', undefined, undefined, IPV6_UNSPECIFIED, IPV6_UNSPECIFIED);
}
