// Who on the link has an address: the neighbour cache of either family. RFC 826, RFC 1122 section 2.3.2, RFC 4861
// section 7.3 (which gave the states their names); times and counts as in Linux.
// Packets that wait for an answer are queued here.
// Rows are never garbage-collected: a row at rest (STALE, FAILED) costs no timer.

import { MILLISECOND, SECOND, type Handler, type RandomStream, type SimTime, type Ticket } from '@netreel/sim';
import { BROADCAST_MAC, ETHERTYPE, writeEthernetHeader, type Address, type Frame, type Ipv4, type Ipv6,
  type Mac } from '@netreel/wire';
import type { Device, KernelCore } from '../contract.js';
import type { DropReason } from '../drop.js';
import type { LinkRow, NeighbourRow, NeighbourState } from '../tables.js';

/** net.ipv4.neigh.default.base_reachable_time; each confirmation lasts from half to one and a half of it. */
const REACHABLE_BASE_MS = 30_000;
const DELAY_NS = 5 * SECOND;
const RETRANSMIT_NS = SECOND;
/** Requests to everybody before an unknown neighbour counts as failed, and to a known one that has gone silent. */
const PROBES_MAX = 3;
const QUEUE_PACKETS_MAX = 101;
/** A second, different answer within this time is not believed (net.ipv4.neigh.default.locktime). */
const LOCK_NS = SECOND;

const INDEX_SPAN = 0x1_0000_0000;

/** What the stack does for the cache. */
export interface NeighbourHooks<A extends Address> {
  /** Asks for `address` on `link`: everybody when `target` is the broadcast MAC, else one station. */
  solicit(link: LinkRow, device: Device, address: A, target: Mac, waiting: Frame | undefined): void;
  /** A packet that could not be sent to its next hop by `place`. Owns the frame, which starts at its network header. */
  undeliverable(place: string, frame: Frame): void;
}

/** What of a link its neighbours depend on. */
interface LinkState { readonly carrier: boolean; readonly mac: Mac }

/** What a row of the table does not hold: clocks, counts and the packets that wait. */
interface Resolution<A extends Address> {
  readonly link: LinkRow;
  readonly device: Device;
  readonly address: A;
  router: boolean;
  confirmedAt: SimTime;
  updatedAt: SimTime;
  reachableNs: number;
  probes: number;
  ticket: Ticket | undefined;
  queue: Frame[];
}

/** The neighbours of all links of one namespace, of IPv6 or of IPv4. */
export class Neighbours<A extends Address = Ipv4> {
  private readonly resolutions = new Map<number | string, Resolution<A>>();
  private readonly etherType: number;
  /** The links that are up, by index. */
  private readonly links = new Map<number, LinkState>();
  private readonly random: RandomStream;
  private readonly timer: Handler<Resolution<A>> = { fire: (resolution) => this.expire(resolution) };

  constructor(private readonly core: KernelCore, netns: string, private readonly hooks: NeighbourHooks<A>,
    private readonly six = false) {
    this.random = core.port.random(`${six ? 'neighbour6' : 'neighbour'}/${netns}`);
    this.etherType = six ? ETHERTYPE.ipv6 : ETHERTYPE.ipv4;
  }

  private rowsOf(link: LinkRow): ReadonlyMap<A, NeighbourRow<A>> {
    // Which family the keys are of is said by `six`, once for the whole cache.
    return (this.six ? link.neighbours6 : link.neighbours) as unknown as ReadonlyMap<A, NeighbourRow<A>>;
  }

  /** Sends a packet that starts at its IPv4 header to a neighbour, as soon as its MAC is known. */
  send(link: LinkRow, device: Device, nextHop: A, frame: Frame): void {
    const row = this.rowsOf(link).get(nextHop);
    if (row === undefined) return this.resolve(link, device, nextHop, frame);
    const { state } = row;
    if (state !== 'REACHABLE' && state !== 'PERMANENT') {
      if (state === 'INCOMPLETE' || state === 'FAILED') return this.resolve(link, device, nextHop, frame);
      if (state === 'STALE') this.suspect(this.resolution(link, device, nextHop));
    }
    frame.start -= 14;
    writeEthernetHeader(frame.buffer, frame.start, row.mac, link.mac, this.etherType);
    device.transmit(frame);
  }

  /** A reply came: it is there. RFC 826 "Packet Reception"; `asked` tells an answer to us from news we overheard. */
  learn(link: LinkRow, device: Device, address: A, mac: Mac, asked: boolean, create: boolean,
    override: boolean): void {
    const row = this.rowsOf(link).get(address);
    if (row === undefined && !create) return;
    if (row !== undefined && row.state === 'PERMANENT') return;
    const resolution = this.resolution(link, device, address);
    const now = this.core.port.now();
    const valid = row !== undefined && row.state !== 'INCOMPLETE' && row.state !== 'FAILED';
    if (valid && row.mac !== mac && !override && now <= resolution.updatedAt + LOCK_NS) return;
    if (!asked) {
      // News of a MAC that is in use already change nothing; other news want to be confirmed when next needed.
      if (valid && row.mac === mac) return;
      this.change(resolution, mac, 'STALE');
    } else {
      this.confirm(resolution, mac, valid ? row : undefined);
    }
    resolution.updatedAt = now;
    this.flush(resolution, mac);
  }

  /** RFC 4861 section 7.2.5: whether a known neighbour calls itself a router, told before {@link learn}. */
  noteRouter(link: LinkRow, address: A, router: boolean): void {
    const resolution = this.resolutions.get(keyOf(link, address));
    if (resolution !== undefined) resolution.router = router;
  }

  /** RFC 4861 section 7.2.5: somebody else claims the address, without insisting. It is asked when next needed. */
  doubt(link: LinkRow, address: A): void {
    const row = this.rowsOf(link).get(address);
    const resolution = this.resolutions.get(keyOf(link, address));
    if (resolution !== undefined && row?.state === 'REACHABLE') this.change(resolution, row.mac, 'STALE');
  }

  /** Word came from above that a neighbour works. It needs no event while the row says so already. */
  confirmed(link: LinkRow, address: A): void {
    const row = this.rowsOf(link).get(address);
    const resolution = this.resolutions.get(keyOf(link, address));
    if (row === undefined || resolution === undefined) return;
    if (row.state === 'INCOMPLETE' || row.state === 'FAILED' || row.state === 'PERMANENT') return;
    this.confirm(resolution, row.mac, row);
  }

  /** What was known of the neighbours of a link ends when it is set down, loses its carrier or gets another MAC. */
  linkChanged(link: LinkRow): void {
    const before = this.links.get(link.index);
    if (!link.up) {
      this.links.delete(link.index);
      this.forget(link, 'link-down', before !== undefined);
      return;
    }
    this.links.set(link.index, { carrier: link.carrier, mac: link.mac });
    if (before === undefined) return;
    if (before.mac !== link.mac) this.forget(link, 'link-down', true);
    else if (before.carrier && !link.carrier) this.forget(link, 'no-carrier', false);
  }

  /** The namespace closes. Its links' rows go with the links. */
  close(): void {
    for (const resolution of this.resolutions.values()) {
      this.disarm(resolution);
      for (const frame of resolution.queue.splice(0)) this.core.drop(placeOf(resolution.link), 'device-gone', frame);
    }
    this.resolutions.clear();
  }

  private forget(link: LinkRow, reason: DropReason, permanentToo: boolean): void {
    for (const row of [...this.rowsOf(link).values()]) {
      if (row.state === 'PERMANENT' && !permanentToo) continue;
      this.emitDeleted(link, row.address);
    }
    for (const [key, resolution] of [...this.resolutions]) {
      if (resolution.link.index !== link.index) continue;
      this.disarm(resolution);
      this.resolutions.delete(key);
      for (const frame of resolution.queue.splice(0)) this.core.drop(placeOf(link), reason, frame);
    }
  }

  private resolution(link: LinkRow, device: Device, address: A): Resolution<A> {
    const key = keyOf(link, address);
    const known = this.resolutions.get(key);
    if (known !== undefined) return known;
    const fresh: Resolution<A> = { link, device, address, router: false, confirmedAt: 0, updatedAt: -LOCK_NS - 1,
      reachableNs: 0,
      probes: 0, ticket: undefined, queue: [] };
    this.resolutions.set(key, fresh);
    return fresh;
  }

  private resolve(link: LinkRow, device: Device, address: A, frame: Frame): void {
    const resolution = this.resolution(link, device, address);
    const waiting = resolution.queue;
    // Linux makes room by giving up the packet that has waited longest.
    if (waiting.length >= QUEUE_PACKETS_MAX) this.core.drop(placeOf(link), 'neighbour-queue-full', waiting.shift());
    waiting.push(frame);
    if (this.rowsOf(link).get(address)?.state === 'INCOMPLETE') return;
    this.change(resolution, 0, 'INCOMPLETE');
    resolution.probes = 0;
    this.probe(resolution, BROADCAST_MAC);
  }

  /** A packet goes to a neighbour not heard of for a while: give upper layers 5 s to confirm it, then ask. */
  private suspect(resolution: Resolution<A>): void {
    this.change(resolution, this.macOf(resolution), 'DELAY');
    this.arm(resolution, DELAY_NS);
  }

  private confirm(resolution: Resolution<A>, mac: Mac, row: NeighbourRow<A> | undefined): void {
    resolution.confirmedAt = this.core.port.now();
    // Confirmed once more: the running timer finds the new moment. No table changes, so no event.
    if (row !== undefined && row.state === 'REACHABLE' && row.mac === mac && resolution.ticket !== undefined) return;
    resolution.reachableNs = (REACHABLE_BASE_MS / 2 + this.random.below(REACHABLE_BASE_MS)) * MILLISECOND;
    this.change(resolution, mac, 'REACHABLE');
    this.arm(resolution, resolution.reachableNs);
  }

  private expire(resolution: Resolution<A>): void {
    resolution.ticket = undefined;
    const row = this.rowsOf(resolution.link).get(resolution.address);
    // Somebody deleted the row while packets waited for it.
    if (row === undefined) return this.giveUp(resolution);
    switch (row.state) {
      case 'REACHABLE': {
        const leftNs = resolution.confirmedAt + resolution.reachableNs - this.core.port.now();
        if (leftNs > 0) this.arm(resolution, leftNs);
        else this.change(resolution, row.mac, 'STALE');
        return;
      }
      case 'DELAY':
        this.change(resolution, row.mac, 'PROBE');
        resolution.probes = 0;
        return this.probe(resolution, row.mac);
      case 'PROBE':
      case 'INCOMPLETE':
        if (resolution.probes >= PROBES_MAX) return this.fail(resolution);
        return this.probe(resolution, row.state === 'PROBE' ? row.mac : BROADCAST_MAC);
      case 'PERMANENT':
        // Somebody wrote the row by hand meanwhile.
        return this.flush(resolution, row.mac);
      case 'STALE': case 'FAILED':
        return;
    }
  }

  private probe(resolution: Resolution<A>, target: Mac): void {
    resolution.probes++;
    this.arm(resolution, RETRANSMIT_NS);
    this.hooks.solicit(resolution.link, resolution.device, resolution.address, target, resolution.queue[0]);
  }

  private fail(resolution: Resolution<A>): void {
    this.change(resolution, 0, 'FAILED');
    this.giveUp(resolution);
  }

  private giveUp(resolution: Resolution<A>): void {
    for (const frame of resolution.queue.splice(0)) this.hooks.undeliverable(placeOf(resolution.link), frame);
  }

  private flush(resolution: Resolution<A>, mac: Mac): void {
    const { link, device, queue } = resolution;
    if (queue.length === 0) return;
    // A confirmed STALE row is used at once and asked for later, as for any other packet.
    if (this.rowsOf(link).get(resolution.address)?.state === 'STALE') this.suspect(resolution);
    for (const frame of queue.splice(0)) {
      frame.start -= 14;
      writeEthernetHeader(frame.buffer, frame.start, mac, link.mac, this.etherType);
      device.transmit(frame);
    }
  }

  private change(resolution: Resolution<A>, mac: Mac, state: NeighbourState): void {
    this.disarm(resolution);
    const row = this.rowsOf(resolution.link).get(resolution.address);
    const { link, address, router } = resolution;
    if (row !== undefined && row.state === state && row.mac === mac && (row.router ?? false) === router) return;
    const { port } = this.core;
    if (this.six) {
      port.emit({ type: 'Neighbour6Changed', link: link.index, address: address as Ipv6, mac, state, router });
    } else {
      port.emit({ type: 'NeighbourChanged', link: link.index, address: address as Ipv4, mac, state });
    }
  }

  private emitDeleted({ index: link }: LinkRow, address: A): void {
    const { port } = this.core;
    if (this.six) port.emit({ type: 'Neighbour6Deleted', link, address: address as Ipv6 });
    else port.emit({ type: 'NeighbourDeleted', link, address: address as Ipv4 });
  }

  private macOf(resolution: Resolution<A>): Mac {
    return this.rowsOf(resolution.link).get(resolution.address)?.mac ?? 0;
  }

  private arm(resolution: Resolution<A>, afterNs: number): void {
    this.disarm(resolution);
    resolution.ticket = this.core.port.schedule(this.core.port.now() + afterNs, this.timer, resolution);
  }

  private disarm(resolution: Resolution<A>): void {
    if (resolution.ticket === undefined) return;
    this.core.port.cancel(resolution.ticket);
    resolution.ticket = undefined;
  }
}

function keyOf(link: LinkRow, address: Address): number | string {
  return typeof address === 'number' ? link.index * INDEX_SPAN + address : `${link.index} ${address}`;
}

/** Where the losses of a link are counted. */
export function placeOf(link: LinkRow): string {
  return `${link.netns}/${link.name}`;
}
