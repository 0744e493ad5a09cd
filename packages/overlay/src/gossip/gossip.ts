// One host's part in the gossip: it tells the others what concerns them, and keeps its own copy of what they tell.
// Messages may be lost, repeated and reordered; Lamport times make every order end in the same tables, and a sync with
// a random partner now and then brings what got lost.

import { SECOND, assert, unreachable, type Handler, type Json, type Ticket } from '@netreel/sim';
import type { GossipMessage } from '../messages.js';
import type { GossipPort } from './port.js';
import {
  isNewer, isOn, joinedPeers, liveEndpoints, type EndpointRow, type GossipTables, type PeerRow,
} from './tables.js';
import {
  TOMBSTONE_LIFE_NS, knownNetworks, sentEndpoints, sentPeers, type SentEndpoint, type SentPeer,
} from './transit.js';
import { Voice, type OwnEndpoint } from './voice.js';

/** Between two rounds of repair, as NetworkDB's bulk sync and memberlist's push and pull. */
export const SYNC_EVERY_NS = 30 * SECOND;

export class Gossip {
  private readonly voice: Voice;
  private timer: Ticket | undefined;
  /** `network node` that a sync was asked of since the last round: no need to ask for each row that comes early. */
  private readonly asked = new Set<string>();
  private readonly round: Handler<undefined> = { fire: () => this.repair() };

  constructor(private readonly port: GossipPort, private readonly tables: GossipTables) {
    this.voice = new Voice(port, tables);
  }

  /** This host is on the network from now on, its tunnel ending at `vtep`. The hosts on it answer with a sync. */
  joinNetwork(network: string, vtep: number): void {
    if (isOn(this.tables, network, this.port.node)) return;
    this.voice.join(network, vtep);
    this.wind();
  }

  /** Ends the membership and with it all endpoints that this host announced on the network. */
  leaveNetwork(network: string): void {
    if (!isOn(this.tables, network, this.port.node)) return;
    this.voice.leave(network);
    this.port.emit({ type: 'NetworkRowsDropped', network });
    if (this.timer === undefined || this.ownNetworks().length > 0) return;
    this.port.cancel(this.timer);
    this.timer = undefined;
  }

  /** An endpoint of this host is there, or has changed. */
  announce(endpoint: OwnEndpoint): void {
    assert(isOn(this.tables, endpoint.network, this.port.node),
      `an endpoint on ${endpoint.network}, which the host did not join`);
    this.voice.announce(endpoint);
  }

  /** DNS answers for the endpoint under other names from now on. */
  rename(network: string, endpoint: string, name: string, names: readonly string[]): void {
    const row = this.ownEndpoint(network, endpoint);
    if (row !== undefined) this.voice.announce({ network, ...row, name, names });
  }

  withdraw(network: string, endpoint: string): void {
    if (this.ownEndpoint(network, endpoint) !== undefined) this.voice.withdraw(network, endpoint);
  }

  /** Endpoints of the other hosts, by id. */
  endpointsOf(network: string): EndpointRow[] {
    return liveEndpoints(this.tables, network).filter((row) => row.node !== this.port.node);
  }

  /** Nodes on the network, this one included, by index. */
  peersOf(network: string): PeerRow[] {
    return joinedPeers(this.tables, network);
  }

  onMessage(source: number, message: GossipMessage): void {
    switch (message.type) {
      case 'NetworkJoinSent': {
        const { network, vtep, lamport } = message;
        this.learnPeer({ network, node: source, address: vtep, lamport, joined: true, ageNs: 0 }, -1);
        return;
      }
      case 'NetworkLeaveSent': {
        const { network, lamport } = message;
        this.learnPeer({ network, node: source, address: 0, lamport, joined: false, ageNs: 0 }, -1);
        return;
      }
      case 'EndpointSent':
        this.hearEndpoint(source, message.network, { ...message, node: source, forgotten: false, ageNs: 0 });
        return;
      case 'EndpointWithdrawn': {
        const { network, endpoint, lamport } = message;
        this.hearEndpoint(source, network, { endpoint, node: source, name: '', names: [], address: 0, mac: 0, vtep: 0,
          vip: 0, vipNames: [], lamport, forgotten: true, ageNs: 0 });
        return;
      }
      case 'BulkSyncAsked':
        if (this.isMember(source, message.network)) {
          this.merge(source, message.network, message.peers, message.endpoints);
          this.port.send(source, { type: 'BulkSyncSent', ...this.rowsOf(message.network) });
        }
        return;
      case 'BulkSyncSent':
        if (this.isMember(source, message.network)) {
          this.merge(source, message.network, message.peers, message.endpoints);
        }
        return;
      case 'MembershipAsked':
        this.learnPeers(message.peers);
        this.port.send(source, { type: 'MembershipSent', peers: this.memberships() });
        return;
      case 'MembershipSent':
        this.learnPeers(message.peers);
        return;
      default:
        unreachable(message);
    }
  }

  private hearEndpoint(source: number, network: string, heard: SentEndpoint): void {
    if (!this.isMember(source, network) || !this.learnEndpoint(network, heard)) return;
    // The row overtook its host's membership, or that got lost.
    if (!isOn(this.tables, network, source)) this.askSync(network, source);
  }

  /** False, and said so to the source, when this host is not on the network. */
  private isMember(source: number, network: string): boolean {
    if (isOn(this.tables, network, this.port.node)) return true;
    this.voice.disown(network, source);
    return false;
  }

  private merge(source: number, network: string, peers: Json, endpoints: Json): void {
    this.asked.delete(`${network} ${source}`);
    for (const peer of peers as unknown as readonly SentPeer[]) this.learnPeer(peer, source);
    for (const endpoint of endpoints as unknown as readonly SentEndpoint[]) this.learnEndpoint(network, endpoint);
  }

  private learnPeers(peers: Json): void {
    for (const peer of peers as unknown as readonly SentPeer[]) this.learnPeer(peer, -1);
  }

  /** `partner`: with whom a sync is under way already. */
  private learnPeer(heard: SentPeer, partner: number): void {
    const { network, node, address, lamport, joined } = heard;
    if (node === this.port.node) {
      this.voice.hearMembership(heard);
      return;
    }
    const known = this.tables.networks.get(network)?.peers.get(node);
    if (known !== undefined ? known.lamport >= lamport : heard.ageNs >= TOMBSTONE_LIFE_NS) return;
    if (joined) this.port.emit({ type: 'NetworkPeerJoined', network, node, address, lamport });
    else this.port.emit({ type: 'NetworkPeerLeft', network, node, lamport, leftAt: this.momentAgo(heard.ageNs) });
    if (joined && node !== partner && isOn(this.tables, network, this.port.node)) this.askSync(network, node);
  }

  /** True when the row was news. */
  private learnEndpoint(network: string, heard: SentEndpoint): boolean {
    if (heard.node === this.port.node) {
      this.voice.hearEndpoint(network, heard);
      return false;
    }
    const row = this.tables.networks.get(network);
    const membership = row?.peers.get(heard.node);
    // Written in a membership that ended since.
    if (membership !== undefined && heard.lamport < membership.lamport) return false;
    const known = row?.endpoints.get(heard.endpoint);
    if (known !== undefined ? !isNewer(heard, known) : heard.ageNs >= TOMBSTONE_LIFE_NS) return false;
    const { endpoint, node, name, names, address, mac, vtep, lamport, vip, vipNames } = heard;
    if (heard.forgotten) {
      this.port.emit({ type: 'PeerEndpointForgotten', network, endpoint, node, lamport,
        forgottenAt: this.momentAgo(heard.ageNs) });
    } else {
      this.port.emit({ type: 'PeerEndpointLearned', network, endpoint, node, name, names, address, mac, vtep,
        lamport, vip, vipNames });
    }
    return true;
  }

  private askSync(network: string, node: number): void {
    const key = `${network} ${node}`;
    if (this.asked.has(key)) return;
    this.asked.add(key);
    this.port.send(node, { type: 'BulkSyncAsked', ...this.rowsOf(network) });
  }

  // --- repair ---

  private repair(): void {
    this.timer = undefined;
    this.asked.clear();
    this.reap();
    for (const network of this.ownNetworks()) {
      const partners = joinedPeers(this.tables, network).filter((peer) => peer.node !== this.port.node);
      if (partners.length > 0) this.askSync(network, partners[this.draw(partners.length)]!.node);
    }
    // Two hosts that missed each other's joins find each other through this.
    const other = this.voice.others[this.draw(this.voice.others.length)]!;
    this.port.send(other, { type: 'MembershipAsked', peers: this.memberships() });
    this.wind();
  }

  /** An idle lab has no timers: only a host that is on a network, and not alone in the lab, has something to repair. */
  private wind(): void {
    if (this.timer !== undefined || this.voice.others.length === 0 || this.ownNetworks().length === 0) return;
    this.timer = this.port.schedule(this.port.now() + SYNC_EVERY_NS, this.round, undefined);
  }

  private reap(): void {
    const before = this.port.now() - TOMBSTONE_LIFE_NS;
    for (const network of knownNetworks(this.tables)) {
      const row = this.tables.networks.get(network)!;
      for (const { endpoint, forgotten, forgottenAt } of row.endpoints.values()) {
        if (forgotten && forgottenAt <= before) this.port.emit({ type: 'PeerEndpointReaped', network, endpoint });
      }
      for (const { node, joined, leftAt } of row.peers.values()) {
        if (!joined && leftAt <= before) this.port.emit({ type: 'NetworkPeerReaped', network, node });
      }
    }
  }

  private draw(bound: number): number {
    return this.port.random('gossip/partner').below(bound);
  }

  private ownNetworks(): string[] {
    return knownNetworks(this.tables).filter((network) => isOn(this.tables, network, this.port.node));
  }

  private ownEndpoint(network: string, endpoint: string): EndpointRow | undefined {
    const row = this.tables.networks.get(network)?.endpoints.get(endpoint);
    return row !== undefined && row.node === this.port.node && !row.forgotten ? row : undefined;
  }

  private rowsOf(network: string): { network: string; peers: SentPeer[]; endpoints: SentEndpoint[] } {
    const now = this.port.now();
    const peers = sentPeers(this.tables, network, now);
    return { network, peers, endpoints: sentEndpoints(this.tables, network, now) };
  }

  private memberships(): SentPeer[] {
    return knownNetworks(this.tables).flatMap((network) => sentPeers(this.tables, network, this.port.now()));
  }

  private momentAgo(ageNs: number): number {
    return Math.max(0, this.port.now() - ageNs);
  }
}
